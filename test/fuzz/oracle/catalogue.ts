import { readdirSync, readFileSync } from "node:fs";
import type { CheckId } from "../../../src/checks/index.ts";
import { packageFile } from "../../../src/package-file.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { noQuay } from "../policies.ts";
import { cachedRepositoryAnswers, orphanAnswers, unusedRepositoryAnswers } from "./cached-repositories.ts";
import { factChecks, registryPolicyAnswers } from "./fact-checks.ts";
import { isPlaced } from "./in-force.ts";
import type { Answer, SeenRegistry } from "./model.ts";
import { neighbourChecks, quotaAnswers, requiredRuleAnswers } from "./registry-checks.ts";
import {
  type Case,
  failsOf,
  notApplicable,
  notDemanded,
  type OwnKind,
  passes,
  type RuleOracle,
  type Said,
  unknownCases,
} from "./said.ts";
import { upstreamChecks } from "./upstream-checks.ts";
import { fitsAny } from "./wildcards.ts";

/** The checks that the oracle knows: those of the catalogue, and the policy's own that the fuzz runs use. */
export type OracleId = CheckId | "no-quay";

/** The severity of each check as people read it in its document, and of the check of a policy's own. */
const severities: Readonly<Record<string, string>> = {
  ...Object.fromEntries(readdirSync(packageFile("docs/checks")).map(documented)),
  [noQuay.id]: noQuay.severity,
};

/** The check that a document is about, and its severity. */
function documented(name: string): readonly [string, string] {
  const text = readFileSync(packageFile(`docs/checks/${name}`), "utf8");
  const [, id, severity] = /^# ([a-z-]+)\n\n.*\. Default severity: `([a-z]+)`\.$/m.exec(text) ?? [];
  if (id === undefined || severity === undefined)
    throw new Error(`${name} does not begin as a check's document does`);
  return [id, severity];
}

type Unplaced = readonly Omit<Answer, "check">[];

/** What a check has to say of a registry whose rules are known. */
type RegistryOracle = (subject: Omit<Case, "rule">) => Unplaced;

/** What the oracle knows of a check. */
type CheckOracle = {
  /**
   * Whether the policy asks for it at all: of a check that it does not ask for, an unread registry gives no UNKNOWN.
   * It does when left out.
   */
  readonly isAsked?: (policy: PolicyFile) => boolean;
  /** Of one registry; `null` where the check compares registries, see `fleet.ts`. */
  readonly answers: RegistryOracle | null;
};

/**
 * Every check as the contract describes it. Does not compile if a check of the catalogue is missing. For
 * `registry-policy`, the oracle hard-codes some documents, and for `customChecks` one expression: the languages IAM and
 * CEL are not simple enough for an oracle, and have their own tests.
 */
const oracles: Readonly<Record<OracleId, CheckOracle>> = {
  "rule-validation": { answers: ofRules(factChecks["rule-validation"]) },
  "allowed-upstream": { answers: ofRules(upstreamChecks["allowed-upstream"]) },
  "prefix-convention": { answers: ofRules(upstreamChecks["prefix-convention"]) },
  "root-prefix": { answers: ofRules(neighbourChecks["root-prefix"]) },
  "overlapping-prefixes": { answers: ofRules(neighbourChecks["overlapping-prefixes"]) },
  "duplicate-upstream": {
    isAsked: ({ prefixes }) => prefixes?.duplicateUpstreams === "forbid",
    answers: ofRules(neighbourChecks["duplicate-upstream"]),
  },
  "upstream-credentials": { answers: ofRules(upstreamChecks["upstream-credentials"]) },
  "secret-health": {
    isAsked: ({ secrets }) => secrets !== undefined,
    answers: ofRules(factChecks["secret-health"]),
  },
  "upstream-role": { answers: ofRules(upstreamChecks["upstream-role"]) },
  "upstream-scope": { answers: ofRules(upstreamChecks["upstream-scope"]) },
  "required-rule": {
    isAsked: ({ requiredRules = [] }) => requiredRules.length > 0,
    answers: ({ registry, rules, policy }) => requiredRuleAnswers(registry, rules, policy),
  },
  "undeclared-rule": {
    isAsked: ({ undeclaredRules }) => undeclaredRules === "forbid",
    answers: ofRules(neighbourChecks["undeclared-rule"]),
  },
  "creation-template": {
    isAsked: ({ creationTemplates }) => creationTemplates !== undefined,
    answers: ofRules(factChecks["creation-template"]),
  },
  "scan-coverage": {
    isAsked: ({ scanning }) => scanning !== undefined && scanning.required !== false,
    answers: ofRules(factChecks["scan-coverage"]),
  },
  "registry-policy": {
    isAsked: ({ registryPolicy }) => registryPolicy !== undefined,
    answers: ({ registry, rules, policy }) => registryPolicyAnswers(registry, rules, policy),
  },
  "cached-repositories": {
    isAsked: ({ cachedRepositories }) => cachedRepositories !== undefined,
    answers: ofRules(cachedRepositoryAnswers),
  },
  "unused-cached-repositories": {
    isAsked: ({ cachedRepositories }) => cachedRepositories?.unusedAfterDays !== undefined,
    answers: ofRules(unusedRepositoryAnswers),
  },
  "orphaned-cached-repositories": {
    isAsked: ({ cachedRepositories: section }) => section !== undefined && section.orphans !== "allow",
    answers: ({ registry, rules, policy }) => orphanAnswers(registry, rules, policy),
  },
  "failed-pulls": { answers: ofRules(failedPulls) },
  "unapproved-change": {
    isAsked: ({ changes }) => changes !== undefined,
    answers: ({ registry, policy }) => changeAnswers(registry, policy),
  },
  "rule-quota": {
    answers: ({ rules }) => quotaAnswers(rules),
  },
  "fleet-consistency": {
    answers: null,
  },
  "no-quay": { answers: ofRules(upstreamChecks["no-quay"]) },
};

