import { compileExpression, type Expression, ExpressionError } from "../../policy/expression/compile.ts";
import type { ExpressionFacts } from "../../policy/expression/facts.ts";
import type { CustomCheck } from "../../policy/sections/custom-checks.ts";
import { defineRegistryCheck, defineRuleCheck } from "../define-check.ts";
import type { RegistryCheck } from "../evaluation.ts";
import { pass, type Verdict } from "../verdict.ts";
import { customCheckRemediation } from "./remediation.ts";
import { type CustomCheckKinds, customCheckText } from "./text.ts";

/**
 * Creates a check from a custom check of the policy. It fails if the expression is false, and is UNKNOWN if the
 * expression cannot be evaluated.
 *
 * @throws ExpressionError if the expression is invalid; a loaded policy has only valid expressions
 */
export function customCheck(check: CustomCheck): RegistryCheck<string, CustomCheckKinds> {
  const { id, severity, assert, appliesTo } = check;
  const expression = compileExpression(assert, appliesTo);
  const head = {
    id,
    severity,
    text: customCheckText(check),
    remediation: customCheckRemediation,
    predictable: true,
    docs: "docs/custom-checks.md",
  } as const;
  return appliesTo === "registry"
    ? defineRegistryCheck({
        ...head,
        evaluate: ({ registry }) => verdictOn(expression, { registry, rule: null }),
      })
    : defineRuleCheck({
        ...head,
        evaluate: ({ registry, rule }) => verdictOn(expression, { registry, rule }),
      });
}

function verdictOn(expression: Expression, facts: ExpressionFacts): Verdict<CustomCheckKinds> {
  try {
    return expression.holdsFor(facts) ? pass : { status: "FAIL", kind: "assertion-failed", data: {} };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { status: "UNKNOWN", kind: "assertion-undecided", data: { error: error.message } };
  }
}
