import type { RecordedCall } from "../../simulator/ledger.ts";
import type { Region, Repository } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { answerTo, callsAsking, type Question, reasonOf } from "./ledger.ts";
import {
  type Known,
  known,
  type Place,
  type SeenRegistry,
  type SeenRepository,
  type SeenRule,
} from "./model.ts";
import { bare, isWithin } from "./wildcards.ts";

const dayMs = 86_400_000;

type Around = {
  readonly place: Place;
  readonly content: Region;
  readonly policy: PolicyFile;
  /** `null` for somebody who knows everything. */
  readonly calls: readonly RecordedCall[] | null;
  readonly today: string;
  /** The repository with which the part begins that is read next; `null` for the first, undefined if nobody knows. */
  readonly nextPart: string | null | undefined;
};

/** What can be known of the repositories of a registry, and of the pulls from them. */
export function seenRepositories(
  rules: readonly SeenRule[],
  former: readonly string[],
  { place, content, policy, calls, today, nextPart }: Around,
): Pick<SeenRegistry, "repositories" | "metric" | "sizes"> {
  const { cachedRepositories: section } = policy;
  if (section === undefined || (rules.length === 0 && former.length === 0)) {
    return { repositories: null, metric: null, sizes: null };
  }
  const { account, region } = place;
  const question = (operation: string, service = "ecr"): Question => ({
    service,
    operation,
    account,
    region,
  });
  const listed: Known<readonly Repository[]> =
    calls === null
      ? known(content.repositories ?? [])
      : answerTo(calls, question("DescribeRepositories"), () => content.repositories ?? []);
  if (!listed.known) return { repositories: listed, metric: null, sizes: null };
  const owned = listed.value
    .flatMap((repository) => ownedBy(repository, rules, former))
    .toSorted((a, b) => (a.repository.name < b.repository.name ? -1 : 1));
  const counted = owned.map((one) => ({
    ...one,
    // The one pattern of fuzz runs.
    isExcluded: section.exclude?.length === 1 && one.repository.name.includes("/keep/"),
  }));
  const inTurn = turnOf(
    counted.filter(({ isExcluded }) => !isExcluded),
    calls === null ? Number.POSITIVE_INFINITY : (section.maxRepositories ?? 1_000),
    (parts) => (nextPart === undefined ? (Date.parse(today) / dayMs) % parts : (nextPart ?? 0)),
  );
  const { asksLifecycles, asksAccess } = askedBy(policy);
  const repositories = counted.map((one): SeenRepository => {
    const isLookedAt = inTurn.includes(one);
    const isRead = isLookedAt && !one.isOrphan;
    const ask = (operation: string, text: string | undefined) =>
      calls === null
        ? known(text ?? null)
        : policyEvidence(calls, question(operation), one.repository.name, text ?? null);
    return {
      ...one,
      isLookedAt,
      lifecycle: isRead && asksLifecycles ? ask("GetLifecyclePolicy", one.repository.lifecyclePolicy) : null,
      access: isRead && asksAccess ? ask("GetRepositoryPolicy", one.repository.repositoryPolicy) : null,
    };
  });
  const isCounted =
    section.unusedAfterDays !== undefined &&
    repositories.some(({ isLookedAt, isOrphan }) => isLookedAt && !isOrphan);
  const metric: Known<true> | null = !isCounted
    ? null
    : calls === null
      ? known(true)
      : answerTo(calls, question("GetMetricData", "monitoring"), () => true as const);
  const isNeeded = ({ isOrphan, repository }: SeenRepository) =>
    !isOrphan && (metric?.known !== true || wasPulled(repository, section.unusedAfterDays ?? 0, today));
  const measured = repositories.filter((one) => one.isLookedAt && !isNeeded(one));
  const isMeasured =
    section.estimateStorage === true &&
    (section.orphans !== "allow" || section.unusedAfterDays !== undefined);
  return {
    repositories: known(repositories),
    metric,
    sizes: isMeasured ? sizesOf(measured, calls, question("DescribeImages")) : null,
  };
}

/** Whether somebody pulled from a repository within so many days. */
export function wasPulled({ pulls = [] }: Repository, days: number, today: string): boolean {
  return pulls.some((at) => isRecent(at, days, today));
}

