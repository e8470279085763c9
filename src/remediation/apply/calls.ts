import type { PlannedRule, RuleAccess } from "../../ecr/rule.ts";
import type { Written } from "../../schemas/remediation-plan.ts";
import { ruleText } from "../plan/fingerprint.ts";
import { type ChangingCall, mayHaveWorked, refusalOf } from "./exceptions.ts";
import { type ReadBackContext, readBack, seenText } from "./read-back.ts";

/** A call failed: the rule is not as wanted. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** AWS reported success, but the change could not be read back. */
export class Unconfirmed extends Error {
  override readonly name = "Unconfirmed";
}

/** Creates a rule. @throws Refused if it was not created @throws Unconfirmed if it could not be read back as wanted */
export async function create(at: ReadBackContext, rule: PlannedRule): Promise<void> {
  const answer = await at.writer.createRule(rule);
  await settle(at, "create", answer, rule.ecrRepositoryPrefix, ruleText(rule));
}

/**
 * Updates the credential or role of a rule.
 *
 * @throws Refused if the rule was not updated
 * @throws Unconfirmed if it could not be read back as wanted
 */
export async function update(at: ReadBackContext, wanted: PlannedRule, change: RuleAccess): Promise<void> {
  const prefix = wanted.ecrRepositoryPrefix;
  await settle(at, "update", await at.writer.updateRule(prefix, change), prefix, ruleText(wanted));
}

/** Deletes a rule. @throws Refused if AWS refused the call @throws Unconfirmed if the rule is still listed */
export async function remove(
  at: ReadBackContext,
  { ecrRepositoryPrefix: prefix }: PlannedRule,
): Promise<void> {
  await settle(at, "delete", await at.writer.deleteRule(prefix), prefix, null);
}

/**
 * Decides by reading the rule, not by the answer. If an answer is lost, the SDK retries the call, and AWS refuses the retry
 * because the first call succeeded. A call that AWS reports as successful may have changed nothing.
 */
async function settle(
  at: ReadBackContext,
  call: ChangingCall,
  answer: Written,
  prefix: string,
  wanted: string | null,
): Promise<void> {
  const isRepeated = answer.outcome === "done" || mayHaveWorked(answer.exception);
  const seen = await readBack(prefix, wanted, at, isRepeated);
  if (seen.isAsWanted) return;
  if (answer.outcome === "refused") throw new Refused(refusalOf(call, answer));
  throw new Unconfirmed(`AWS reported success, but ${seenText(seen)}: run apply again`);
}
