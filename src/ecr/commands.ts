import { type Advice, advice, Command } from "../core/advice.ts";
import { partitionOf } from "./partition.ts";
import { withoutSlash } from "./prefix.ts";
import type { RuleRef } from "./registry.ts";
import { parametersOf, type RuleParameters, type RuleParts, spelled } from "./rule.ts";

/** Quotes any text as one word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

// What steers a terminal or hides in it, and what a CI system takes for a command when the script is printed.
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|::|##/u;

/**
 * A text as one word of a script that may be printed. Text that would steer a terminal or a CI system is written in
 * octal, which `printf` of any POSIX shell reads. Line breaks at its end follow in quotes, because `$(…)` drops them.
 */
export function scriptWord(text: string): string {
  if (!unprintable.test(text)) return shellWord(text);
  const ending = /\n*$/.exec(text)?.[0] ?? "";
  const bytes = Buffer.from(text.slice(0, text.length - ending.length));
  const octal = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w@%+=,./-]/.test(character) && byte < 128
      ? character
      : `\\0${byte.toString(8).padStart(3, "0")}`;
  });
  return `"$(printf '%b' '${octal.join("")}')"${ending === "" ? "" : `'${ending}'`}`;
}

type Options = Readonly<Record<string, string | null | undefined>>;

/**
 * An AWS CLI command for a region, ready to paste. Collected values are quoted for the shell. Placeholders in capitals,
 * such as `SECRET_ARN`, are for the reader to fill in. Options that are `null` or `undefined` are omitted.
 */
export function aws(operation: string, { region }: Pick<RuleRef, "region">, options: Options): Command {
  const words = given({ region, ...options }).flatMap(([name, value]) => [`--${name}`, shellWord(value)]);
  return new Command(["aws", operation, ...words].join(" "));
}

/**
 * An AWS CLI command on a rule, for a script that runs unread. Each value is joined to its option with `=`, so that a
 * value that starts with a hyphen is not taken for an option.
 *
 * @param parameters as the API names them
 */
export function awsOnRule(
  operation: "create" | "update" | "delete" | "validate",
  { region }: Pick<RuleRef, "region">,
  parameters: Partial<RuleParameters>,
): string {
  const words = given({ region, ...parameters }).map(([name, value]) =>
    scriptWord(`--${spelled(name, "-")}=${value}`),
  );
  return ["aws", "ecr", `${operation}-pull-through-cache-rule`, ...words].join(" ");
}

function given(options: Options): readonly (readonly [name: string, value: string])[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value] as const],
  );
}

/** The command that creates a rule with the prefix of `ref`. */
export function createRule(ref: RuleRef, parts: RuleParts): Command {
  const parameters = parametersOf({ ...parts, ecrRepositoryPrefix: ref.prefix ?? "PREFIX" });
  const options = Object.entries(parameters).map(([name, value]) => [spelled(name, "-"), value]);
  return aws("ecr create-pull-through-cache-rule", ref, Object.fromEntries(options));
}

/** The command that changes a rule's credential or role. ECR cannot change anything else of a rule. */
export function updateRule(
  ref: RuleRef,
  change: { readonly "credential-arn": string } | { readonly "custom-role-arn": string },
): Command {
  return aws("ecr update-pull-through-cache-rule", ref, {
    "ecr-repository-prefix": ref.prefix,
    ...change,
  });
}

/** The command that deletes a rule. */
export function deleteRule(ref: RuleRef): Command {
  return aws("ecr delete-pull-through-cache-rule", ref, { "ecr-repository-prefix": ref.prefix });
}

/**
 * Instructions to change fields of a rule that only deleting and recreating it can change, and the effect on pulls.
 * The new rule may have a different prefix.
 */
export function recreateRule(ref: RuleRef, parts: RuleParts, successor: RuleRef = ref): Advice {
  return advice`In account ${ref.account}, delete the rule: ${deleteRule(ref)}; then create it again: ${createRule(successor, parts)}; cached images can be pulled throughout, other images only afterwards.`;
}

/** Instructions to create a secret and give it to a rule. The token is in a file to keep it out of the shell history. */
export function giveNewSecret(ref: RuleRef): Advice {
  const create = aws("secretsmanager create-secret", ref, {
    name: secretNameFor(ref),
    "secret-string": "file://credential.json",
  });
  const update = updateRule(ref, { "credential-arn": "SECRET_ARN" });
  return advice`In account ${ref.account}, store a user name and token (keys username and accessToken) in a secret: ${create}; then give the rule the ARN that this command prints: ${update}`;
}

/** A name for the secret of a rule, with the name prefix that ECR can read. */
export function secretNameFor({ prefix }: RuleRef): string {
  return `ecr-pullthroughcache/${withoutSlash(prefix ?? "NAME")}`;
}

/** The ARN of a resource in the account and region of `ref`. */
export function arnIn(
  service: "iam" | "lambda" | "secretsmanager",
  { account, region }: RuleRef,
  resource: string,
): string {
  const where = service === "iam" ? "" : region;
  return `arn:${partitionOf(region).id}:${service}:${where}:${account}:${resource}`;
}
