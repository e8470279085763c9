import type { KindOf } from "../../../src/checks/index.ts";
import type { Scanning, Template } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { plainLifecycles, plainPolicies } from "../worlds.ts";
import type { Answer, Place, SeenRegistry, SeenRule } from "./model.ts";
import {
  failsOf,
  notApplicable,
  notDemanded,
  passes,
  type RuleOracle,
  type Said,
  unknownCases,
} from "./said.ts";
import { bare, isWithin } from "./wildcards.ts";

/** The checks of rules that look at facts which were asked for. */
export const factChecks = {
  "rule-validation": ({ rule: { validation, failure: said, credentialArn, upstream } }) => {
    if (!validation.known) return unknownCases;
    if (validation.value === "deleted") return notApplicable("rule-deleted");
    const saysNothing = credentialArn === null && upstream !== "ecr";
    if (validation.value === "declined") {
      return [{ status: saysNothing ? "NOT_APPLICABLE" : "UNKNOWN", kind: "validation-declined" }];
    }
    if (validation.value === "invalid" && saysNothing && !said?.includes("pull rate limit")) {
      return [{ status: "UNKNOWN", kind: "validation-declined" }];
    }
    return failsOf([validation.value === "invalid" && "validation-failed"]);
  },

  "secret-health": ({
    rule: { credentialArn, secret, secretVersion, validation, failure },
    policy: { secrets },
    today,
  }) => {
    if (secrets === undefined) return notDemanded;
    if (credentialArn === null) return notApplicable("no-credential");
    if (secret === null) return notApplicable("credential-not-here");
    if (!secret.known) return unknownCases;
    if (secret.value === "gone") return failsOf(["secret-missing"]);
    const { deletedDate, kmsKeyId, lastChangedDate, valueSetDate, tags, rotation } = secret.value;
    const { maxAgeDays, expiryTag = "", warnDays = 14 } = secrets;
    const since = secretVersion?.known === true ? (valueSetDate ?? lastChangedDate) : lastChangedDate;
    const age = since === undefined ? 10 : daysBetween(since, today);
    const isTooOld = maxAgeDays !== undefined && age > maxAgeDays;
    const isOfUnknownAge = secretVersion?.known === false && !isTooOld;
    const isDecrypted = validation.known && validation.value === "valid";
    const isOthers = kmsKeyId !== undefined && kmsKeyId !== "alias/aws/secretsmanager" && !isDecrypted;
    const isRefused = validation.known && validation.value === "invalid";
    // The world names the key only if nothing else is wrong before it.
    const isNamed =
      failure === null ? deletedDate === undefined && kmsKeyId?.includes("0000aaaa") : /kms/i.test(failure);
    const isTold = kmsKeyId?.includes("alias/") === true || (isRefused && isNamed === true);
    const failures = failsOf([
      deletedDate !== undefined && "secret-being-deleted",
      isOthers && isTold && "secret-under-customer-key",
      isTooOld && "secret-too-old",
      secrets.rotation === "required" && rotationFailure(rotation, today),
      expiryFailure(tags[expiryTag], today, warnDays),
    ]);
    const unknown: readonly Said[] = [
      ...(isOthers && !isTold ? [{ status: "UNKNOWN", kind: "secret-key-unknown" } as const] : []),
      ...(isOfUnknownAge ? unknownCases : []),
    ];
    if (unknown.length === 0) return failures;
    return failures === passes ? unknown : [...failures, ...unknown];
  },

  "creation-template": ({
    rule,
    rules,
    registry: { templates, place },
    policy: { creationTemplates: demands },
  }) => {
    if (demands === undefined) return notDemanded;
    if (!templates?.known) return unknownCases;
    const inner = rules.filter((one) => one !== rule && isWithin(one.prefix, rule.prefix));
    const areas = templates.value
      .map(({ prefix }) => bare(prefix))
      .filter((area) => area !== bare(rule.prefix) && isWithin(area, rule.prefix))
      .filter((area) => !inner.some((one) => isWithin(area, one.prefix)));
    const said = [...new Set([bare(rule.prefix), ...areas])].flatMap((area) =>
      templateFailures(area, templates.value, demands, place),
    );
    return said.length > 0 ? said : passes;
  },

  "scan-coverage": ({ rule, registry, policy: { scanning: demands } }) => {
    if (demands === undefined || demands.required === false) return notDemanded;
    if (!registry.scanning?.known) return unknownCases;
    const frequencies = demands.frequencies ?? ["CONTINUOUS_SCAN", "SCAN_ON_PUSH"];
    const covers = filtersThatCount(registry.scanning.value, frequencies).map((filter) =>
      coverOf(filter, rule),
    );
    if (covers.includes("all")) return passes;
    return failsOf([covers.includes("some") ? "partly-scanned" : "not-scanned"]);
  },
} satisfies Record<string, RuleOracle>;

