import type { CachedRepository } from "../../facts/cached-repositories.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";

/** Whether a repository was pulled from within the time that the policy names. */
type Use = "used" | "unused" | "too-young" | "not-known";

const dayMs = 86_400_000;

/**
 * Whether a repository was pulled from. A repository that is younger than the time is too young to be unused. CloudWatch
 * returns no data for a time without pulls, and none if ECR does not publish the metric: a repository without data is
 * unused only if another one of the registry has data.
 */
export function useOf(
  { name, createdAt }: CachedRepository,
  { repositoryPulls: pulls, collectedAt }: RegistrySnapshot,
  { cachedRepositories }: Policy,
): Use {
  const days = cachedRepositories?.unusedAfterDays;
  if (days === undefined || pulls.state !== "present") return "not-known";
  const { of, since } = pulls.value;
  if (!Object.hasOwn(of, name)) return "not-known";
  const count = of[name] ?? null;
  const from = Date.parse(collectedAt) - days * dayMs;
  // A snapshot may have been recorded for a policy that asked for another time.
  if (createdAt === null || Math.abs(Date.parse(since) - from) > dayMs) return "not-known";
  if (count !== null && count > 0) return "used";
  if (Date.parse(createdAt) > from) return "too-young";
  return count === 0 || Object.values(of).some((other) => other !== null) ? "unused" : "not-known";
}
