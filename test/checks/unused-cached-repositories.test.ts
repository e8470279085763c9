import { unusedCachedRepositories } from "../../src/checks/unused-cached-repositories/check.ts";
import { unusedCachedRepositoriesText } from "../../src/checks/unused-cached-repositories/text.ts";
import type { CachedRepository } from "../../src/facts/cached-repositories.ts";
import { absent, present, unreadable } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { aCachedRepository, anObservedRule, aPolicy, aRule, aSnapshot, NOW } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(NOW.getTime() - days * dayMs).toISOString();
const policy = aPolicy({ cachedRepositories: { unusedAfterDays: 90 } });
const name = "docker-hub/library/nginx";
const sample = { failing: 1, lookedAt: 1, existing: 1, excluded: 0, names: [name] };
const other = "quay/argo/cd";

type Spoils = {
  readonly repository?: Partial<CachedRepository>;
  /** Undefined: CloudWatch could not tell. */
  readonly count?: number | null | undefined;
  readonly others?: Readonly<Record<string, number | null>>;
  readonly since?: string;
  readonly existing?: number;
} & Partial<RegistrySnapshot>;

/** One repository that is old enough, with its pulls. */
function given({ repository = {}, others = {}, since = daysAgo(90), existing = 1, ...more }: Spoils) {
  const { count, ...facts } = more;
  const prefix = repository.prefix ?? "docker-hub";
  return aSnapshot({
    cachedRepositories: present({
      prefixes: [{ prefix, isFormer: false, existing, excluded: 0 }],
      lookedAt: [aCachedRepository({ createdAt: daysAgo(400), ...repository })],
    }),
    repositoryPulls: present({
      since,
      of: { ...others, ...(count === undefined ? {} : { [name]: count }) },
    }),
    ...facts,
  });
}

function said(kind: string, subject: string, prefix = "docker-hub") {
  return { kind, prefix, subject, data: { days: 90, sample } };
}

/** What is said of a repository that is unused, which may rest on missing data. */
function saidUnused(withoutData: number, kind = "unused", subject = "", prefix = "docker-hub") {
  return { kind, prefix, subject, data: { days: 90, sample: { ...sample, withoutData } } };
}

const root = present([anObservedRule({ rule: aRule({ ecrRepositoryPrefix: "ROOT" }) })]);

testCheck(unusedCachedRepositories, {
  text: unusedCachedRepositoriesText,
  policy,
  passes: [
    { name: "it was pulled from", registry: given({ count: 1 }) },
    {
      name: "it is excluded",
      registry: given({ count: 0 }),
      policy: aPolicy({ cachedRepositories: { unusedAfterDays: 90, exclude: ["docker-hub/*"] } }),
    },
    { name: "AWS says that there are none", registry: given({ cachedRepositories: absent }) },
    {
      name: "there is none, whatever is known of pulls",
      registry: given({
        cachedRepositories: present({ prefixes: [], lookedAt: [] }),
        repositoryPulls: unreadable("timeout", "cloudwatch:GetMetricData", "no"),
      }),
    },
  ],
  fails: [
    { name: "the metric is zero", registry: given({ count: 0 }), says: [saidUnused(0)] },
    {
      name: "there is no data of it, but of another one",
      registry: given({ count: null, others: { [other]: 3 } }),
      says: [saidUnused(1)],
    },
  ],
  unknownCases: [
    {
      name: "there is no data of any",
      registry: given({ count: null, others: { [other]: null } }),
      says: [said("use-not-known", "use")],
    },
    {
      name: "there is no data of it, but zeros of another one",
      registry: given({ count: null, others: { [other]: 0, "quay/used": 3 } }),
      says: [said("use-not-known", "use")],
    },
    {
      name: "CloudWatch could not tell",
      registry: given({ count: undefined, others: { [other]: 3 } }),
      says: [said("use-not-known", "use")],
    },
    {
      name: "pulls were counted for another time",
      registry: given({ count: 0, since: daysAgo(30) }),
      says: [said("use-not-known", "use")],
    },
    {
      name: "its age is not known",
      registry: given({ count: 0, repository: { createdAt: null } }),
      says: [said("use-not-known", "use")],
    },
    {
      name: "it is too young",
      registry: given({ count: null, others: { [other]: 3 }, repository: { createdAt: daysAgo(89) } }),
      says: [said("too-young", "age")],
    },
    {
      name: "others had their turn",
      registry: given({ count: 2, existing: 3 }),
      says: [
        {
          kind: "not-all-read",
          prefix: "docker-hub",
          subject: "read",
          data: { days: 90, sample: { ...sample, failing: 0, existing: 3, names: [] } },
        },
      ],
    },
    {
      name: "ROOT or somebody else made it",
      registry: given({ count: 0, rules: root, repository: { prefix: "ROOT" } }),
      says: [saidUnused(0, "share-not-known", "share", "ROOT")],
    },
    ...(["cachedRepositories", "repositoryPulls"] as const).map((fact) => {
      const operation = fact === "repositoryPulls" ? "cloudwatch:GetMetricData" : "ecr:DescribeRepositories";
      return {
        name: `${fact} could not be read`,
        registry: given({ count: 1, [fact]: unreadable("access-denied", operation, "no") }),
        says: [
          {
            kind: "evidence-unreadable",
            prefix: "docker-hub",
            data: { reason: "access-denied", operation, detail: "no" },
          },
        ],
      };
    }),
  ],
  doesNotApply: [
    {
      name: "the policy does not say after how many days",
      registry: given({ count: 0 }),
      policy: aPolicy({ cachedRepositories: {} }),
      says: [{ kind: "not-demanded", prefix: "docker-hub", data: {} }],
    },
    { name: "there is no rule", registry: given({ rules: present([]) }), says: "nothing" },
  ],
});
