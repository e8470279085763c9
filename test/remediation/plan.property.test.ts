import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import type { RemediationPlan } from "../../src/schemas/remediation-plan.ts";
import { aRegistryOf, type PolicyFile } from "../support/builders.ts";
import { hubSecret, offered } from "./fixable.ts";
import { changesIn, evaluated, fixedBy, nothingOffered, planFor, ROLE, secretArn } from "./support.ts";

const ecrUrl = "999988887777.dkr.ecr.us-east-1.amazonaws.com";

const someRule: fc.Arbitrary<Partial<PullThroughCacheRule>> = fc.record({
  ecrRepositoryPrefix: fc.constantFrom("docker-hub", "hub", "quay", "quay/inner", "base", "q_1", "ROOT"),
  upstreamRegistryUrl: fc.constantFrom("registry-1.docker.io", "quay.io", ecrUrl, "registry.example.com"),
  upstreamRepositoryPrefix: fc.constantFrom("ROOT", "base"),
  credentialArn: fc.constantFrom(
    null,
    hubSecret,
    secretArn("private"),
    hubSecret.replace("eu-west-1", "us-east-1"),
  ),
  customRoleArn: fc.constantFrom(null, ROLE, ROLE.replace("111122223333", "999988887777")),
});

/** ECR has one rule to a prefix. */
const someRules = fc.uniqueArray(someRule, { maxLength: 5, selector: (rule) => rule.ecrRepositoryPrefix });

const somePolicy: fc.Arbitrary<Partial<PolicyFile>> = fc.record(
  {
    allowedUpstreams: fc.subarray(
      [
        { registry: "docker-hub", prefixes: ["docker-hub"], secretNames: ["ecr-pullthroughcache/*"] },
        { registry: "quay", prefixes: ["quay", "quay/*"] },
        { registry: "ecr", upstreamPrefixes: ["base"], roleNames: ["ecr-pull-*"] },
      ],
      { minLength: 1 },
    ),
    prefixes: fc.record(
      {
        pattern: fc.constant("[a-z/-]+"),
        duplicateUpstreams: fc.constantFrom("allow", "forbid"),
      },
      { requiredKeys: [] },
    ),
    requiredRules: fc.subarray([
      { prefix: "docker-hub", registry: "docker-hub" },
      { prefix: "quay", registry: "quay" },
    ]),
    undeclaredRules: fc.constantFrom("allow", "forbid"),
  },
  { requiredKeys: [] },
);

const scenes = fc.record({
  rules: someRules,
  policy: somePolicy,
  offers: fc.constantFrom(offered, nothingOffered),
});

/** A finding as plans name it. */
function nameOf({ check, kind, prefix }: Pick<Finding, "check" | "kind" | "prefix">): string {
  return JSON.stringify([check, kind, prefix]);
}

function failuresIn(
  registry: ReturnType<typeof aRegistryOf>,
  policy: Partial<PolicyFile>,
): readonly string[] {
  return evaluated([registry], policy)
    .findings.filter(({ status }) => status === "FAIL")
    .map(nameOf);
}

/** The failures that a plan promises to fix, for the existing rule or for the missing rule that it becomes. */
function promisedBy(plan: RemediationPlan): readonly string[] {
  return changesIn(plan).flatMap(({ before, after, because }) =>
    [before, after].flatMap((rule) =>
      because.map(({ check, kind }) => nameOf({ check, kind, prefix: rule?.ecrRepositoryPrefix ?? null })),
    ),
  );
}

describe("every plan", () => {
  it("breaks nothing, and fixes what it promises to fix", () => {
    fc.assert(
      fc.property(scenes, ({ rules, policy, offers }) => {
        const registry = aRegistryOf(...rules);
        const plan = planFor(registry, policy, offers);
        const before = failuresIn(registry, policy);
        const after = failuresIn(fixedBy(plan, registry), policy);
        expect(before).toEqual(expect.arrayContaining([...after]));
        for (const promised of promisedBy(plan)) expect(after).not.toContain(promised);
      }),
    );
  });

  it("remediates each failure by a change or a manual step, except those of deleted rules", () => {
    fc.assert(
      fc.property(scenes, ({ rules, policy, offers }) => {
        const registry = aRegistryOf(...rules);
        const plan = planFor(registry, policy, offers);
        const deleted = changesIn(plan).flatMap(({ action, before }) =>
          action === "delete" && before !== null ? [before.ecrRepositoryPrefix] : [],
        );
        const delivered = new Set([...promisedBy(plan), ...plan.instructions.map(nameOf)]);
        const lost = evaluated([registry], policy).findings.filter(
          (finding) =>
            finding.status === "FAIL" &&
            !delivered.has(nameOf(finding)) &&
            !deleted.includes(finding.prefix ?? ""),
        );
        expect(lost).toEqual([]);
      }),
    );
  });

  it("lists no failure twice", () => {
    fc.assert(
      fc.property(scenes, ({ rules, policy, offers }) => {
        const registry = aRegistryOf(...rules);
        const plan = planFor(registry, policy, offers);
        const names = [
          ...changesIn(plan).flatMap(({ before, after, because }) =>
            because.map(({ check, kind }) => {
              const prefix = (before ?? after)?.ecrRepositoryPrefix ?? null;
              // A rule that is renamed also becomes one that was missing.
              return nameOf({
                check,
                kind,
                prefix: check === "required-rule" ? (after?.ecrRepositoryPrefix ?? prefix) : prefix,
              });
            }),
          ),
          ...plan.instructions.map(nameOf),
          ...plan.leftAlone.map(nameOf),
        ];
        const failing = failuresIn(registry, policy);
        const countIn = (list: readonly string[], name: string) => list.filter((one) => one === name).length;
        for (const name of new Set(names)) {
          expect(countIn(names, name), name).toBeLessThanOrEqual(Math.max(1, countIn(failing, name)));
        }
      }),
    );
  });

  it("converges within one round more than there are rules", () => {
    fc.assert(
      fc.property(scenes, ({ rules, policy, offers }) => {
        let registry = aRegistryOf(...rules);
        for (let rest = rules.length; rest >= 0; rest -= 1) {
          registry = fixedBy(planFor(registry, policy, offers), registry);
        }
        expect(changesIn(planFor(registry, policy, offers))).toEqual([]);
      }),
    );
  });

  it("changes no rule twice, and has one rule to a prefix in the end", () => {
    fc.assert(
      fc.property(scenes, ({ rules, policy, offers }) => {
        const registry = aRegistryOf(...rules);
        const plan = planFor(registry, policy, offers);
        const changed = changesIn(plan).flatMap(({ before }) => before?.ecrRepositoryPrefix ?? []);
        expect(new Set(changed).size).toBe(changed.length);
        const { rules: left } = fixedBy(plan, registry);
        const prefixes =
          left.state === "present" ? left.value.map(({ rule }) => rule.ecrRepositoryPrefix) : [];
        expect(new Set(prefixes).size).toBe(prefixes.length);
      }),
    );
  });
});
