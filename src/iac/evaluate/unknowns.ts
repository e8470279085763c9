import type { DeclaredRule, NotRead, RuleParameter } from "../declared-rule.ts";
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

/** Why a value of a rule is not known, or not known to be accepted. Completes a sentence that begins with it. */
export function reasonFor({ parameters }: DeclaredRule, parameter: RuleParameter): string {
  const declared = parameters[parameter];
  return declared.state === "unknown"
    ? declared.why
    : "has a form that AWS does not document for this parameter";
}

/** The answer for the creation of a rule if some of its values are not known yet, with the reason for each. */
export function valuesUnknown(
  title: string,
  rule: DeclaredRule,
  reasonsByParameter: ReadonlyMap<RuleParameter, string>,
): Answer {
  const parameters = [...reasonsByParameter.keys()];
  const reasons = Array.from(
    reasonsByParameter,
    ([parameter, reason]) => `${rule.names[parameter]} ${reason}`,
  );
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

/** The answer for a part of a file that may hold rules and that was not read. */
export function notReadAnswer({ why, remedy, address }: NotRead): Answer {
  return {
    status: "UNKNOWN",
    kind: "not-read",
    subject: "not-read",
    data: { reason: why },
    prose: () => ({
      title: "Not read: it may hold pull through cache rules",
      message: `${address} ${why}.`,
      remediation: remedy,
    }),
  };
}

/** The answer if it depends on another rule that may be in the registry. */
export function siblingUnknown(title: string): Answer {
  return {
    status: "UNKNOWN",
    kind: "sibling-unknown",
    subject: "sibling",
    data: {},
    prose: () => ({
      title: `Not known: ${title}`,
      message:
        "The result depends on another rule, and it is not known whether that rule is created in the same registry.",
      remediation:
        "Use --parameter to decide conditions, and --account and --region to name the registry. Nothing to do if the two rules never meet.",
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
