import { isDeepStrictEqual } from "node:util";
import type { Scanning, Template } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { plainLifecycles, plainPolicies } from "../worlds.ts";
import { lifecycleSaid, repositoryPolicySaid } from "./fact-checks.ts";
import type { Answer, SeenRegistry, SeenRepository } from "./model.ts";
import { isRecent, wasPulled } from "./repositories.ts";
import {
  failsOf,
  notDemanded,
  type OwnKind,
  passes,
  type RuleOracle,
  type Said,
  unknownCases,
} from "./said.ts";
import { bare } from "./wildcards.ts";

function isScanned(
  { name, scanOnPush }: SeenRepository["repository"],
  { scanType, rules }: Scanning,
  { frequencies = ["CONTINUOUS_SCAN", "SCAN_ON_PUSH"] }: NonNullable<PolicyFile["scanning"]>,
): boolean {
  const isBasic = scanType === "BASIC";
  if (isBasic && frequencies.includes("MANUAL")) return true;
  if (isBasic && scanOnPush && frequencies.includes("SCAN_ON_PUSH")) return true;
  return rules.some(
    ({ scanFrequency, filters }) =>
      frequencies.includes(scanFrequency) &&
      filters.some((filter) =>
        new RegExp(filter.includes("*") ? `^${filter.replaceAll("*", ".*")}$` : filter).test(name),
      ),
  );
}

/** How many of the repositories of a rule there are; those of `failing` fail. */
function countsOf(own: readonly SeenRepository[], failing: number): string {
  const existing = own.filter(({ isExcluded }) => !isExcluded).length;
  const lookedAt = own.filter((one) => one.isLookedAt).length;
  return [failing, lookedAt, existing, own.length - existing].join("/");
}

/** What says the same as one of the texts whose meaning the oracle knows. */
function plain(text: string, texts: Readonly<Record<string, string>>): string {
  return Object.values(texts).find((one) => isSame(one, text)) ?? text;
}

function isSame(one: string, other: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
  } catch {
    return one === other;
  }
}

/** The template by which a repository came to be, if there is one that is for the cache; or that nobody knows which. */
function templateOf(
  { name }: SeenRepository["repository"],
  templates: readonly Template[],
): Template | "none" | "not-known" {
  const around = templates
    .filter(({ prefix }) => prefix === "ROOT" || name.startsWith(`${bare(prefix)}/`))
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  const [nearest] = around;
  const isForTheCache = ({ appliedFor }: Template) => appliedFor.includes("PULL_THROUGH_CACHE");
  if (nearest === undefined || !around.some(isForTheCache)) return "none";
  return isForTheCache(nearest) ? nearest : "not-known";
}

function weightOf({ prefix }: Template): number {
  return prefix === "ROOT" ? 0 : bare(prefix).length;
}

/** What is wrong with one repository, or cannot be told of it. */
function problemsOf(
  { repository, lifecycle, access }: SeenRepository,
  { templates, scanning, place }: SeenRegistry,
  policy: PolicyFile,
): readonly OwnKind[] {
  const { cachedRepositories: section = {}, creationTemplates: demands, scanning: scans } = policy;
  const matches = section.matchTemplate !== false && templates?.known === true;
  const found = matches ? templateOf(repository, templates.value) : "none";
  const template = typeof found === "string" ? undefined : found;
  const isAllowed = (value: string, given: string | undefined, allowed: readonly string[] | undefined) =>
    given === undefined ? (allowed?.includes(value) ?? true) : value === given;
  const kinds: (OwnKind | false)[] = [
    found === "not-known" && "template-not-known",
    !isAllowed(repository.encryptionType, template?.encryptionType, demands?.encryption) && "encryption",
    !isAllowed(repository.imageTagMutability, template?.imageTagMutability, demands?.tagMutability) &&
      "tag-mutability",
    lifecycle?.known === true && lifecycleProblem(lifecycle.value, template?.lifecyclePolicy, section),
    access?.known === true && accessProblem(access.value, template?.repositoryPolicy, demands, place),
    scans !== undefined &&
      scans.required !== false &&
      scanning?.known === true &&
      !isScanned(repository, scanning.value, scans) &&
      "not-scanned",
  ];
  return [...new Set(kinds.filter((kind) => kind !== false))];
}

