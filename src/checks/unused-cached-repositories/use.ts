import type { CachedRepository } from "../../facts/cached-repositories.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";

/** Whether a repository was pulled from within the time that the policy names. */
type Use = "used" | "unused" | "too-young" | "not-known";

const dayMs = 86_400_000;

/**
 * Opens the judgement of the repositories of a registry. A repository that is younger than the time is too young to be unused.
 *
 * No source says whether ECR publishes zeros for a repository that nobody pulls from, or nothing (searched in November 2026). CloudWatch
 * has no data of what was not published, so a repository without data is unused only if ECR publishes the metric in the
 * registry, as data of another repository shows, and publishes no zeros there, so that nothing but the lack of pulls explains the lack of data.
 */
export function openUse(
  { repositoryPulls: pulls, collectedAt }: RegistrySnapshot,
  { cachedRepositories }: Policy,
): (repository: CachedRepository) => Use {
  const days = cachedRepositories?.unusedAfterDays;
  if (days === undefined || pulls.state !== "present") return () => "not-known";
  const { of, since } = pulls.value;
  const from = Date.parse(collectedAt) - days * dayMs;
  // A snapshot may have been recorded for a policy that asked for another time.
  if (Math.abs(Date.parse(since) - from) > dayMs) return () => "not-known";
  const counts = Object.values(of);
  const withoutDataIsUnused = counts.some((count) => count !== null) && !counts.includes(0);

  return ({ name, createdAt }) => {
    if (createdAt === null || !Object.hasOwn(of, name)) return "not-known";
    const count = of[name] ?? null;
    if (count !== null && count > 0) return "used";
    if (Date.parse(createdAt) > from) return "too-young";
    return count === 0 || withoutDataIsUnused ? "unused" : "not-known";
  };
}

/** How many of these repositories CloudWatch has no data of. */
export function withoutDataOf(
  repositories: readonly CachedRepository[],
  { repositoryPulls: pulls }: RegistrySnapshot,
): number {
  if (pulls.state !== "present") return 0;
  const { of } = pulls.value;
  return repositories.filter(({ name }) => Object.hasOwn(of, name) && of[name] === null).length;
}