function changeAnswers({ changes }: SeenRegistry, policy: PolicyFile): Unplaced {
  if (policy.changes === undefined) return unprefixed(notDemanded);
  if (changes.length === 0) return unprefixed(notApplicable("no-change-known"));
  return changes.flatMap(({ prefix, isAllowed }) =>
    failsOf([!isAllowed && "change-not-approved"]).map((said) => ({ ...said, prefix })),
  );
}

/** The kinds of codes that are documented; all others are open. */
const kindsOfCodes: Readonly<Record<string, OwnKind>> = {
  UpstreamAccessDenied: "upstream-access-denied",
  UpstreamTooManyRequests: "upstream-rate-limited",
  UpstreamUnavailable: "upstream-unavailable",
  KmsError: "kms-failed",
  ImageNotFound: "image-not-found",
};

/** One failure for each code that fails often enough within the window, and that no success followed. */
function failedPulls({ rule, registry, policy }: Case): readonly Said[] {
  const { windowHours = 24, atLeast = 1, ignoreCodes = [] } = policy.failedPulls ?? {};
  if (!registry.pulls.known) return unknownCases;
  const heard = registry.pulls.value.filter(
    ({ prefix, hoursAgo }) => prefix === rule.prefix && hoursAgo < windowHours,
  );
  const lastSuccess = heard
    .filter(({ code }) => code === null)
    .toSorted((a, b) => a.hoursAgo - b.hoursAgo)
    .at(0);
  const failures = heard.filter(({ code }) => code !== null);
  const open = failures.filter(
    ({ hoursAgo }) => lastSuccess === undefined || hoursAgo < lastSuccess.hoursAgo,
  );
  // The hour of a failure is all that is remembered of it: those of the hour of the success count, too.
  const counted = failures.filter(
    ({ at }) => lastSuccess === undefined || hourOf(at) >= hourOf(lastSuccess.at),
  );
  const failing = [...new Set(open.map(({ code }) => code ?? ""))].filter(
    (code) => !fitsAny(ignoreCodes, code) && counted.filter((one) => one.code === code).length >= atLeast,
  );
  if (failing.length > 0) return failsOf(failing.map((code) => kindsOfCodes[code] ?? "pulls-failed"));
  if (lastSuccess !== undefined) return passes;
  return notApplicable(open.length > 0 ? "failures-do-not-count" : "nothing-heard");
}

function hourOf(time: string): number {
  return Math.floor(Date.parse(time) / 3_600_000);
}

function unprefixed(said: readonly Said[]): Unplaced {
  return said.map((one) => ({ ...one, prefix: null }));
}

/** Asks of each rule what a check has to say of it. */
function ofRules(oracle: RuleOracle): RegistryOracle {
  return (subject) =>
    subject.rules.flatMap((rule) =>
      oracle({ ...subject, rule }).map((said) => ({ ...said, prefix: rule.prefix })),
    );
}

/** All that the checks of single registries have to say of one, in no order; waivers apart. */
export function answersOn(registry: SeenRegistry, policy: PolicyFile, today: string): readonly Answer[] {
  const { rules } = registry;
  return checksOn(policy).flatMap((check) => {
    const oracle = oracles[check].answers;
    if (oracle === null) return [];
    const answers = rules.known
      ? oracle({ rules: rules.value, registry, policy, today })
      : onUnread(check, registry, policy).map((said) => ({ ...said, prefix: null }));
    return answers.map((answer) => ({ check, ...answer }));
  });
}

/** What a check has to say of a registry whose rules nobody knows. */
function onUnread(check: OracleId, { place }: SeenRegistry, policy: PolicyFile): readonly Said[] {
  if (!isAsked(check, policy)) return [];
  const isElsewhere = check === "required-rule" && !policy.requiredRules?.some((one) => isPlaced(one, place));
  return isElsewhere ? notDemanded : unknownCases;
}

/** Whether a policy asks for a check at all. */
export function isAsked(check: OracleId, policy: PolicyFile): boolean {
  return oracles[check].isAsked?.(policy) ?? true;
}

/** The checks that a policy has and leaves on. */
export function checksOn({ checks = {}, customChecks = [] }: PolicyFile): readonly OracleId[] {
  return Object.keys(oracles)
    .filter(isOracleId)
    .filter((check) => check !== "no-quay" || customChecks.length > 0)
    .filter((check) => checks[check]?.enabled !== false);
}

/** How much a failure of a check matters. */
export function severityOf(check: string, { checks = {} }: PolicyFile): string {
  return checks[check]?.severity ?? severities[check] ?? "";
}

function isOracleId(check: string): check is OracleId {
  return Object.hasOwn(oracles, check);
}
