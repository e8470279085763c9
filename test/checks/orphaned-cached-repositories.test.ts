import { orphanedCachedRepositories } from "../../src/checks/orphaned-cached-repositories/check.ts";
import { orphanedCachedRepositoriesText } from "../../src/checks/orphaned-cached-repositories/text.ts";
import type { CachedRepositories } from "../../src/facts/cached-repositories.ts";
import { notCollected, present, unreadable } from "../../src/facts/evidence.ts";
import { aCachedRepository, aPolicy, aSnapshot } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const policy = aPolicy({ cachedRepositories: {} });
const name = "quay/argo/cd";

/** A registry with one repository of the former rule `quay`, with what is not as usual about it. */
function withFormer(
  counts: Partial<CachedRepositories["prefixes"][number]> = {},
  lookedAt = [aCachedRepository({ name, prefix: "quay" })],
) {
  const prefixes = [
    { prefix: "docker-hub", isFormer: false, existing: 1, excluded: 0 },
    { prefix: "quay", isFormer: true, existing: 1, excluded: 0, ...counts },
  ];
  return aSnapshot({
    cachedRepositories: present({ prefixes, lookedAt: [aCachedRepository(), ...lookedAt] }),
  });
}

const sample = { failing: 1, lookedAt: 1, existing: 1, excluded: 0, names: [name] };
const orphaned = { kind: "orphaned", prefix: "quay" };

testCheck(orphanedCachedRepositories, {
  text: orphanedCachedRepositoriesText,
  policy,
  passes: [
    { name: "no rule is gone", registry: aSnapshot() },
    { name: "nothing is left of a rule that is gone", registry: withFormer({ existing: 0 }, []) },
    { name: "what is left is excluded", registry: withFormer({ existing: 0, excluded: 1 }, []) },
    {
      name: "what is left is excluded by this policy",
      registry: withFormer(),
      policy: aPolicy({ cachedRepositories: { exclude: ["quay/*"] } }),
    },
  ],
  fails: [
    { name: "a repository is left", registry: withFormer(), says: [{ ...orphaned, data: { sample } }] },
    {
      name: "more are left than the audit had time for",
      registry: withFormer({ existing: 40, excluded: 2 }),
      says: [{ ...orphaned, data: { sample: { ...sample, failing: 40, existing: 40, excluded: 2 } } }],
    },
    {
      name: "the registry has no rule any more",
      registry: { ...withFormer(), rules: present([]) },
      says: [{ ...orphaned, data: { sample } }],
    },
  ],
  unknownCases: [
    {
      name: "the repositories could not be listed",
      registry: aSnapshot({
        cachedRepositories: unreadable("access-denied", "ecr:DescribeRepositories", "no"),
      }),
      says: [
        {
          kind: "evidence-unreadable",
          prefix: null,
          data: { reason: "access-denied", operation: "ecr:DescribeRepositories", detail: "no" },
        },
      ],
    },
  ],
  doesNotApply: [
    {
      name: "the policy has no section",
      registry: withFormer(),
      policy: aPolicy(),
      says: [{ kind: "not-demanded", prefix: null, data: {} }],
    },
    {
      name: "the policy allows orphans",
      registry: withFormer(),
      policy: aPolicy({ cachedRepositories: { orphans: "allow" } }),
      says: [{ kind: "not-demanded", prefix: null, data: {} }],
    },
    {
      name: "no audit saw a rule",
      registry: aSnapshot({
        rules: present([]),
        cachedRepositories: notCollected("ecr:DescribeRepositories"),
      }),
      says: [{ kind: "not-demanded", prefix: null, data: {} }],
    },
  ],
});
