import { isOn } from "../../audit/evaluate/evaluate.ts";
import type { Check } from "../../checks/evaluation.ts";
import { checksOf, isCheckId } from "../../checks/index.ts";
import type { LoadedPolicy } from "../../policy/load.ts";
import { openWaiverMatcher } from "../../policy/matching/waivers.ts";
import type { Policy } from "../../policy/schema.ts";
import type { CheckReport, CodeFinding } from "../../schemas/check-report.ts";
import { type DeclaredRule, prefixOf } from "../declared-rule.ts";
import type { FileOfRules } from "../rules-in-file.ts";
import { creationCheck, evaluateCreation } from "./creation.ts";
import { known, type PossibleRegistry, possibleRegistries } from "./possible-registries.ts";
import { agreed, checkReportOf, findingOf } from "./report.ts";
import { type CheckAnswer, evaluateByCheck, type RuleInCode } from "./run-check.ts";
import { locationUnknown } from "./unknowns.ts";

/** How rules in code are judged. */
export type EvaluateOptions = {
  readonly now: Date;
  readonly includePassing: boolean;
  /** The organizational units that the account lies in, at every depth, for overrides that name them. */
  readonly organizationalUnits: readonly string[];
};

/**
 * Judges the rules that files of code declare: by the policy's checks, as far as they need no live registry, and
 * by what CreatePullThroughCacheRule would refuse. Pure: the same files, policy and time give the same report.
 * What is not known before deployment is UNKNOWN and never a failure.
 */
export function evaluateFiles(
  files: readonly FileOfRules[],
  { policy, digest }: LoadedPolicy,
  { now, includePassing, organizationalUnits }: EvaluateOptions,
): CheckReport {
  const checks = checksOf(policy);
  const waivers = openWaiverMatcher(policy.waivers, now);
  const rules = files.flatMap((file) => file.rules);
  const byRegistry = Map.groupBy(rules, registryOf);
  const leftOut = new Set<string>();
  const findings = rules.flatMap((rule): readonly CodeFinding[] => {
    const mates = byRegistry.get(registryOf(rule)) ?? [];
    const registries = possibleRegistries(rule, policy, organizationalUnits);
    const inForce = registries[0]?.policy ?? policy;
    const creation = evaluateCreation(rule, mates.slice(0, mates.indexOf(rule)), registries);
    const evaluated = checks.filter(isAskedFor(inForce)).flatMap((check) => {
      const answers = evaluateEverywhere(check, { rule, siblings: siblingsOf(rule, mates) }, registries, now);
      if (answers === "needs-registry") {
        leftOut.add(check.id);
        return [];
      }
      const severity = inForce.checks[check.id]?.severity ?? check.severity;
      return answers.map((answer) => {
        const failure = { ...known(rule.location), check: check.id, prefix: prefixOf(rule) };
        const waiver = answer.status === "FAIL" ? waivers.waiverFor(failure) : null;
        return findingOf({ rule, check, answer, severity, waiver });
      });
    });
    return [
      ...creation.map((answer) =>
        findingOf({ rule, check: creationCheck, answer, severity: creationCheck.severity, waiver: null }),
      ),
      ...evaluated,
    ];
  });
  return checkReportOf({ files, policy: { name: policy.name, digest }, findings, leftOut, includePassing });
}

/** Rules of places that are known are of one registry, whatever files they stand in. */
function registryOf({ location: { account, region }, registryKey }: DeclaredRule): string {
  return account === null || region === null ? registryKey : JSON.stringify([account, region]);
}

function siblingsOf(rule: DeclaredRule, mates: readonly DeclaredRule[]): readonly DeclaredRule[] {
  const taken = prefixOf(rule);
  return mates.filter((mate) => {
    const prefix = prefixOf(mate);
    return mate !== rule && mate.isCertain && prefix !== null && prefix !== taken;
  });
}

function isAskedFor(policy: Policy): (check: Check) => boolean {
  const isLeftOn = isOn(policy);
  return (check) => isLeftOn(check) && (check.looksAt === "registry" || check.isDemanded(policy));
}

/** What a check says of a rule in whichever of the registries it ends. */
function evaluateEverywhere(
  check: Check,
  inCode: RuleInCode,
  registries: readonly PossibleRegistry[],
  now: Date,
): CheckAnswer {
  if (check.looksAt === "fleet") return "needs-registry";
  const cases = registries.map((registry) => evaluateByCheck(check, inCode, registry, now));
  const answers = cases.filter((answer) => answer !== "needs-registry");
  if (answers.length < cases.length) return "needs-registry";
  const unknown = [locationUnknown(check.title, inCode.rule)];
  return looksAtLocation(check, registries) ? unknown : (agreed(answers) ?? unknown);
}

/** An expression of the policy's own may compare its place with anything, not only with what the rule names. */
function looksAtLocation({ id }: Check, [first, ...others]: readonly PossibleRegistry[]): boolean {
  if (first === undefined || others.length === 0 || isCheckId(id)) return false;
  const expression = first.policy.customChecks.find((check) => check.id === id)?.assert ?? "";
  return /\b(account|region|registry)\b/.test(expression);
}
