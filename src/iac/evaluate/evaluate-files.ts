import { dirname, join, normalize } from "node:path/posix";
import { noCounts } from "../../audit/evaluate/collect-findings.ts";
import { isOn } from "../../audit/evaluate/evaluate.ts";
import type { Check } from "../../checks/evaluation.ts";
import { checksOf, isCheckId } from "../../checks/index.ts";
import { memoize } from "../../core/memoize.ts";
import type { Target } from "../../ecr/target.ts";
import type { LoadedPolicy } from "../../policy/load.ts";
import { openWaiverMatcher, type WaiverMatcher } from "../../policy/matching/waivers.ts";
import type { Policy } from "../../policy/schema.ts";
import type { CheckReport, CodeFinding } from "../../schemas/check-report.ts";
import { type DeclaredRule, type NotRead, prefixOf } from "../declared-rule.ts";
import type { FileOfRules } from "../rules-in-file.ts";
import { evaluateCreation } from "./creation.ts";
import { creationCheck } from "./creation-check.ts";
import { hiderOf } from "./hide-values.ts";
import { byExistence, neighboursAmong } from "./neighbours.ts";
import { known, type PossibleRegistry, possibleRegistries } from "./possible-registries.ts";
import { possibleSiblingsAt } from "./possible-siblings.ts";
import { type RegistryInCode, registryInCode, siblingAt } from "./registry-in-code.ts";
import { type Answer, agreed, checkReportOf, type FindingSubject, findingOf, isReported } from "./report.ts";
import { type CheckAnswer, evaluateByCheck, type RuleInCode } from "./run-check.ts";
import { locationUnknown, notReadAnswer } from "./unknowns.ts";

/** How rules in code are evaluated. */
export type EvaluateOptions = {
  readonly now: Date;
  readonly includePassing: boolean;
  /** All organizational units above the account, for overrides that name them. */
  readonly organizationalUnits: readonly string[];
};

/**
 * Evaluates the rules that files of code declare: by the checks of the policy that need no live registry, and by what
 * CreatePullThroughCacheRule would refuse. Pure: the same files, policy and time give the same report. An answer that
 * depends on a value known only after deployment is UNKNOWN, never a failure. The work is linear in the number of
 * rules, also of one registry.
 */
