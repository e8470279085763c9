import type { DeclaredRule, RuleParameter } from "../declared-rule.ts";
import type { Answer } from "./report.ts";
import type { UnknownValueError } from "./rule-view.ts";

/** The answer on `judged` where a check would have to know a value, of this rule or another, that is not known yet. */
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
    prose: () => ({ title: `Cannot tell: ${title}`, message: `${sentence}.`, remediation: nothingToDo }),
  };
}

/** The answer on the creation of a rule of which some values are not known yet. */
export function valuesUnknown(
  title: string,
  rule: DeclaredRule,
  parameters: readonly RuleParameter[],
): Answer {
  const reasons = parameters.map((parameter) => {
    const declared = rule.parameters[parameter];
    return `${rule.names[parameter]} ${declared.state === "unknown" ? declared.why : "is of a form that AWS does not document here"}`;
  });
  return {
    status: "UNKNOWN",
    kind: "value-unknown",
    subject: parameters.join(),
    data: { address: rule.address, parameters },
    prose: () => ({
      title: `Cannot tell: ${title}`,
      message: `${reasons.join("; ")}.`,
      remediation: nothingToDo,
    }),
  };
}

/** The answer where it depends on which registry the rule is created in. */
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
      title: `Cannot tell: ${title}`,
      message: `It depends on the ${missing.join(" and the ")} that the rule is created in, which the file does not tell.`,
      remediation: `Name the registry: ${missing.map((part) => `--${part}`).join(" and ")}.`,
    }),
  };
}

const nothingToDo =
  "Nothing to do where it is meant to be known only then: the next audit judges it. Otherwise write the value down, or give it with --parameter where it is a parameter's.";
