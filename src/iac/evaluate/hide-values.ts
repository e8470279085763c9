import type { CodeFinding } from "../../schemas/check-report.ts";
import type { DeclaredRule } from "../declared-rule.ts";

/** Stands for a value that the code calls sensitive. */
const hiddenValue = "(sensitive value)";

/** What separates the parts of a text: those of ARNs, URLs and sentences. */
const part = /[^\s"'`(),;:/@]+/g;

/** Parts of ARNs that tell nothing. */
const common = [
  "arn",
  "aws",
  "aws-cn",
  "aws-us-gov",
  "ecr-pullthroughcache",
  "iam",
  "role",
  "secret",
  "secretsmanager",
];

/**
 * Hides the values that code calls sensitive, and their parts, in what a report says. The accounts and regions of rules
 * stay: the report names them anyway. The work is linear in the length of the text.
 */
export function hiderOf(
  rules: readonly Pick<DeclaredRule, "sensitive" | "location">[],
): (finding: CodeFinding) => CodeFinding {
  const parts = new Set(rules.flatMap(({ sensitive }) => sensitive).flatMap(partsOf));
  const places = rules.flatMap(({ location: { account, region } }) => [account, region]);
  for (const one of [...common, ...places]) if (one !== null) parts.delete(one);
  if (parts.size === 0) return (finding) => finding;
  const hide = (text: string): string =>
    text.replaceAll(part, (found) => {
      const [, word = found, end = ""] = /^(.*?)(\.*)$/s.exec(found) ?? [];
      return parts.has(word) ? `${hiddenValue}${end}` : found;
    });
  const hideIn = (value: unknown): unknown => {
    if (typeof value === "string") return hide(value);
    if (Array.isArray(value)) return value.map(hideIn);
    return typeof value === "object" && value !== null ? hideInAll(value) : value;
  };
  const hideInAll = (values: object) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, hideIn(value)]));
  return ({ title, message, remediation, prefix, data, ...finding }) => ({
    ...finding,
    title: hide(title),
    message: hide(message),
    remediation: hide(remediation),
    prefix: prefix === null ? null : hide(prefix),
    data: hideInAll(data),
  });
}

/** The parts of a value, also those that messages name by themselves: accounts, and names without a generated end. */
function partsOf(value: string): readonly string[] {
  const parts = (value.match(part) ?? []).map((one) => one.replace(/\.+$/, ""));
  return [
    ...parts,
    ...parts.map((one) => one.replace(/-[A-Za-z0-9]{6}$/, "")),
    ...(value.match(/\d{12}/g) ?? []),
  ].filter((one) => one !== "");
}
