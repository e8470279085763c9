import { matchesAnyName } from "../../core/wildcards.ts";
import type { CachedPrefix, CachedRepositories, CachedRepository } from "../../facts/cached-repositories.ts";
import type { Policy } from "../../policy/schema.ts";

/** How many repositories under a prefix a finding is about, and the first of them. */
export type Sample = {
  readonly failing: number;
  /** The repositories that the audit looked at. */
  readonly lookedAt: number;
  readonly existing: number;
  readonly excluded: number;
  /** The first ten of those that fail. */
  readonly names: readonly string[];
};

const mostNames = 10;

/** The repositories under one prefix: those to evaluate, and how many there are. */
export type Share = Pick<CachedPrefix, "existing" | "excluded"> & {
  readonly repositories: readonly CachedRepository[];
};

/** The repositories under a prefix. A snapshot may hold some that another policy excludes. */
export function shareOf(
  prefix: string,
  { prefixes, lookedAt }: CachedRepositories,
  { cachedRepositories }: Policy,
): Share {
  const counted = prefixes.find((one) => one.prefix === prefix) ?? { existing: 0, excluded: 0 };
  const read = lookedAt.filter((one) => one.prefix === prefix);
  const repositories = read.filter(({ name }) => !matchesAnyName(cachedRepositories?.exclude ?? [], name));
  const others = read.length - repositories.length;
  return {
    existing: counted.existing - others,
    excluded: counted.excluded + others,
    repositories,
  };
}

/** The sample of the failing repositories of a share. */
export function sampleOf(
  failing: readonly CachedRepository[],
  { existing, excluded, repositories }: Share,
): Sample {
  const names = failing.slice(0, mostNames).map(({ name }) => name);
  return { failing: failing.length, lookedAt: repositories.length, existing, excluded, names };
}

/** "213 of 240 repositories under docker-hub", and how many of all were looked at. */
export function countOf({ failing, lookedAt, existing }: Sample, prefix: string | null): string {
  const all = lookedAt === existing ? "" : ` that were read (of ${existing})`;
  return `${failing} of ${lookedAt} ${lookedAt === 1 ? "repository" : "repositories"}${all} under ${prefix}`;
}

const singular = { are: "is", were: "was", have: "has", lack: "lacks", lie: "lies" } as const;

/** What is said of repositories: the verb in the plural, and the rest. */
export type Predicate = readonly [verb: keyof typeof singular, rest: string];

/** "213 of 240 repositories under docker-hub are …", with the verb in the number of the repositories. */
export function sentenceOf(sample: Sample, prefix: string | null, [verb, rest]: Predicate): string {
  return `${countOf(sample, prefix)} ${sample.failing === 1 ? singular[verb] : verb} ${rest}`;
}

/** The names of a sample, as the end of a sentence. */
export function namesOf({ names, failing, excluded }: Sample): string {
  const more = failing > names.length ? ` and ${failing - names.length} more` : "";
  const left = excluded === 0 ? "" : ` The policy excludes ${excluded}.`;
  return `${names.join(", ")}${more}.${left}`;
}