function daysBetween(one: string, other: string): number {
  return Math.round((Date.parse(other.slice(0, 10)) - Date.parse(one.slice(0, 10))) / 86_400_000);
}

function expiryFailure(
  value: string | undefined,
  today: string,
  warnDays: number,
): KindOf<"secret-health"> | false {
  if (value === undefined) return false;
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return "expiry-not-a-day";
  const left = daysBetween(today, value);
  if (left < 0) return "secret-expired";
  return left <= warnDays && "secret-expires-soon";
}

/** What is wrong with the template by which repositories in an area come to be: the nearest one around it. */
function templateFailures(
  area: string,
  templates: readonly Template[],
  demands: NonNullable<PolicyFile["creationTemplates"]>,
  place: Place,
): readonly Said[] {
  const around = templates
    .filter(({ prefix }) => prefix === "ROOT" || isWithin(area, prefix))
    .sort((a, b) => specificity(b) - specificity(a));
  const [nearest] = around;
  const isRequired = demands.required !== false;
  if (nearest === undefined) return isRequired ? [{ status: "FAIL", kind: "template-missing" }] : [];
  const applied = around.find(({ appliedFor }) => appliedFor.includes("PULL_THROUGH_CACHE"));
  if (applied === undefined) return isRequired ? [{ status: "FAIL", kind: "template-not-applied" }] : [];
  if (applied !== nearest) return [{ status: "UNKNOWN", kind: "template-shadowed" }];
  const failures = failsOf([
    demands.tagMutability?.every((allowed) => allowed !== nearest.imageTagMutability) === true &&
      "tag-mutability",
    demands.encryption?.every((allowed) => allowed !== nearest.encryptionType) === true && "encryption",
  ]);
  return [
    ...(failures === passes ? [] : failures),
    ...lifecycleSaid(nearest.lifecyclePolicy, demands.lifecyclePolicy),
    ...repositoryPolicySaid(nearest.repositoryPolicy, demands.repositoryPolicy, place),
  ];
}

type Demands = NonNullable<PolicyFile["creationTemplates"]>;

/** Of the texts that fuzz runs use. All demands of days are for 60. */
export function lifecycleSaid(text: string | undefined, demand: Demands["lifecyclePolicy"]): readonly Said[] {
  if (demand === undefined || demand === false) return [];
  if (!text) return [{ status: "FAIL", kind: "no-lifecycle-policy" }];
  if (text === plainLifecycles.notAPolicy) {
    return [{ status: "UNKNOWN", kind: "lifecycle-policy-not-understood" }];
  }
  const isLate = text === plainLifecycles.late || text === plainLifecycles.counting;
  const keeps = text === plainLifecycles.archiving || (demand !== true && isLate);
  return keeps ? [{ status: "FAIL", kind: "lifecycle-policy-keeps-images" }] : [];
}

