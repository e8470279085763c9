import type { PlannedRule, RuleAccess } from "../../ecr/rule.ts";
import type { Written } from "../../schemas/remediation-plan.ts";
import { ruleText } from "../plan/fingerprint.ts";
import { type ChangingCall, mayHaveWorked, refusalOf } from "./exceptions.ts";
import { type ReadBackContext, readBack, seenText } from "./read-back.ts";

/** A call that did not bring about what it was for. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** A call that AWS answered as done, and of which nothing was seen. */
export class Unconfirmed extends Error {
  override readonly name = "Unconfirmed";
}

/** Creates a rule. @throws Refused when it is not there then @throws Unconfirmed when it is not seen as wanted */
export async function create(at: ReadBackContext, rule: PlannedRule): Promise<void> {
  const answer = await at.writer.createRule(rule);
  await settle(at, "create", answer, rule.ecrRepositoryPrefix, ruleText(rule));
}

/**
 * Gives a rule, which is then as wanted, another credential or role.
 *
 * @throws Refused when it is not
 * @throws Unconfirmed when it is not seen so
 */
export async function update(at: ReadBackContext, wanted: PlannedRule, change: RuleAccess): Promise<void> {
  const prefix = wanted.ecrRepositoryPrefix;
  await settle(at, "update", await at.writer.updateRule(prefix, change), prefix, ruleText(wanted));
}

/** Deletes a rule. @throws Refused when it is still there @throws Unconfirmed when it is still seen */
export async function remove(
  at: ReadBackContext,
  { ecrRepositoryPrefix: prefix }: PlannedRule,
): Promise<void> {
  await settle(at, "delete", await at.writer.deleteRule(prefix), prefix, null);
}

/**
 * Believes what is there rather than the answer. A call whose answer was lost is repeated by the SDK, and the repetition
 * is refused because the first one worked; a call that is answered as done may have changed nothing.
 */
async function settle(
  at: ReadBackContext,
  call: ChangingCall,
  answer: Written,
  prefix: string,
  wanted: string | null,
): Promise<void> {
  const isPatient = answer.outcome === "done" || mayHaveWorked(answer.exception);
  const seen = await readBack(prefix, wanted, at, isPatient);
  if (seen.isAsWanted) return;
  if (answer.outcome === "refused") throw new Refused(refusalOf(call, answer));
  throw new Unconfirmed(`AWS answered that it is done, but ${seenText(seen)}: run apply again`);
}