function lifecycleProblem(
  text: string | null,
  given: string | undefined,
  { lifecyclePolicy: demand = false }: NonNullable<PolicyFile["cachedRepositories"]>,
): OwnKind | false {
  if (text === null) return (Boolean(given) || demand !== false) && "no-lifecycle-policy";
  const [said] = lifecycleSaid(plain(text, plainLifecycles), demand);
  if (said?.status === "UNKNOWN") return "policy-not-understood";
  if (said !== undefined) return "lifecycle-policy-keeps-images";
  return given !== undefined && given !== "" && !isSame(text, given) && "lifecycle-policy-differs";
}

function accessProblem(
  text: string | null,
  given: string | undefined,
  demands: PolicyFile["creationTemplates"],
  place: SeenRegistry["place"],
): OwnKind | false {
  const demand = demands?.repositoryPolicy ?? false;
  if (text === null) return (Boolean(given) || demand !== false) && "no-repository-policy";
  // Whatever the policy asks for: nobody lets everybody in.
  const [said] = repositoryPolicySaid(plain(text, plainPolicies), demand || true, place);
  if (said?.kind === "repository-policy-lets-in") return "repository-policy-lets-in";
  if (said?.status === "UNKNOWN") return "policy-not-understood";
  return given !== undefined && given !== "" && !isSame(text, given) && "repository-policy-differs";
}

/** The kinds of which nobody knows whether they are failures. */
const notTold: readonly OwnKind[] = ["policy-not-understood", "template-not-known"];

/** What is said of the repositories of a rule. */
export const cachedRepositoryAnswers: RuleOracle = ({ rule, registry, policy }) => {
  const { cachedRepositories: section, scanning } = policy;
  if (section === undefined) return notDemanded;
  if (!registry.repositories?.known) return unknownCases;
  const own = registry.repositories.value.filter(({ owner }) => owner === rule.prefix);
  const lookedAt = own.filter((one) => one.isLookedAt);
  const problems = lookedAt.map((one) => problemsOf(one, registry, policy));
  const counted = (status: "FAIL" | "UNKNOWN", kind: OwnKind): Said => {
    return { status, kind, counts: countsOf(own, problems.filter((all) => all.includes(kind)).length) };
  };
  const kinds = [...new Set(problems.flat())];
  const failures = kinds.filter((kind) => !notTold.includes(kind));
  const withFailures = problems.filter((all) => all.some((kind) => failures.includes(kind))).length;
  const said: readonly Said[] = [
    ...(rule.prefix !== "ROOT"
      ? failures.map((kind) => counted("FAIL", kind))
      : withFailures === 0
        ? []
        : [{ status: "UNKNOWN", kind: "share-not-known", counts: countsOf(own, withFailures) } as const]),
    ...kinds.filter((kind) => notTold.includes(kind)).map((kind) => counted("UNKNOWN", kind)),
    ...unreadSaid(own),
    ...partSaid(own),
    ...(lookedAt.length > 0 && section.matchTemplate !== false && registry.templates?.known !== true
      ? unknownCases
      : []),
    ...(lookedAt.length > 0 &&
    scanning !== undefined &&
    scanning.required !== false &&
    registry.scanning?.known !== true
      ? unknownCases
      : []),
  ];
  return said.length === 0 ? passes : said;
};

function partSaid(own: readonly SeenRepository[]): readonly Said[] {
  const isPart = own.some(({ isExcluded, isLookedAt }) => !isExcluded && !isLookedAt);
  return isPart ? [{ status: "UNKNOWN", kind: "not-all-read", counts: countsOf(own, 0) }] : [];
}

/** One for each reason for which policies of the rule's repositories could not be read. */
function unreadSaid(own: readonly SeenRepository[]): readonly Said[] {
  const unread = own.flatMap(({ lifecycle, access }) =>
    [lifecycle, access].flatMap((one) =>
      one === null || one.known ? [] : [`${one.operation} ${one.reason}`],
    ),
  );
  return [...Map.groupBy(unread, (why) => why).values()].map((all) => ({
    status: "UNKNOWN",
    kind: "policy-not-read",
    counts: countsOf(own, all.length),
  }));
}

