import { mayHide } from "../../checks/cached-repositories/judge.ts";
import { compareValues } from "../../core/order.ts";
import { registryKey } from "../../ecr/registry.ts";
import type { NamePart } from "../../facts/cached-repositories.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { AuditState, FormerPrefixes, LastParts, RepositoryTurns } from "../../schemas/state.ts";
import { type AuditScope, mayBePlanned, notAllRead } from "./scope.ts";

/** The most parts that are remembered of a registry. Failures in one with more stay open until one audit reads all. */
const mostParts = 100;

type Subject = Pick<Finding, "account" | "region" | "check" | "prefix">;
type Result = Subject & Pick<Finding, "status" | "kind">;

/**
 * The parts of registries that audits read, the latest first, for the next state: the one of this audit, and earlier
 * ones that later ones do not cover. A registry whose repositories were all read at once is forgotten, and so is one that left
 * the scope. Pure.
 */
export function stillInTurn(
  earlier: RepositoryTurns,
  findings: readonly Result[],
  auditScope: AuditScope,
  now: Date,
): RepositoryTurns {
  // An audit of some prefixes says nothing about the repositories of others.
  const read = auditScope.narrowing.prefixes === null ? auditScope.repositoryParts : undefined;
  const unsure = unsureIn(findings);
  const keys = new Set([...Object.keys(earlier), ...(read?.keys() ?? [])]);
  const turns = [...keys].flatMap((key) => {
    if (auditScope.wholeScope && !mayBePlanned(auditScope, key)) return [];
    const part = read?.get(key);
    if (part === null) return [];
    const before = earlier[key] ?? [];
    if (part === undefined) return before.length === 0 ? [] : [[key, before] as const];
    const tonight = { ...part, at: now.toISOString(), unsure: unsure.get(key) ?? [] };
    return [[key, withoutCovered([tonight, ...before])] as const];
  });
  return Object.fromEntries(turns);
}

/** What an audit has to know of the ones before to read repositories. */
export function rememberedOfRepositories(state: AuditState | null): {
  readonly formerPrefixes: FormerPrefixes;
  readonly lastParts: LastParts;
} {
  const { formerPrefixes = {}, repositoryTurns = {} } = state ?? {};
  const lastParts = Object.entries(repositoryTurns).flatMap(([key, [last]]) =>
    last === undefined ? [] : [[key, { from: last.from, to: last.to }] as const],
  );
  return { formerPrefixes, lastParts: Object.fromEntries(lastParts) };
}

/**
 * Whether all repositories of the registry of a failure were read since it was last seen, with nothing that leaves open
 * whether it is still there. Without the time at which it was last seen, nobody knows.
 */
export function wasReadSince(
  turns: RepositoryTurns,
  failure: Subject & Partial<Pick<Finding, "kind" | "lastSeenAt">>,
): boolean {
  const { lastSeenAt, kind } = failure;
  if (lastSeenAt === undefined) return false;
  const subject = `${subjectOf(failure)} `;
  const hides = (one: string) => one.startsWith(subject) && mayHide(one.slice(subject.length), kind);
  const since = turns[registryKey(failure)]?.filter(
    ({ at, unsure }) => at > lastSeenAt && !unsure.some(hides),
  );
  return covers(since ?? [], { from: null, to: null });
}

/** What audits of a part left unknown for another reason than that it was a part; by account/region. */
function unsureIn(findings: readonly Result[]): ReadonlyMap<string, readonly string[]> {
  const inTurn = new Set(findings.filter(({ kind }) => kind === notAllRead).map(({ check }) => check));
  const unsure = new Map<string, Set<string>>();
  for (const finding of findings) {
    const { check, status, kind } = finding;
    if (status !== "UNKNOWN" || kind === notAllRead || !inTurn.has(check)) continue;
    const key = registryKey(finding);
    unsure.set(key, (unsure.get(key) ?? new Set()).add(`${subjectOf(finding)} ${kind}`));
  }
  return new Map(Array.from(unsure, ([key, subjects]) => [key, [...subjects]]));
}

function subjectOf({ check, prefix }: Pick<Finding, "check" | "prefix">): string {
  return `${check} ${prefix ?? ""}`;
}

type Turns = RepositoryTurns[string];

function withoutCovered(turns: Turns): Turns {
  const kept: Turns[number][] = [];
  for (const turn of turns) {
    const sure = kept.filter(({ unsure }) => unsure.length === 0);
    if (kept.length < mostParts && !covers(sure, turn)) kept.push(turn);
  }
  return kept;
}

/** Whether parts together cover another part. */
function covers(parts: readonly NamePart[], { from, to }: NamePart): boolean {
  let reach = from;
  for (const part of parts.toSorted((a, b) => compareValues(a.from ?? "", b.from ?? ""))) {
    if (part.from !== null && (reach === null || compareValues(part.from, reach) > 0)) return false;
    if (part.to === null) return true;
    if (reach === null || compareValues(part.to, reach) > 0) reach = part.to;
    if (to !== null && compareValues(reach, to) >= 0) return true;
  }
  return false;
}
