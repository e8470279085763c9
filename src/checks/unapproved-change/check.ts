import { matchesAnyName } from "../../core/wildcards.ts";
import type { ObservedChange } from "../../schemas/change.ts";
import { defineRegistryCheck } from "../define-check.ts";
import { pass, type RegistryVerdict } from "../verdict.ts";
import { unapprovedChangeRemediation } from "./remediation.ts";
import { type UnapprovedChangeKinds, unapprovedChangeText } from "./text.ts";

/**
 * Fails if the last known change of something was made by a principal that the policy does not name. That no change is
 * known does not pass: nobody may have told the auditor.
 */
export const unapprovedChange = defineRegistryCheck({
  id: "unapproved-change",
  severity: "medium",
  text: unapprovedChangeText,
  remediation: unapprovedChangeRemediation,
  predictable: false,
  isDemanded: ({ changes }) => changes !== undefined,
  evaluate: ({ changes, policy }) => {
    const allowed = policy.changes?.allowedPrincipals ?? [];
    // Whose secrets change is not judged: rotation does it.
    const judged = changes.filter(({ by, thing }) => by !== null && thing !== "secret");
    if (judged.length === 0) return { status: "NOT_APPLICABLE", kind: "no-change-known", data: {} };
    return [...Map.groupBy(judged, prefixOf)].flatMap(([prefix, made]) => {
      const failures = made.flatMap((change) => failureOf(change, allowed));
      const place = prefix === null ? {} : { prefix };
      return failures.length === 0
        ? [{ ...pass, ...place }]
        : failures.map((failure) => ({ ...failure, ...place }));
    });
  },
});

/** A rule is named also after it was deleted. All else concerns the registry. */
function prefixOf({ thing, name }: ObservedChange): string | null {
  return thing === "rule" ? name : null;
}

function failureOf(
  { thing, name, action, by }: ObservedChange,
  allowed: readonly string[],
): readonly RegistryVerdict<UnapprovedChangeKinds>[] {
  if (by === null || matchesAnyName(allowed, by.arn)) return [];
  const data = { thing, name, action, ...by };
  return [{ status: "FAIL", kind: "change-not-approved", subject: JSON.stringify([thing, name]), data }];
}
