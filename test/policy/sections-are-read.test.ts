import { expect, it } from "vitest";
import { evaluate } from "../../src/audit/evaluate/evaluate.ts";
import { checksOf } from "../../src/checks/index.ts";
import { present } from "../../src/facts/evidence.ts";
import { openWaiverMatcher } from "../../src/policy/matching/waivers.ts";
import type { Policy } from "../../src/policy/schema.ts";
import { sectionSchemas } from "../../src/policy/sections/index.ts";
import { aDemandingPolicy, anObservedRule, aSnapshot, NOW } from "../support/builders.ts";

/** The sections that the checks read when they evaluate a registry by a policy that sets all of them. */
function sectionsRead(): ReadonlySet<string> {
  const read = new Set<string>();
  const policy: Policy = new Proxy(aDemandingPolicy(), {
    get: (target, name: string, receiver) => {
      read.add(name);
      return Reflect.get(target, name, receiver);
    },
  });
  const checks = checksOf(policy).filter((check) => check.looksAt === "registry");
  evaluate(aSnapshot({ rules: present([anObservedRule()]) }), policy, checks, {
    now: NOW,
    inScope: () => true,
    includePassing: true,
    waivers: openWaiverMatcher([], NOW),
  });
  return read;
}

const read = sectionsRead();

it.each(Object.keys(sectionSchemas))("a check reads the section %s", (section) => {
  expect(read).toContain(section);
});