export function repositoryPolicySaid(
  text: string | undefined,
  demand: Demands["repositoryPolicy"],
  place: Place,
): readonly Said[] {
  if (demand === undefined || demand === false) return [];
  if (!text) return [{ status: "FAIL", kind: "no-repository-policy" }];
  const lets: readonly Said[] = [{ status: "FAIL", kind: "repository-policy-lets-in" }];
  const isTrusted = (account: string) =>
    demand === true || account === place.account || demand.trustedAccounts?.includes(account) === true;
  switch (text) {
    case plainPolicies.notAPolicy:
      return [{ status: "UNKNOWN", kind: "repository-policy-not-parsed" }];
    case plainPolicies.theHub:
      return isTrusted("111122223333") ? [] : lets;
    case plainPolicies.aStranger:
      return isTrusted("999900001111") ? [] : lets;
    case plainPolicies.theOrganization:
      if (demand === true) return [];
      if (demand.trustOrganization !== true) return lets;
      if (place.organizationId !== null) return [];
      return [{ status: "UNKNOWN", kind: "repository-policy-organization-unknown" }];
    case plainPolicies.anEditor:
      // It allows an action on rules alone, which no repository has.
      return demand === true ? [] : [{ status: "FAIL", kind: "repository-policy-without-pull" }];
    default:
      return lets;
  }
}

function rotationFailure(
  rotation: { enabled: boolean; nextDate?: string } | undefined,
  today: string,
): KindOf<"secret-health"> | false {
  if (rotation?.enabled !== true) return "rotation-off";
  return rotation.nextDate !== undefined && daysBetween(today, rotation.nextDate) < 0 && "rotation-overdue";
}

function specificity({ prefix }: Template): number {
  return prefix === "ROOT" ? 0 : bare(prefix).length;
}

function filtersThatCount({ scanType, rules }: Scanning, frequencies: readonly string[]): readonly string[] {
  const byHand = scanType === "BASIC" && frequencies.includes("MANUAL") ? ["*"] : [];
  const counting = rules.filter(({ scanFrequency }) => frequencies.includes(scanFrequency));
  return [...byHand, ...counting.flatMap(({ filters }) => filters)];
}

/** All filters of fuzz runs are a beginning and then a star. */
function coverOf(filter: string, { prefix }: SeenRule): "all" | "some" | "none" {
  const start = filter.slice(0, -1);
  const names = prefix === "ROOT" ? "" : `${bare(prefix)}/`;
  if (names.startsWith(start)) return "all";
  return start.startsWith(names) ? "some" : "none";
}

/** What `registry-policy` has to say: the meaning of each policy that fuzz runs use is plain. */
export function registryPolicyAnswers(
  { registryPolicy, place }: SeenRegistry,
  rules: readonly SeenRule[],
  { registryPolicy: demands }: PolicyFile,
): readonly Omit<Answer, "check">[] {
  const onWhole = (said: readonly Said[]) => said.map((one) => ({ ...one, prefix: null }));
  if (demands === undefined || rules.length === 0) return onWhole(notDemanded);
  if (!registryPolicy?.known) return onWhole(unknownCases);
  const letsIn = (isLetIn: boolean) => onWhole(failsOf([isLetIn && "untrusted-let-in"]));
  const trusts = (account: string) =>
    place.account === account || demands.trustedAccounts?.includes(account) === true;
  switch (registryPolicy.value) {
    case null:
      return onWhole(passes);
    case plainPolicies.theHub:
      return letsIn(!trusts("111122223333"));
    case plainPolicies.aStranger:
      return letsIn(!trusts("999900001111"));
    case plainPolicies.theOrganization:
      if (demands.trustOrganization !== true) return letsIn(true);
      if (place.organizationId !== null) return onWhole(passes);
      return onWhole([{ status: "UNKNOWN", kind: "organization-unknown" }]);
    case plainPolicies.everybody:
    case plainPolicies.anEditor:
      return letsIn(true);
    case plainPolicies.aReader:
      return letsIn(false);
    case plainPolicies.aPusherToQuay:
      return letsIn(
        rules.some(({ prefix }) => prefix === "ROOT" || bare(prefix) === "quay" || isWithin(prefix, "quay")),
      );
    default:
      return onWhole([{ status: "UNKNOWN", kind: "not-a-policy" }]);
  }
}
