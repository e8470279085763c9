import { mayHide } from "../../checks/cached-repositories/judge.ts";
import { ALL_ACCOUNTS, ALL_REGIONS, registryKey, registryOfKey } from "../../ecr/registry.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { NamePart } from "../../facts/cached-repositories.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { Narrowing, PrefixFilter } from "../plan/request.ts";

/** What one audit covered. Its results say nothing about anything else. */
export type AuditScope = {
  /** Whether the request covers the whole scope of the policy. */
  readonly wholeScope: boolean;
  /** What the request names. */
  readonly narrowing: Narrowing;
  /** Which prefixes it evaluated; `null` stands for whole registries. */
  readonly inScope: PrefixFilter;
  /** The checks that a narrowed audit leaves out, because they compare registries. */
  readonly checksLeftOut: ReadonlySet<string>;
  /** The rules of each planned registry, by account/region; `null` if they could not be read. */
  readonly registries: ReadonlyMap<string, readonly PullThroughCacheRule[] | null>;
  /** The registries whose repositories were read, by account/region: which part; `null`: all. Default: none. */
  readonly repositoryParts?: ReadonlyMap<string, NamePart | null>;
};

/** The kind of the result that an audit did not look at all repositories, because others had their turn. */
export const notAllRead = "not-all-read";

/** The fate of an earlier finding that an audit did not find again. */
export type Fate = "not-looked-at" | "not-seen" | "gone" | "out-of-scope";

/**
 * Determines the fate of earlier findings.
 *
 * @param findings the findings of the audit; only those with status UNKNOWN matter here
 * @param isTurnOver whether all repositories had their turn since a failure was last seen
 */
export function fates(
  auditScope: AuditScope,
  findings: readonly (Question & Pick<Finding, "status" | "kind">)[],
  isTurnOver: (earlier: Earlier) => boolean,
): (earlier: Earlier) => Fate {
  const unknown = findings.filter(({ status }) => status === "UNKNOWN");
  const unanswered = Map.groupBy(
    unknown.filter(({ kind }) => kind !== notAllRead),
    keyOf,
  );
  const inTurn = new Set(unknown.filter(({ kind }) => kind === notAllRead).map(keyOf));
  return (earlier) => {
    const rules = auditScope.registries.get(registryKey(earlier));
    if (rules === undefined) return fateOfUnplanned(auditScope, earlier);
    if (!auditScope.inScope(earlier.prefix) || auditScope.checksLeftOut.has(earlier.check))
      return "not-looked-at";
    if (rules === null) return "not-seen";
    const answers = [
      ...(unanswered.get(keyOf(earlier)) ?? []),
      ...(unanswered.get(keyOf({ ...earlier, prefix: null })) ?? []),
    ];
    if (answers.some(({ kind }) => mayHide(kind, earlier.kind))) return "not-seen";
    return inTurn.has(keyOf(earlier)) && !isTurnOver(earlier) ? "not-seen" : "gone";
  };
}

type Question = Pick<Finding, "account" | "region" | "check" | "prefix">;
/** A finding of the state, of which a waived one says neither its kind nor when it was last seen. */
type Earlier = Question & Partial<Pick<Finding, "kind" | "lastSeenAt">>;

function keyOf({ account, region, check, prefix }: Question): string {
  return JSON.stringify([account, region, check, prefix]);
}

/** Whether a registry was planned, or may be among those that could not be listed. */
export function mayBePlanned({ registries }: Pick<AuditScope, "registries">, key: string): boolean {
  if (registries.has(key)) return true;
  const { account } = registryOfKey(key);
  return [account, ALL_ACCOUNTS].some((unlisted) =>
    registries.has(registryKey({ account: unlisted, region: ALL_REGIONS })),
  );
}

function fateOfUnplanned({ wholeScope, registries }: AuditScope, earlier: Question): Fate {
  if (mayBePlanned({ registries }, registryKey(earlier))) return "not-seen";
  return wholeScope ? "out-of-scope" : "not-looked-at";
}
