import { forEachConcurrently } from "../../core/concurrency.ts";
import { compareValues } from "../../core/order.ts";
import { matchesAnyName } from "../../core/wildcards.ts";
import { isSamePrefix } from "../../ecr/prefix.ts";
import { coveringPrefix } from "../../ecr/repository.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import type {
  CachedRepositories,
  CachedRepository,
  NamePart,
  PolicyTexts,
  RepositoryPulls,
  RepositorySize,
} from "../../facts/cached-repositories.ts";
import { type Evidence, notCollected, present, type Unreadable } from "../../facts/evidence.ts";
import { type FactName, facts } from "../../facts/index.ts";
import type { Facts } from "../../facts/snapshot.ts";
import type { PrefixFilter } from "../plan/request.ts";
import type { DescribedRepository, RegistryReader } from "../ports.ts";

/** The repositories of a registry that an audit reads. */
export type RepositoriesRequest = {
  /** Names that are counted and not read. */
  readonly exclude: readonly string[];
  /** How many repositories are read. If there are more, those after `lastPart` are next. */
  readonly maxRepositories: number;
  /** The part that was read last; `null` if nobody knows. */
  readonly lastPart: NamePart | null;
  /** Decides where to begin if nobody knows which part was read last: a number that grows by one each day. */
  readonly day: number;
  /** The prefixes of rules that earlier audits saw and that are gone. */
  readonly formerPrefixes: readonly string[];
  /** For how many days pulls are counted; `null` for not at all. */
  readonly pullsWithinDays: number | null;
};

/** The facts about repositories. */
export const repositoryFacts = [
  "cachedRepositories",
  "cachedLifecyclePolicies",
  "cachedRepositoryPolicies",
  "repositoryPulls",
  "repositorySizes",
] as const satisfies readonly FactName[];

/** The name of a fact about repositories. */
export type RepositoryFact = (typeof repositoryFacts)[number];

type Registry = {
  readonly prefixes: readonly string[];
  readonly request: RepositoriesRequest;
  readonly inScope: PrefixFilter;
  readonly reader: RegistryReader;
  readonly callsAtOnce: number;
  readonly now: Date;
};

/** Reads the repositories of a registry, and of each the facts that are asked for. */
export async function collectRepositories(
  asked: ReadonlySet<FactName>,
  registry: Registry,
): Promise<Pick<Facts, RepositoryFact>> {
  const cachedRepositories = await listCached(registry);
  const { reader, callsAtOnce } = registry;
  const ofListed = async <Value>(
    fact: RepositoryFact,
    read: (listed: CachedRepositories) => Promise<Evidence<Value>>,
  ): Promise<Evidence<Value>> =>
    asked.has(fact) && cachedRepositories.state === "present"
      ? read(cachedRepositories.value)
      : notCollected(facts[fact].operation);
  // Each is an operation with a quota of its own, so none waits for another.
  const [cachedLifecyclePolicies, cachedRepositoryPolicies, repositoryPulls] = await Promise.all([
    ofListed("cachedLifecyclePolicies", async (listed) =>
      present(await readTexts(withRule(listed), reader.readLifecyclePolicy, callsAtOnce)),
    ),
    ofListed("cachedRepositoryPolicies", async (listed) =>
      present(await readTexts(withRule(listed), reader.readRepositoryPolicy, callsAtOnce)),
    ),
    ofListed("repositoryPulls", (listed) => readPulls(withRule(listed), registry)),
  ]);
  const repositorySizes = await ofListed("repositorySizes", (listed) =>
    readSizes(notNeeded(listed, repositoryPulls), reader, callsAtOnce),
  );
  return {
    cachedRepositories,
    cachedLifecyclePolicies,
    cachedRepositoryPolicies,
    repositoryPulls,
    repositorySizes,
  };
}

/** Nothing is asked of a repository whose rule is gone but whether it is still there, and what it stores. */
function withRule({ prefixes, lookedAt }: CachedRepositories): readonly CachedRepository[] {
  const former = new Set(prefixes.filter(({ isFormer }) => isFormer).map(({ prefix }) => prefix));
  return lookedAt.filter(({ prefix }) => !former.has(prefix));
}

/** The repositories that are orphaned, or that nobody is known to have pulled from. */
function notNeeded(
  cached: CachedRepositories,
  pulls: Evidence<RepositoryPulls>,
): readonly CachedRepository[] {
  const kept = new Set(withRule(cached));
  const { of = {} } = pulls.state === "present" ? pulls.value : {};
  const isPulled = ({ name }: CachedRepository) => !Object.hasOwn(of, name) || (of[name] ?? 0) > 0;
  return cached.lookedAt.filter((repository) => !(kept.has(repository) && isPulled(repository)));
}

/** Measures each repository. One that cannot be measured ends the reading: what is left would say too little. */
async function readSizes(
  repositories: readonly CachedRepository[],
  reader: RegistryReader,
  callsAtOnce: number,
): Promise<Evidence<Readonly<Record<string, RepositorySize>>>> {
  const of: Record<string, RepositorySize> = {};
  let failure: Unreadable | null = null;
  await forEachConcurrently(repositories, callsAtOnce, async ({ name }) => {
    if (failure !== null) return;
    const evidence = await reader.measureRepository(name);
    if (evidence.state === "unreadable") failure = evidence;
    else if (evidence.state === "present") of[name] = evidence.value;
  });
  return failure ?? present(of);
}