/** What repositories store that were measured; nothing where none was. */
function storageOf(stored: readonly SeenRepository[], { sizes }: SeenRegistry): Pick<Said, "storage"> {
  if (sizes?.known !== true) return {};
  const measured = stored.flatMap(({ repository: { name } }) => {
    const images = sizes.value.get(name);
    return images === undefined ? [] : [images];
  });
  if (measured.length === 0) return {};
  // An index lists images that are images of the repository themselves.
  const images = measured.flat().filter(({ manifestMediaType }) => !manifestMediaType.includes(".index."));
  const bytes = images.reduce((sum, { sizeInBytes }) => sum + sizeInBytes, 0);
  return { storage: [measured.length, images.length, bytes, true].join("/") };
}

/** What is said of the use of the repositories of a rule. */
export const unusedRepositoryAnswers: RuleOracle = ({ rule, registry, policy, today }) => {
  const days = policy.cachedRepositories?.unusedAfterDays;
  if (days === undefined) return notDemanded;
  if (!registry.repositories?.known) return unknownCases;
  const { value: all } = registry.repositories;
  const own = all.filter(({ owner }) => owner === rule.prefix);
  const existing = own.filter(({ isExcluded }) => !isExcluded);
  if (existing.length === 0) return passes;
  if (registry.metric?.known === false) return unknownCases;
  const wasPulledFrom = ({ repository }: SeenRepository) => wasPulled(repository, days, today);
  const counted = all.filter(({ isLookedAt, isOrphan }) => isLookedAt && !isOrphan);
  const hasZero = (one: SeenRepository) => !wasPulledFrom(one) && one.repository.publishesZeros === true;
  const silenceTells = counted.some(wasPulledFrom) && !counted.some(hasZero);
  const useOf = (one: SeenRepository) => {
    if (wasPulledFrom(one)) return "used";
    if (isRecent(one.repository.createdAt, days, today)) return "too-young";
    return hasZero(one) || silenceTells ? "unused" : "not-known";
  };
  const byUse = Map.groupBy(
    own.filter(({ isLookedAt }) => isLookedAt),
    useOf,
  );
  const timesOf = (use: ReturnType<typeof useOf>) => byUse.get(use)?.length ?? 0;
  const saying = (
    isSaid: boolean,
    status: "FAIL" | "UNKNOWN",
    kind: OwnKind,
    times: number,
    stored: Pick<Said, "storage"> = {},
  ): readonly Said[] => (isSaid ? [{ status, kind, counts: countsOf(own, times), ...stored }] : []);
  const stored = storageOf(byUse.get("unused") ?? [], registry);
  const [unused, unknown, young] = [timesOf("unused"), timesOf("not-known"), timesOf("too-young")];
  const said = [
    ...saying(unused > 0 && rule.prefix !== "ROOT", "FAIL", "unused", unused, stored),
    ...saying(unused > 0 && rule.prefix === "ROOT", "UNKNOWN", "share-not-known", unused, stored),
    ...saying(unknown > 0, "UNKNOWN", "use-not-known", unknown),
    ...saying(young === existing.length, "UNKNOWN", "too-young", young),
    ...partSaid(own),
  ];
  return said.length === 0 ? passes : said;
};

/** What is said of what rules left behind that are gone. */
export function orphanAnswers(
  registry: SeenRegistry,
  rules: readonly unknown[],
  { cachedRepositories: section }: PolicyFile,
): readonly Omit<Answer, "check">[] {
  const { repositories, former } = registry;
  const onWhole = (said: readonly Said[]) => said.map((one) => ({ ...one, prefix: null }));
  if (section === undefined || section.orphans === "allow") return onWhole(notDemanded);
  if (rules.length === 0 && former.length === 0) return onWhole(notDemanded);
  if (!repositories?.known) return onWhole(unknownCases);
  const left = repositories.value.filter(({ isOrphan }) => isOrphan);
  const said = [...Map.groupBy(left, ({ owner }) => owner)].flatMap(([prefix, own]) => {
    const existing = own.filter(({ isExcluded }) => !isExcluded).length;
    if (existing === 0) return [];
    const stored = storageOf(
      own.filter(({ isLookedAt }) => isLookedAt),
      registry,
    );
    const counts = countsOf(own, existing);
    return failsOf(["orphaned"]).map((one) => ({ ...one, prefix, counts, ...stored }));
  });
  return said.length === 0 ? onWhole(passes) : said;
}
