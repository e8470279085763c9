import type { RegistryDesk } from "../../audit/ports.ts";
import type { PlannedRule } from "../../model/remedy-plan.ts";
import type { Written } from "../../model/remedy-run.ts";
import type { RuleAccess } from "../../model/rule-parameters.ts";
import { ruleText } from "../fingerprint.ts";
import { type ChangingCall, refusalOf } from "./exceptions.ts";

/** A call that did not bring about what it was for. */
export class Refused extends Error {
  override readonly name = "Refused";
}

type At = { readonly desk: RegistryDesk };

/** Creates a rule. @throws Refused when it is not there then */
export async function create({ desk }: At, rule: PlannedRule): Promise<void> {
  await settle(desk, "create", await desk.createRule(rule), rule.ecrRepositoryPrefix, ruleText(rule));
}

/** Gives a rule, which is then as wanted, another credential or role. @throws Refused when it is not */
export async function update({ desk }: At, wanted: PlannedRule, change: RuleAccess): Promise<void> {
  const prefix = wanted.ecrRepositoryPrefix;
  await settle(desk, "update", await desk.updateRule(prefix, change), prefix, ruleText(wanted));
}

/** Deletes a rule. @throws Refused when it is still there */
export async function remove({ desk }: At, { ecrRepositoryPrefix: prefix }: PlannedRule): Promise<void> {
  await settle(desk, "delete", await desk.deleteRule(prefix), prefix, null);
}

/**
 * Believes what is there rather than the answer: a call whose answer was lost is repeated by the SDK, and the repetition
 * is refused because the first one worked.
 *
 * @throws Refused when it is not as wanted
 */
async function settle(
  desk: RegistryDesk,
  call: ChangingCall,
  answer: Written,
  prefix: string,
  wanted: string | null,
): Promise<void> {
  if (answer.outcome === "done") return;
  const rules = await desk.listRules();
  if (rules.state !== "unreadable") {
    const list = rules.state === "present" ? rules.value : [];
    const there = list.find(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix === prefix);
    if ((there === undefined ? null : ruleText(there)) === wanted) return;
  }
  throw new Refused(refusalOf(call, answer));
}
