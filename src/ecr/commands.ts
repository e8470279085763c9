import { partitionOf } from "./partition.ts";
import { withoutSlash } from "./prefix.ts";
import type { RuleRef } from "./registry.ts";
import { parametersOf, type RuleParameters, type RuleParts, spelled } from "./rule.ts";

/** A text as one word of a POSIX shell, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

// What steers a terminal or hides in it, and what a CI system takes for a command when the script is printed.
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|::|##/u;

/**
 * A text as one word of a script that may be printed. Text that would steer a terminal or a CI system is written in
 * octal, which `printf` of any POSIX shell reads. Line breaks at its end follow in quotes, because `$(…)` drops them.
 */
function scriptWord(text: string): string {
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
 * A command of the AWS CLI in a region, ready to be pasted: what was collected is quoted for the shell. Words in capitals,
 * such as `SECRET_ARN`, are for people to fill in. An option that is `null` is left out.
 */
export function aws(operation: string, { region }: Pick<RuleRef, "region">, options: Options): string {
  const words = given({ region, ...options }).flatMap(([name, value]) => [`--${name}`, shellWord(value)]);
  return ["aws", operation, ...words].join(" ");
}

/**
 * A command about a rule for a script that nobody reads before it runs: each value is joined to its option, so that one
 * which begins with a hyphen stays a value.
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

/** Creates a rule with the reference's prefix. */
export function createRule(ref: RuleRef, parts: RuleParts): string {
  const parameters = parametersOf({ ...parts, ecrRepositoryPrefix: ref.prefix ?? "PREFIX" });
  const options = Object.entries(parameters).map(([name, value]) => [spelled(name, "-"), value]);
  return aws("ecr create-pull-through-cache-rule", ref, Object.fromEntries(options));
}

/** Gives the place's rule another credential or role: nothing else of a rule can be changed. */
export function updateRule(
  ref: RuleRef,
  change: { readonly "credential-arn": string } | { readonly "custom-role-arn": string },
): string {
  return aws("ecr update-pull-through-cache-rule", ref, {
    "ecr-repository-prefix": ref.prefix,
    ...change,
  });
}

/** Deletes the place's rule. */
export function deleteRule(ref: RuleRef): string {
  return aws("ecr delete-pull-through-cache-rule", ref, { "ecr-repository-prefix": ref.prefix });
}

/**
 * How to give the place's rule other parts, which works only by making it anew, and what that does to pulls.
 * Its successor may have a prefix of its own.
 */
export function makeAnew(ref: RuleRef, parts: RuleParts, successor: RuleRef = ref): string {
  return `In account ${ref.account} delete the rule: ${deleteRule(ref)}; then create it anew: ${createRule(successor, parts)}; cached images can be pulled all the while, others only afterwards.`;
}

/** How to make a secret and give it to the place's rule; a file keeps the token out of the shell's history. */
export function giveNewSecret(ref: RuleRef): string {
  const create = aws("secretsmanager create-secret", ref, {
    name: secretNameFor(ref),
    "secret-string": "file://credential.json",
  });
  const update = updateRule(ref, { "credential-arn": "SECRET_ARN" });
  return `In account ${ref.account} put a user name and token (keys username and accessToken) into a secret: ${create}; then give the rule the ARN that this prints: ${update}`;
}

/** A name for the secret of the place's rule that ECR can read. */
export function secretNameFor({ prefix }: RuleRef): string {
  return `ecr-pullthroughcache/${withoutSlash(prefix ?? "NAME")}`;
}

/** The ARN of something that belongs to the place's account. */
export function arnIn(
  service: "iam" | "secretsmanager",
  { account, region }: RuleRef,
  resource: string,
): string {
  const where = service === "iam" ? "" : region;
  return `arn:${partitionOf(region).id}:${service}:${where}:${account}:${resource}`;
}