/** Whether a time is within so many days. All times of fuzz runs are far from the border. */
export function isRecent(time: string, days: number, today: string): boolean {
  return Date.parse(time) > Date.parse(today) - days * dayMs;
}

/** The images of repositories. After a failure, the auditor need not ask for the rest, and says nothing of any. */
function sizesOf(
  measured: readonly SeenRepository[],
  calls: readonly RecordedCall[] | null,
  question: Question,
): NonNullable<SeenRegistry["sizes"]> {
  const all = known(new Map(measured.map(({ repository: { name, images = [] } }) => [name, images])));
  if (calls === null) return all;
  const ofAll = callsAsking(calls, question);
  const last = measured.map(({ repository: { name } }) =>
    callsAsking(ofAll, { ...question, about: { repositoryName: name } }).at(-1),
  );
  if (last.every((call) => call?.httpStatus === 200)) return all;
  const failure = ofAll.findLast((call) => call.httpStatus !== 200 && last.includes(call));
  const reason = failure === undefined ? "never-asked" : reasonOf(failure);
  return { known: false, reason, operation: "ecr:DescribeImages" };
}

/** Which policies of repositories a policy has read. */
export function askedBy({ cachedRepositories: section = {}, creationTemplates }: PolicyFile) {
  const matches = section.matchTemplate !== false;
  return {
    asksLifecycles: matches || (section.lifecyclePolicy ?? false) !== false,
    asksAccess: matches || (creationTemplates?.repositoryPolicy ?? false) !== false,
  };
}

/** The rule that a repository belongs to: the nearest around it, else the nearest that is gone, else ROOT. */
function ownedBy(
  repository: Repository,
  rules: readonly SeenRule[],
  former: readonly string[],
): readonly Pick<SeenRepository, "repository" | "owner" | "isOrphan">[] {
  const nearest = (prefixes: readonly string[]) =>
    prefixes
      .filter((one) => one !== "ROOT" && repository.name !== bare(one) && isWithin(repository.name, one))
      .toSorted((a, b) => bare(b).length - bare(a).length)[0];
  const prefixes = rules.map(({ prefix }) => prefix);
  const gone = former.filter((one) => !prefixes.some((prefix) => bare(prefix) === bare(one)));
  const owner = nearest(prefixes);
  if (owner !== undefined) return [{ repository, owner, isOrphan: false }];
  const before = nearest(gone);
  if (before !== undefined) return [{ repository, owner: before, isOrphan: true }];
  return prefixes.includes("ROOT") ? [{ repository, owner: "ROOT", isOrphan: false }] : [];
}

/**
 * The part of a list, by name, whose turn it is.
 *
 * @param begin the name with which it begins, or its number among so many parts
 */
function turnOf<T extends Pick<SeenRepository, "repository">>(
  all: readonly T[],
  most: number,
  begin: (parts: number) => string | number,
): readonly T[] {
  if (all.length <= most) return all;
  const from = begin(Math.ceil(all.length / most));
  if (typeof from === "number") return all.slice(from * most, (from + 1) * most);
  const first = all.findIndex(({ repository }) => repository.name >= from);
  return all.slice(Math.max(first, 0)).slice(0, most);
}

const saysNone = ["LifecyclePolicyNotFoundException", "RepositoryPolicyNotFoundException"];

/** What was answered about one repository. After five refusals in a row the auditor need not ask for the rest. */
function policyEvidence(
  calls: readonly RecordedCall[],
  question: Question,
  repositoryName: string,
  text: string | null,
): Known<string | null> {
  const ofAll = callsAsking(calls, question);
  const about = { ...question, about: { repositoryName } };
  const last = callsAsking(ofAll, about).at(-1);
  if (last !== undefined && saysNone.includes(last.errorCode ?? "")) return known(null);
  if (last !== undefined) return answerTo(ofAll, about, () => text);
  const failures = ofAll.filter(
    ({ httpStatus, errorCode = "" }) => httpStatus !== 200 && !saysNone.includes(errorCode),
  );
  const failed = new Set(failures.map(({ input }) => Object(input)["repositoryName"]));
  const after = failures.at(-1);
  const reason = after === undefined || failed.size < 5 ? "never-asked" : reasonOf(after);
  return { known: false, reason, operation: `ecr:${question.operation}` };
}
