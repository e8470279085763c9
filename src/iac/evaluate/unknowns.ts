import type { DeclaredRule, RuleParameter } from "../declared-rule.ts";
import type { Answer } from "./report.ts";
import type { UnknownValueError } from "./rule-view.ts";

/** The answer for `evaluated` if a check needs a value, of this rule or of another, that is not known yet. */
export function valueUnknown(
  title: string,
  evaluated: DeclaredRule,
  { rule, parameter, why, message }: UnknownValueError,
): Answer {
  const sentence = rule === evaluated ? `${rule.names[parameter]} ${why}` : message;
  return {
    status: "UNKNOWN",
    kind: "value-unknown",
    subject: parameter,
    data: { address: rule.address, parameter },
    prose: () => ({ title: `Not known: ${title}`, message: `${sentence}.`, remediation: nothingToDo }),
  };
}

/** The answer for the creation of a rule if some of its values are not known yet. */
export function valuesUnknown(
  title: string,
  rule: DeclaredRule,
  parameters: readonly RuleParameter[],
): Answer {
  const reasons = parameters.map((parameter) => {
    const declared = rule.parameters[parameter];
    return `${rule.names[parameter]} ${declared.state === "unknown" ? declared.why : "has a form that AWS does not document for this parameter"}`;
  });
  return {
    status: "UNKNOWN",
    kind: "value-unknown",
    subject: parameters.join(),
    data: { address: rule.address, parameters },
    prose: () => ({
      title: `Not known: ${title}`,
      message: `${reasons.join("; ")}.`,
      remediation: nothingToDo,
    }),
  };
}

/** The answer if it depends on the registry where the rule is created. */
export function locationUnknown(title: string, { location }: DeclaredRule): Answer {
  const missing = [
    ...(location.account === null ? ["account"] : []),
    ...(location.region === null ? ["region"] : []),
  ];
  return {
    status: "UNKNOWN",
    kind: "place-unknown",
    subject: "place",
    data: { missing },
    prose: () => ({
      title: `Not known: ${title}`,
      message: `The result depends on the ${missing.join(" and the ")} where the rule is created. The file does not name ${missing.length === 1 ? "it" : "them"}.`,
      remediation: `Name the registry: ${missing.map((part) => `--${part}`).join(" and ")}.`,
    }),
  };
}

const nothingToDo =
  "Nothing to do if the value cannot be known before deployment: the next audit evaluates it. Otherwise write the value into the file, or pass it with --parameter if it is a parameter.";
