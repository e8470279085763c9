import { ALL_ACCOUNTS, ALL_REGIONS, registryKey } from "../../ecr/registry.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { PrefixFilter } from "../plan/request.ts";

/** What one audit looked at: only of that does it say anything. */
export type AuditScope = {
  /** Whether the audit asked for everything that the policy's scope holds. */
  readonly wholeScope: boolean;
  /** Which prefixes it judged; `null` stands for registries as a whole. */
  readonly inScope: PrefixFilter;
  /** The checks that an audit of a part leaves out, because they compare registries. */
  readonly checksLeftOut: ReadonlySet<string>;
  /** The rules of each registry it planned to read, by account/region; `null` where they could not be read. */
  readonly registries: ReadonlyMap<string, readonly PullThroughCacheRule[] | null>;
};

/** What became of an earlier finding that an audit did not find again. */
export type Fate = "not-looked-at" | "not-seen" | "gone" | "out-of-scope";

/**
 * Tells what became of earlier findings.
 *
 * @param findings what the audit found, of which what it could not tell counts here
 */
export function fates(
  auditScope: AuditScope,
  findings: readonly (Question & Pick<Finding, "status">)[],
): (earlier: Question) => Fate {
  const unanswered = new Set(findings.filter(({ status }) => status === "UNKNOWN").map(keyOf));
  return (earlier) => {
    const rules = auditScope.registries.get(registryKey(earlier));
    if (rules === undefined) return fateOfUnplanned(auditScope, earlier);
    if (!auditScope.inScope(earlier.prefix) || auditScope.checksLeftOut.has(earlier.check))
      return "not-looked-at";
    if (rules === null) return "not-seen";
    const isUnanswered =
      unanswered.has(keyOf(earlier)) || unanswered.has(keyOf({ ...earlier, prefix: null }));
    return isUnanswered ? "not-seen" : "gone";
  };
}

type Question = Pick<Finding, "account" | "region" | "check" | "prefix">;

function keyOf({ account, region, check, prefix }: Question): string {
  return JSON.stringify([account, region, check, prefix]);
}

/** Whether a registry was planned, or may be one of those that were not listed. */
export function mayBePlanned({ registries }: Pick<AuditScope, "registries">, key: string): boolean {
  const [account = ""] = key.split("/");
  const everywhere = { account: ALL_ACCOUNTS, region: ALL_REGIONS };
  return [key, registryKey({ account, region: ALL_REGIONS }), registryKey(everywhere)].some((known) =>
    registries.has(known),
  );
}

function fateOfUnplanned({ wholeScope, registries }: AuditScope, earlier: Question): Fate {
  if (mayBePlanned({ registries }, registryKey(earlier))) return "not-seen";
  return wholeScope ? "out-of-scope" : "not-looked-at";
}
