import type { AllowedUpstreamKinds } from "../../checks/allowed-upstream/text.ts";
import type { CreationTemplateKinds } from "../../checks/creation-template/text.ts";
import type { CustomCheckKinds } from "../../checks/custom-check/text.ts";
import type { DuplicateUpstreamKinds } from "../../checks/duplicate-upstream/text.ts";
import type { FleetConsistencyKinds } from "../../checks/fleet-consistency/text.ts";
import type { OverlappingPrefixesKinds } from "../../checks/overlapping-prefixes/text.ts";
import type { PrefixConventionKinds } from "../../checks/prefix-convention/text.ts";
import type { RegistryPolicyKinds } from "../../checks/registry-policy/text.ts";
import type { RequiredRuleKinds } from "../../checks/required-rule/text.ts";
import type { RootPrefixKinds } from "../../checks/root-prefix/text.ts";
import type { RuleQuotaKinds } from "../../checks/rule-quota/text.ts";
import type { RuleValidationKinds } from "../../checks/rule-validation/text.ts";
import type { ScanCoverageKinds } from "../../checks/scan-coverage/text.ts";
import type { SecretHealthKinds } from "../../checks/secret-health/text.ts";
import type { UndeclaredRuleKinds } from "../../checks/undeclared-rule/text.ts";
import type { UpstreamCredentialsKinds } from "../../checks/upstream-credentials/text.ts";
import type { UpstreamRoleKinds } from "../../checks/upstream-role/text.ts";
import type { UpstreamScopeKinds } from "../../checks/upstream-scope/text.ts";
import type { Kinds } from "../../checks/verdict.ts";

/**
 * What mends a finding. `instruct`: people, for no call of pull through cache rules does, or the policy leaves
 * open which one. `never-fails`: the kind is no failure.
 */
export type RemediationAction =
  | "create"
  | "delete"
  | "give-required-upstream"
  | "narrow-scope"
  | "rename"
  | "rename-or-delete"
  | "give-credential"
  | "take-credential-off"
  | "give-role"
  | "take-role-off"
  | "instruct"
  | "never-fails";

type ActionsOf<K extends Kinds> = Readonly<Record<keyof K, RemediationAction>>;

/** What mends each kind that each check of the catalogue can say. Does not compile when a kind lacks one. */
export const remediationActions = {
  "rule-validation": {
    "validation-failed": "instruct",
    "validation-declined": "never-fails",
    "rule-deleted": "never-fails",
  } satisfies ActionsOf<RuleValidationKinds>,
  "allowed-upstream": {
    "upstream-not-allowed": "delete",
    "upstream-not-recognized": "delete",
  } satisfies ActionsOf<AllowedUpstreamKinds>,
  "prefix-convention": {
    "prefix-pattern": "rename",
    "prefix-length": "rename",
    "prefix-of-upstream": "rename",
  } satisfies ActionsOf<PrefixConventionKinds>,
  "root-prefix": { "root-forbidden": "rename-or-delete" } satisfies ActionsOf<RootPrefixKinds>,
  "overlapping-prefixes": {
    "prefix-inside-another": "instruct",
  } satisfies ActionsOf<OverlappingPrefixesKinds>,
  "duplicate-upstream": {
    "upstream-cached-already": "delete",
  } satisfies ActionsOf<DuplicateUpstreamKinds>,
  "upstream-credentials": {
    "credential-missing": "give-credential",
    "credential-needless": "take-credential-off",
    "credential-not-a-secret": "give-credential",
    "credential-elsewhere": "give-credential",
    "credential-out-of-reach": "give-credential",
    "credential-not-allowed": "give-credential",
    "authentication-unknown": "never-fails",
  } satisfies ActionsOf<UpstreamCredentialsKinds>,
  "secret-health": {
    "secret-missing": "give-credential",
    "secret-being-deleted": "give-credential",
    "secret-under-customer-key": "instruct",
    "secret-too-old": "instruct",
    "secret-age-unknown": "never-fails",
    "secret-expired": "instruct",
    "secret-expires-soon": "instruct",
    "expiry-not-a-day": "instruct",
    "no-credential": "never-fails",
    "credential-not-here": "never-fails",
  } satisfies ActionsOf<SecretHealthKinds>,
  "upstream-role": {
    "role-missing": "give-role",
    "role-needless": "take-role-off",
    "not-a-role": "give-role",
    "role-of-another-account": "give-role",
    "role-not-allowed": "give-role",
    "not-an-ecr-upstream": "never-fails",
  } satisfies ActionsOf<UpstreamRoleKinds>,
  "upstream-scope": {
    "account-not-allowed": "narrow-scope",
    "region-not-allowed": "narrow-scope",
    "upstream-prefix-not-allowed": "narrow-scope",
  } satisfies ActionsOf<UpstreamScopeKinds>,
  "required-rule": {
    "rule-missing": "create",
    "rule-differs": "give-required-upstream",
  } satisfies ActionsOf<RequiredRuleKinds>,
  "undeclared-rule": {
    "rule-undeclared": "delete",
    "rule-declared-elsewhere": "delete",
  } satisfies ActionsOf<UndeclaredRuleKinds>,
  "creation-template": {
    "template-missing": "instruct",
    "template-not-applied": "instruct",
    "template-shadowed": "never-fails",
    "tag-mutability": "instruct",
    encryption: "instruct",
    "no-lifecycle-policy": "instruct",
    "no-repository-policy": "instruct",
    "no-role": "instruct",
  } satisfies ActionsOf<CreationTemplateKinds>,
  "scan-coverage": {
    "not-scanned": "instruct",
    "partly-scanned": "instruct",
  } satisfies ActionsOf<ScanCoverageKinds>,
  "registry-policy": {
    "untrusted-let-in": "instruct",
    "all-but-some-let-in": "instruct",
    "organization-unknown": "never-fails",
    "statement-not-understood": "never-fails",
    "not-a-policy": "never-fails",
  } satisfies ActionsOf<RegistryPolicyKinds>,
  "rule-quota": { "quota-nearly-used": "instruct" } satisfies ActionsOf<RuleQuotaKinds>,
  "fleet-consistency": {
    "unusual-upstream": "instruct",
    "no-usual-upstream": "instruct",
  } satisfies ActionsOf<FleetConsistencyKinds>,
} as const satisfies Record<string, Readonly<Record<string, RemediationAction>>>;

/** What mends what the policy's own checks say: only who wrote them knows. */
const ofCustomChecks = {
  "assertion-failed": "instruct",
  "assertion-undecided": "never-fails",
} satisfies ActionsOf<CustomCheckKinds>;

/** What mends a kind that a check said. */
export function remediationActionFor(check: string, kind: string): RemediationAction {
  const table: Readonly<Record<string, Readonly<Record<string, RemediationAction>>>> = remediationActions;
  const ofCheck: Readonly<Record<string, RemediationAction>> = Object.hasOwn(table, check)
    ? (table[check] ?? {})
    : ofCustomChecks;
  return (Object.hasOwn(ofCheck, kind) ? ofCheck[kind] : undefined) ?? "instruct";
}
