import * as z from "zod";
import { matchesName } from "../../core/wildcards.ts";

/** Stands in a policy for a part that is known only after deployment. */
export const notKnown: unique symbol = Symbol("known only after deployment");

/** A policy document as code declares it: JSON, with {@link notKnown} in place of what is known only after deployment. */
export type PolicyInCode = unknown;

/** A value of JSON whose every part may be unknown. */
type Known<T> = T | typeof notKnown;

const someText: z.ZodType<Known<string>> = z.union([
  z.string(),
  z.custom<typeof notKnown>((value) => value === notKnown),
]);
const oneOrMore = z.union([
  z.array(someText),
  someText.transform((text): readonly Known<string>[] => [text]),
]);

const statementSchema = z.looseObject({
  Effect: someText,
  Principal: z.unknown().optional(),
  NotPrincipal: z.unknown().optional(),
  Action: oneOrMore.optional(),
  NotAction: z.unknown().optional(),
  Condition: z.unknown().optional(),
});

/** A statement of a trust policy. */
type Statement = z.infer<typeof statementSchema>;

/**
 * Whether a trust policy lets a service assume its role; `null` if this cannot be told: because of parts that are known
 * only after deployment, of conditions, of wildcards in the principal, or of denials.
 */
export function trustsService(policy: PolicyInCode, service: string): boolean | null {
  const statements = statementsOf(policy);
  if (statements === null) return null;
  const answers = statements.map((statement) => answerOf(statement, service));
  if (answers.includes("denied")) return null;
  if (answers.includes("allowed")) return true;
  return answers.includes("unknown") ? null : false;
}

function statementsOf(policy: PolicyInCode): readonly Statement[] | null {
  const document = z.looseObject({ Statement: z.unknown() }).safeParse(policy).data;
  if (document === undefined) return null;
  const { Statement: given } = document;
  return z.array(statementSchema).safeParse(Array.isArray(given) ? given : [given]).data ?? null;
}

type Answer = "allowed" | "denied" | "unknown" | "another";

function answerOf(statement: Statement, service: string): Answer {
  const { Effect: effect, Condition: condition } = statement;
  const matches = allOf([namesAction(statement), namesService(statement, service)]);
  if (matches === false) return "another";
  if (effect === "Deny") return "denied";
  if (effect !== "Allow" || matches === null) return "unknown";
  // AWS does not document which condition keys the service sends.
  return condition === undefined ? "allowed" : "unknown";
}

function allOf(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

function namesAction({ Action: actions }: Statement): boolean | null {
  if (actions === undefined) return null;
  return anyOf(actions, (pattern) => matchesName(pattern.toLowerCase(), "sts:assumerole"));
}

function namesService({ Principal: principal }: Statement, service: string): boolean | null {
  const byType = z.record(z.string(), z.unknown()).safeParse(principal).data;
  // `"*"` and `NotPrincipal` name services in ways that AWS does not document for this service.
  if (byType === undefined) return null;
  if (!Object.hasOwn(byType, "Service")) return Object.values(byType).some(isEverybody) ? null : false;
  const named = oneOrMore.safeParse(byType["Service"]).data;
  if (named === undefined) return null;
  return anyOf(named, (name) => (name.startsWith(`${service}.`) || name === "*" ? null : name === service));
}

function isEverybody(ids: unknown): boolean {
  return ids === "*" || ids === notKnown || (Array.isArray(ids) && ids.some(isEverybody));
}

function anyOf(texts: readonly Known<string>[], matches: (text: string) => boolean | null): boolean | null {
  const answers = texts.map((text) => (text === notKnown ? null : matches(text)));
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}
