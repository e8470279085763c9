import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duplicateUpstream } from "../../../src/checks/duplicate-upstream/check.ts";
import { checkIds } from "../../../src/checks/index.ts";
import { overlappingPrefixes } from "../../../src/checks/overlapping-prefixes/check.ts";
import type { PullThroughCacheRule } from "../../../src/ecr/rule.ts";
import { allUnknown, type DeclaredRule, set, unknown } from "../../../src/iac/declared-rule.ts";
import { evaluateFiles } from "../../../src/iac/evaluate/evaluate-files.ts";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { parsePolicy } from "../../../src/policy/load.ts";
import { aPolicy, aPolicyFile, aRegistryOf, NOW } from "../../support/builders.ts";
import { deployment, goodProperties, templateOf } from "../support.ts";

/** A rule as the property draws it; `null` is a value that is known only after deployment. */
type Drawn = {
  readonly prefix: string | null;
  readonly upstream: string | null;
  readonly isCertain: boolean;
};

const policy = parsePolicy(
  aPolicyFile({
    prefixes: { duplicateUpstreams: "forbid" },
    requiredRules: [{ prefix: "aa", registry: "quay" }],
    customChecks: [
      {
        id: "few-rules",
        title: "Few rules",
        severity: "low",
        appliesTo: "rule",
        assert: "registry.ruleCount < 10",
        message: "too many",
        remediation: "delete some",
      },
    ],
  }),
  "test",
  checkIds,
);
const [pattern] = rulesInFile(templateOf({ Rule: goodProperties }), "code", deployment()).rules;

function declared({ prefix, upstream, isCertain }: Drawn, index: number): DeclaredRule {
  if (pattern === undefined) throw new Error("the template has no rule");
  const after = unknown("is known only after apply");
  const parameters = {
    ...pattern.parameters,
    ecrRepositoryPrefix: prefix === null ? after : set(prefix),
    upstreamRegistryUrl: upstream === null ? after : set(upstream),
  };
  return { ...pattern, address: `R${index}`, isCertain, parameters };
}

function findingsOf(rules: readonly DeclaredRule[]) {
  const files = [
    { file: "code", format: "cloudformation" as const, rules, departing: [], notRead: [], parameters: [] },
  ];
  const options = { now: NOW, includePassing: true, organizationalUnits: [] };
  return evaluateFiles(files, { policy, digest: "sha256:0" }, options).findings;
}

function isInside(inner: string, outer: string): boolean {
  return `${inner.replace(/\/$/, "")}/`.startsWith(`${outer.replace(/\/$/, "")}/`);
}

function siblingsOf(rule: Drawn, rules: readonly Drawn[]): readonly Drawn[] {
  return rules.filter(
    ({ prefix, isCertain }, at) =>
      rules[at] !== rule && isCertain && prefix !== null && prefix !== rule.prefix,
  );
}

/** The answer of `overlapping-prefixes`, found by comparing the rule with every other. */
function overlapOf(rule: Drawn, rules: readonly Drawn[]): readonly string[] {
  const { prefix } = rule;
  if (prefix === null) return ["UNKNOWN"];
  const outer = siblingsOf(rule, rules).flatMap((other) =>
    other.prefix !== null && isInside(prefix, other.prefix) ? [other.prefix] : [],
  );
  if (outer.length === 0) {
    const may = othersThatMayExist(rule, rules).some(
      (other) => other.prefix === null || (other.prefix !== prefix && isInside(prefix, other.prefix)),
    );
    return [may ? "UNKNOWN" : "PASS"];
  }
  return rule.upstream === null ? ["UNKNOWN"] : [...new Set(outer)].map((one) => `FAIL ${one}`);
}

/** The answer of `duplicate-upstream`, found by comparing the rule with every other. */
function duplicateOf(rule: Drawn, rules: readonly Drawn[]): readonly string[] {
  if (rule.upstream === null) return ["UNKNOWN"];
  const siblings = siblingsOf(rule, rules);
  const same = siblings.filter(({ upstream }) => upstream === rule.upstream);
  const { prefix } = rule;
  if (prefix === null && same.length > 0) return ["UNKNOWN"];
  const [oldest] = same
    .flatMap((other) =>
      other.prefix !== null && prefix !== null && other.prefix < prefix ? [other.prefix] : [],
    )
    .toSorted();
  if (oldest !== undefined) {
    // The subject of a failure that is certain despite unknown values is the oldest of those that are known.
    return [`FAIL ${oldest}`];
  }
  const may = othersThatMayExist(rule, rules)
    .filter((other) => other.prefix === null || other.prefix !== prefix)
    .filter((other) => other.upstream === null || other.upstream === rule.upstream)
    .some(
      (other) => other.prefix === null || prefix === null || other.upstream === null || other.prefix < prefix,
    );
  return may || siblings.some(({ upstream }) => upstream === null) ? ["UNKNOWN"] : ["PASS"];
}

