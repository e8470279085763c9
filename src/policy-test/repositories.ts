import * as z from "zod";
import { openShares, type RepositoriesRequest } from "../audit/collect/cached-repositories.ts";
import type { PolicyTexts } from "../facts/cached-repositories.ts";
import { present } from "../facts/evidence.ts";
import type { HeardPulls } from "../facts/pulls.ts";
import { type Facts, nothingCollected } from "../facts/snapshot.ts";

/** A date or a time in a case. */
export const timeUnderTestSchema = z.union([z.iso.date(), z.iso.datetime()], {
  error: "must be a date or a time, such as 2026-12-01",
});

/** The schema of a repository in a case. Omitted settings have the defaults of AWS. */
export const repositoryUnderTestSchema = z.strictObject({
  name: z.string().min(2).describe("The repository's name, with the prefix of its rule."),
  createdAt: timeUnderTestSchema
    .default("2020-01-01")
    .describe("When it was created. Default: long ago, on 2020-01-01."),
  imageTagMutability: z.string().default("MUTABLE").describe("MUTABLE, IMMUTABLE or one with exclusions."),
  encryptionType: z.string().default("AES256").describe("AES256, KMS or KMS_DSSE."),
  scanOnPush: z.boolean().default(false).describe("Whether its own setting scans images on push."),
  lifecyclePolicy: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .describe("Its lifecycle policy. Null: it has none."),
  repositoryPolicy: z
    .record(z.string(), z.unknown())
    .nullable()
    .default(null)
    .describe("Its repository policy as an IAM document. Null: it has none."),
  lastPulledAt: timeUnderTestSchema
    .nullable()
    .optional()
    .describe(
      "When it was last pulled from. Null: never. If omitted, nobody knows, and unused-cached-repositories returns UNKNOWN.",
    ),
});

type RepositoryUnderTest = Readonly<z.infer<typeof repositoryUnderTestSchema>>;

/** The schema of what was heard of pulls through a rule in a case. */
export const pullsUnderTestSchema = z.strictObject({
  lastSuccessAt: timeUnderTestSchema
    .nullable()
    .default(null)
    .describe("When a pull last succeeded. Null: no success was heard of."),
  failures: z
    .array(
      z.strictObject({
        at: timeUnderTestSchema.describe("When the pulls failed."),
        code: z.string().min(1).describe("The failure code, such as UpstreamAccessDenied."),
        times: z.int().min(1).default(1).describe("How many failed."),
        reason: z.string().nullable().default(null).describe("The reason that ECR gives."),
        repository: z.string().nullable().default(null).describe("The repository that was pulled from."),
        tag: z.string().nullable().default(null).describe("The image tag that was pulled."),
      }),
    )
    .readonly()
    .default([])
    .describe("The pulls that failed."),
});

type PullsUnderTest = Readonly<z.infer<typeof pullsUnderTestSchema>>;

/** The facts about the repositories of a case, of those that the policy asks for. */
export function repositoryFactsOf(
  repositories: readonly RepositoryUnderTest[] | undefined,
  prefixes: readonly string[],
  request: RepositoriesRequest | null,
  at: Date,
): Pick<
  Facts,
  "cachedRepositories" | "cachedLifecyclePolicies" | "cachedRepositoryPolicies" | "repositoryPulls"
> {
  const { cachedRepositories, cachedLifecyclePolicies, cachedRepositoryPolicies, repositoryPulls } =
    nothingCollected;
  if (repositories === undefined || request === null) {
    return { cachedRepositories, cachedLifecyclePolicies, cachedRepositoryPolicies, repositoryPulls };
  }
  const described = repositories.map(
    ({ lifecyclePolicy: _, repositoryPolicy: __, lastPulledAt: ___, ...one }) => one,
  );
  const cached = openShares({ prefixes, request, inScope: () => true }).among(described);
  const read = new Set(cached.lookedAt.map(({ name }) => name));
  const isRead = ({ name }: RepositoryUnderTest) => read.has(name);
  const since = new Date(at.getTime() - (request.pullsWithinDays ?? 0) * 86_400_000);
  const counts = repositories
    .filter(isRead)
    .flatMap(({ name, lastPulledAt }) =>
      lastPulledAt === undefined
        ? []
        : [[name, lastPulledAt !== null && new Date(lastPulledAt) >= since ? 1 : 0] as const],
    );
  return {
    cachedRepositories: present(cached),
    cachedLifecyclePolicies: present(textsOf(repositories.filter(isRead), (one) => one.lifecyclePolicy)),
    cachedRepositoryPolicies: present(textsOf(repositories.filter(isRead), (one) => one.repositoryPolicy)),
    repositoryPulls: present({ since: since.toISOString(), of: Object.fromEntries(counts) }),
  };
}

function textsOf(
  repositories: readonly RepositoryUnderTest[],
  policyOf: (repository: RepositoryUnderTest) => object | null,
): PolicyTexts {
  const texts: string[] = [];
  const of = repositories.map((repository) => {
    const policy = policyOf(repository);
    return [repository.name, policy === null ? null : texts.push(JSON.stringify(policy)) - 1] as const;
  });
  return { texts, of: Object.fromEntries(of), unread: [] };
}

/** What a case says was heard of pulls, as the store would have it. */
export function heardPullsOf(pulls: Readonly<Record<string, PullsUnderTest>> | undefined): Facts["pulls"] {
  if (pulls === undefined) return nothingCollected.pulls;
  return present(
    Object.entries(pulls).map(([prefix, { lastSuccessAt, failures }]): HeardPulls => {
      const byCode = Map.groupBy(failures, ({ code }) => code);
      return {
        prefix: prefix.replace(/\/$/, ""),
        lastSuccessAt: lastSuccessAt === null ? null : momentOf(lastSuccessAt),
        failures: Array.from(byCode, ([code, ofCode]) => failedPullsOf(code, ofCode)),
      };
    }),
  );
}

function failedPullsOf(code: string, failures: PullsUnderTest["failures"]): HeardPulls["failures"][number] {
  const sorted = failures.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const [first, last] = [sorted[0], sorted.at(-1)];
  const hours = Map.groupBy(sorted, ({ at }) => Math.floor(Date.parse(at) / 3_600_000));
  return {
    code,
    firstAt: momentOf(first?.at ?? ""),
    lastAt: momentOf(last?.at ?? ""),
    lastEvent: "",
    repository: last?.repository ?? null,
    tag: last?.tag ?? null,
    reason: last?.reason ?? null,
    hours: Array.from(
      hours,
      ([hour, all]) => [hour, all.reduce((sum, { times }) => sum + times, 0)] as const,
    ),
  };
}

function momentOf(time: string): string {
  return new Date(time).toISOString();
}