/** As many as CloudWatch takes in one call (CloudWatch API reference, GetMetricData, November 2026). */
const metricsOfCall = 500;

async function readPulls(
  repositories: readonly CachedRepository[],
  { reader, request, now }: Registry,
): Promise<Evidence<RepositoryPulls>> {
  const since = new Date(now.getTime() - (request.pullsWithinDays ?? 0) * dayMs);
  const of: Record<string, number | null> = {};
  for (let first = 0; first < repositories.length; first += metricsOfCall) {
    const names = repositories.slice(first, first + metricsOfCall).map(({ name }) => name);
    const counted = await reader.countPulls(names, { since, until: now });
    if (counted.state === "unreadable") return counted;
    if (counted.state === "present") Object.assign(of, counted.value);
  }
  return present({ since: since.toISOString(), of });
}

const dayMs = 86_400_000;

async function listCached({ reader, ...around }: Registry): Promise<Evidence<CachedRepositories>> {
  const shares = openShares(around);
  const listed = await reader.listRepositories((name) => shares.ownerOf(name) !== null);
  return listed.state === "present" ? present(shares.among(listed.value)) : listed;
}

/** Finds among the repositories of a registry those that its rules cover, or covered. Pure. */
export function openShares({
  prefixes,
  request,
  inScope,
}: Pick<Registry, "prefixes" | "request" | "inScope">) {
  const { exclude } = request;
  const former = request.formerPrefixes.filter(
    (prefix) => prefix !== ROOT_PREFIX && !prefixes.some((current) => isSamePrefix(current, prefix)),
  );
  const ownerOf = (name: string): string | null => {
    const owner = coveringPrefix(name, prefixes, former);
    return owner !== null && inScope(owner) ? owner : null;
  };
  const among = (described: readonly DescribedRepository[]): CachedRepositories => {
    const counts = new Map(
      [...prefixes, ...former].filter(inScope).map((prefix) => [prefix, { existing: 0, excluded: 0 }]),
    );
    const cached: CachedRepository[] = [];
    for (const repository of described) {
      const prefix = ownerOf(repository.name);
      const count = prefix === null ? undefined : counts.get(prefix);
      if (prefix === null || count === undefined) continue;
      const isExcluded = matchesAnyName(exclude, repository.name);
      count[isExcluded ? "excluded" : "existing"] += 1;
      if (!isExcluded) cached.push({ ...repository, prefix });
    }
    return {
      prefixes: Array.from(counts, ([prefix, count]) => ({
        prefix,
        isFormer: former.includes(prefix),
        ...count,
      })),
      ...inTurn(
        cached.sort((a, b) => compareValues(a.name, b.name)),
        request,
      ),
    };
  };
  return { ownerOf, among };
}

/** The part of the repositories whose turn it is. In as many turns as there are parts, each repository has one. */
function inTurn(
  all: readonly CachedRepository[],
  { maxRepositories: most, lastPart, day }: RepositoriesRequest,
): Pick<CachedRepositories, "lookedAt" | "part"> {
  const parts = Math.ceil(all.length / most);
  if (parts <= 1) return { lookedAt: all };
  const begin = lastPart === null ? (all[(day % parts) * most]?.name ?? null) : lastPart.to;
  const found = begin === null ? 0 : all.findIndex(({ name }) => compareValues(name, begin) >= 0);
  const first = Math.max(found, 0);
  const from = first === 0 ? null : begin;
  return { lookedAt: all.slice(first, first + most), part: { from, to: all[first + most]?.name ?? null } };
}

/** After so many failures in a row, the rest is not asked for: each call would cost its retries, or be one more refusal. */
const mostFailuresInARow = 5;

/** Reads one text of each repository. What cannot be read is evidence about that repository alone. */
async function readTexts(
  repositories: readonly CachedRepository[],
  read: (name: string) => Promise<Evidence<string | null>>,
  callsAtOnce: number,
): Promise<PolicyTexts> {
  const texts = new Map<string, number>();
  const of: Record<string, number | null> = {};
  const unread = new Map<string, Unreadable & { repositories: string[] }>();
  let failuresInARow = 0;
  let failureOfTheRest: Unreadable | null = null;
  await forEachConcurrently(repositories, callsAtOnce, async ({ name }) => {
    const evidence = failureOfTheRest ?? (await read(name));
    if (evidence.state === "unreadable") {
      failuresInARow += 1;
      if (failuresInARow === mostFailuresInARow) failureOfTheRest = evidence;
      const entry = unread.get(evidence.reason) ?? { ...evidence, repositories: [] };
      entry.repositories.push(name);
      unread.set(evidence.reason, entry);
      return;
    }
    failuresInARow = 0;
    // A repository that was deleted meanwhile has no text.
    if (evidence.state === "present") {
      of[name] = evidence.value === null ? null : indexOf(evidence.value, texts);
    }
  });
  return { texts: [...texts.keys()], of, unread: [...unread.values()] };
}

function indexOf(text: string, texts: Map<string, number>): number {
  const index = texts.get(text) ?? texts.size;
  texts.set(text, index);
  return index;
}