export function evaluateFiles(
  files: readonly FileOfRules[],
  { policy, digest }: LoadedPolicy,
  { now, includePassing, organizationalUnits }: EvaluateOptions,
): CheckReport {
  const checks = checksOf(policy);
  const waivers = openWaiverMatcher(policy.waivers, now);
  const rules = files.flatMap((file) => file.rules).toSorted(byExistence);
  const byRegistry = Map.groupBy(rules, registryOf);
  const registriesFor = possibleRegistries(policy, organizationalUnits);
  // Where a registry is, with stand-ins for what is not known, is the same for all rules with one location.
  const targetOf = (rule: DeclaredRule): Target => {
    const target = registriesFor(rule)[0]?.target;
    if (target === undefined) throw new Error(`no registry for ${rule.address}`);
    return target;
  };
  const byLocation = Map.groupBy(rules, locationKey);
  const siblingsAt = memoize(new Map<string, ReturnType<typeof possibleSiblingsAt>>(), (key) => {
    const { location, target } = firstOf(byLocation.get(key), targetOf);
    return possibleSiblingsAt(location, rules, (rule) => siblingAt(rule, target));
  });
  const inCode = memoize(new Map<string, RegistryInCode>(), (key) => {
    const own = byRegistry.get(key) ?? [];
    const { first, target } = firstOf(own, targetOf);
    return registryInCode(own, target, now, siblingsAt(locationKey(first)));
  });
  const departing = files.flatMap((file) => file.departing);
  const neighboursOf = neighboursAmong(rules, departing, registryOf);
  const inPlace = memoize(new WeakMap<DeclaredRule, WaiverMatcher>(), (rule) =>
    openWaiverMatcher(rule.waivers, now),
  );
  const hide = hiderOf(rules);
  const leftOut = new Set<string>();
  const byStatus = noCounts();
  const reported = isReported(includePassing);
  const findingsOf = (answers: readonly Answer[], found: (answer: Answer) => CodeFinding) =>
    answers.flatMap((answer) => {
      if (!reported(answer)) {
        byStatus[answer.status] += 1;
        return [];
      }
      const finding = hide(found(answer));
      byStatus[finding.status] += 1;
      return [finding];
    });
  const findings = rules.flatMap((rule): readonly CodeFinding[] => {
    const key = registryOf(rule);
    const registries = registriesFor(rule);
    const inForce = registries[0]?.policy ?? policy;
    const creation = evaluateCreation(rule, neighboursOf(rule), registries);
    const evaluated = checks.filter(isAskedFor(inForce)).flatMap((check) => {
      const answers = evaluateEverywhere(check, { rule, inCode: inCode(key) }, registries, now);
      if (answers === "needs-registry") {
        leftOut.add(check.id);
        return [];
      }
      const severity = inForce.checks[check.id]?.severity ?? check.severity;
      return findingsOf(answers, (answer) => {
        const failure = { ...known(rule.location), check: check.id, prefix: prefixOf(rule) };
        const waiver =
          answer.status === "FAIL" ? (waivers.waiverFor(failure) ?? inPlace(rule).waiverFor(failure)) : null;
        return findingOf({ subject: { ...rule, prefix: prefixOf(rule) }, check, answer, severity, waiver });
      });
    });
    return [
      ...findingsOf(creation, (answer) => creationFinding({ ...rule, prefix: prefixOf(rule) }, answer)),
      ...evaluated,
    ];
  });
  const names = new Set(files.map(({ file }) => normalize(file)));
  const isGiven = ({ file, heldBy }: NotRead) => heldBy !== null && names.has(join(dirname(file), heldBy));
  const unread = files.flatMap(({ notRead }) =>
    notRead
      .filter((part) => !isGiven(part))
      .flatMap((part) =>
        findingsOf([notReadAnswer(part)], (answer) => creationFinding({ ...part, prefix: null }, answer)),
      ),
  );
  return checkReportOf({
    files,
    policy: { name: policy.name, digest },
    findings: [...findings, ...unread],
    byStatus,
    leftOut,
  });
}

function locationKey({ location: { account, region } }: DeclaredRule): string {
  return JSON.stringify([account, region]);
}

function firstOf(rules: readonly DeclaredRule[] | undefined, targetOf: (rule: DeclaredRule) => Target) {
  const [first] = rules ?? [];
  if (first === undefined) throw new Error("a group of rules is empty");
  return { first, location: first.location, target: targetOf(first) };
}

function creationFinding(subject: FindingSubject, answer: Answer): CodeFinding {
  const { severity } = creationCheck;
  return findingOf({ subject, check: creationCheck, answer, severity, waiver: null });
}

/** Rules with the same known account and region are in one registry, also if they come from different files. */
function registryOf({
  location: { account, region },
  registryKey,
}: Pick<DeclaredRule, "location" | "registryKey">): string {
  return account === null || region === null ? registryKey : JSON.stringify([account, region]);
}

function isAskedFor(policy: Policy): (check: Check) => boolean {
  const isLeftOn = isOn(policy);
  return (check) => isLeftOn(check) && (check.looksAt === "registry" || check.isDemanded(policy));
}

/** What a check says about a rule in every registry where it may be created. */
function evaluateEverywhere(
  check: Check,
  subject: RuleInCode,
  registries: readonly PossibleRegistry[],
  now: Date,
): CheckAnswer {
  if (check.looksAt === "fleet") return "needs-registry";
  const cases = registries.map((registry) => evaluateByCheck(check, subject, registry, now));
  const answers = cases.filter((answer) => answer !== "needs-registry");
  if (answers.length < cases.length) return "needs-registry";
  const unknown = [locationUnknown(check.title, subject.rule)];
  return looksAtLocation(check, registries) ? unknown : (agreed(answers) ?? unknown);
}

/** A custom check may compare the account and the region with any value, not only with those that the rule names. */
function looksAtLocation({ id }: Check, [first, ...others]: readonly PossibleRegistry[]): boolean {
  if (first === undefined || others.length === 0 || isCheckId(id)) return false;
  const expression = first.policy.customChecks.find((check) => check.id === id)?.assert ?? "";
  return /\b(account|region|registry)\b/.test(expression);
}
