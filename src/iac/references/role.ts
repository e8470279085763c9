import { partitionOf } from "../../ecr/partition.ts";
import type { SourceLocation } from "../declared-rule.ts";
import { invalid } from "../refusals/refusal.ts";
import type { PartlyKnown } from "./partly-known.ts";
import type { PlaceOfRule, ReferenceJudgement } from "./secret.ts";
import { type PolicyInCode, trustsService } from "./trust.ts";

/** A role that code declares beside the rule that refers to it. */
export type RoleInCode = {
  /** Its address in the tool, for messages. */
  readonly address: string;
  readonly name: PartlyKnown;
  /** Begins and ends with a slash; `null` if it is not known. */
  readonly path: string | null;
  /** Who may assume it. */
  readonly trust: PolicyInCode;
  /** Where it is created; unknown parts are `null`. Only the account matters. */
  readonly location: SourceLocation;
  /** As of a rule: what has the same key is created in the same account. */
  readonly registryKey: string;
};

/** The service that pulls with the role of a rule (Amazon ECR user guide, "Setting up permissions for cross-account ECR to ECR PTC", November 2026). */
export const pullingService = "pullthroughcache.ecr.amazonaws.com";

/** Judges a role by what the code says of it: whether the service can assume it. */
export function judgeRole(role: RoleInCode, place: PlaceOfRule): ReferenceJudgement {
  const { address, trust } = role;
  const isTrusted = trustsService(trust, pullingService);
  const refusals =
    isTrusted === false
      ? [
          invalid(
            "customRoleArn",
            `names the role ${address}, which does not let ${pullingService} assume it (sts:AssumeRole)`,
          ),
        ]
      : [];
  return { refusals, undecided: undecidedIn() };

  function undecidedIn(): string | null {
    if (isTrusted === null) {
      return `names the role ${address}, of which the code does not tell whether ${pullingService} can assume it`;
    }
    if (role.registryKey === place.registryKey || role.location.account !== null) return null;
    return `names the role ${address}, whose account is known only after deployment`;
  }
}

/**
 * The ARN that a role will have; `null` if its name is not known.
 *
 * @param standIn completes a name of which only the beginning is known; `null` if it must not be completed
 */
export function arnOfRole(
  { name, path, location, registryKey }: RoleInCode,
  place: PlaceOfRule,
  standIn: string | null,
): string | null {
  if (standIn === null && (name.rest !== "none" || path === null)) return null;
  const account = registryKey === place.registryKey ? place.account : (location.account ?? place.account);
  const full = name.rest === "none" ? name.start : `${name.start}${standIn}`;
  return `arn:${partitionOf(place.region).id}:iam::${account}:role${path ?? "/"}${full}`;
}