/** The other rules under a condition that is not known, and those whose prefixes are not known. */
function othersThatMayExist(rule: Drawn, rules: readonly Drawn[]): readonly Drawn[] {
  const unprefixed = rules.filter(({ prefix }) => prefix === null);
  const isAlone = rule.prefix === null && unprefixed.length === 1;
  const uncertain = rules.filter((other) => other !== rule && other.prefix !== null && !other.isCertain);
  return [...uncertain, ...(isAlone ? [] : unprefixed)];
}

const drawn = fc.record({
  prefix: fc.option(
    fc.constantFrom("aa", "aa/", "aa/b", "aa/b/c", "aab", "bb", "bb/a", "ROOT", "aa//b", "aa/b/"),
    {
      freq: 8,
    },
  ),
  upstream: fc.option(fc.constantFrom("quay.io", "registry-1.docker.io", "ghcr.io"), { freq: 8 }),
  isCertain: fc.oneof(
    { arbitrary: fc.constant(true), weight: 5 },
    { arbitrary: fc.constant(false), weight: 1 },
  ),
});

describe("rules of one registry in code", () => {
  it("are answered as if each was compared with every other", () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 8 }), (rules) => {
        const findings = findingsOf(rules.map(declared));
        const said = (check: string, index: number) =>
          findings
            .filter((finding) => finding.check === check && finding.address === `R${index}`)
            .map(({ status, data }) =>
              status === "FAIL" ? `FAIL ${String(data["outer"] ?? data["oldestPrefix"])}` : status,
            )
            .toSorted();
        for (const [index, rule] of rules.entries()) {
          expect(said("overlapping-prefixes", index)).toEqual(overlapOf(rule, rules).toSorted());
          expect(said("duplicate-upstream", index)).toEqual(duplicateOf(rule, rules).toSorted());
        }
      }),
    );
  });

  it("are read as often for a rule, however many there are", () => {
    const readsOf = (count: number): number => {
      let reads = 0;
      const rules = Array.from({ length: count }, (_, index) => {
        const rule = declared({ prefix: `p${index}/x`, upstream: "quay.io", isCertain: true }, index);
        return {
          ...rule,
          parameters: new Proxy(rule.parameters, {
            get: (target, name, receiver) => {
              reads += 1;
              return Reflect.get(target, name, receiver);
            },
          }),
        };
      });
      expect(findingsOf(rules).length).toBeGreaterThan(count);
      return reads;
    };
    const [few, many] = [readsOf(50), readsOf(400)];
    expect(few).toBeGreaterThan(50);
    expect(many / 400).toBeLessThan((few / 50) * 1.1);
  });

  it("are read as often for a rule when every one has an unknown value", () => {
    const readsOf = (count: number): number => {
      let reads = 0;
      const rules = Array.from({ length: count }, (_, index) => {
        const rule = declared({ prefix: `p${index}/x`, upstream: null, isCertain: index % 2 === 0 }, index);
        return {
          ...rule,
          get parameters() {
            reads += 1;
            return index % 7 === 0 ? allUnknown("is known only after apply") : rule.parameters;
          },
        };
      });
      expect(findingsOf(rules).some(({ status }) => status === "UNKNOWN")).toBe(true);
      return reads;
    };
    expect(readsOf(400) / 400).toBeLessThan((readsOf(50) / 50) * 1.5);
  });
});

describe("an audit of one registry", () => {
  /** How often prefixes and URLs are read to evaluate a check for `count` rules. */
  function readsOf(check: typeof overlappingPrefixes | typeof duplicateUpstream, count: number): number {
    let reads = 0;
    const rules = Array.from({ length: count }, (_, index) => ({ ecrRepositoryPrefix: `p${index}/x` }));
    const registry = aRegistryOf(...rules);
    if (registry.rules.state !== "present") throw new Error("the registry has no rules");
    const counted = registry.rules.value.map((one) => ({
      ...one,
      rule: new Proxy<PullThroughCacheRule>(one.rule, {
        get: (target, name, receiver) => {
          reads += 1;
          return Reflect.get(target, name, receiver);
        },
      }),
    }));
    const evaluations = check.evaluate({
      registry: { ...registry, rules: { ...registry.rules, value: counted } },
      policy: aPolicy({ prefixes: { duplicateUpstreams: "forbid" } }),
      now: NOW,
      inScope: () => true,
    });
    expect(evaluations).toHaveLength(count);
    return reads;
  }

  it.each([overlappingPrefixes, duplicateUpstream])(
    "reads rules in proportion to their number: $id",
    (check) => {
      expect(readsOf(check, 400) / 400).toBeLessThan((readsOf(check, 50) / 50) * 1.1);
    },
  );
});
