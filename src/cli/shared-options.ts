import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import * as z from "zod";
import { locationProblem, pathProblem } from "../app/location.ts";
import { settingProblem } from "../app/settings.ts";
import { problemsWith } from "../core/json-file.ts";
import { accountIdSchema, regionSchema } from "../ecr/target.ts";
import { organizationalUnitSchema } from "../policy/sections/scope.ts";
import { severities } from "../schemas/finding.ts";

/** Parses one value, which must satisfy `schema`. */
export function oneOf(schema: z.ZodType<string>) {
  return (text: string): string => {
    const parsed = schema.safeParse(text.trim(), { reportInput: true });
    if (parsed.success) return parsed.data;
    const [problem] = problemsWith(schema, parsed.error.issues);
    throw new InvalidArgumentError(`"${text}" ${problem?.message ?? "is not allowed"}.`);
  };
}

/** Parses `A,B,C`. Each part must satisfy `schema`. */
function listOf(schema: z.ZodType<string>) {
  const read = oneOf(schema);
  return (text: string): readonly string[] => text.split(",").map(read);
}

/** Rejects an empty text: an unset variable in a script must not silently select the default. */
export function notEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/** Accepts the path of a file or folder that is written: a URL would become a folder of that name. */
export function outputPath(text: string): string {
  const problem = pathProblem(notEmpty(text));
  if (problem !== null) throw new InvalidArgumentError(`It ${problem}.`);
  return text;
}

/** Selects the store that a command reads. */
export function storeOption() {
  return new Option(
    "--store <location>",
    "the store: a folder or s3://bucket/prefix (default: AUDIT_STORE)",
  ).argParser(location);
}

/** Accepts a path or a location in S3, but no URL with another scheme. */
function location(text: string): string {
  const problem = locationProblem(notEmpty(text));
  if (problem !== null) throw new InvalidArgumentError(`It ${problem}.`);
  return text;
}

/** Parses an option that overrides an environment variable. An invalid value is a usage error. */
export function settingOption(name: Parameters<typeof settingProblem>[0]) {
  return (text: string): string => {
    const problem = settingProblem(name, notEmpty(text));
    if (problem !== null) throw new InvalidArgumentError(`It ${problem}.`);
    return text;
  };
}

/** Limits concurrent calls to AWS. */
export function concurrencyOption() {
  return new Option("--concurrency <n>", "maximum number of concurrent calls to AWS").argParser(
    settingOption("AUDIT_CONCURRENCY"),
  );
}

/** Selects the role to assume in other accounts. */
export function roleNameOption() {
  return new Option("--role-name <name>", "role to assume in every other account").argParser(
    settingOption("AUDIT_ROLE_NAME"),
  );
}

/** Sets the external id for assuming the role. */
export function externalIdOption() {
  return new Option("--external-id <id>", "external id that the role requires").argParser(
    settingOption("AUDIT_EXTERNAL_ID"),
  );
}

/** Selects the policy. */
export function policyOption() {
  return new Option(
    "-p, --policy <file>",
    "the policy: a path or s3://bucket/key (default: the built-in policy)",
  ).argParser(location);
}

/** Narrows a command to some accounts. */
export function accountsOption() {
  return new Option("--accounts <ids>", "only these accounts, separated by commas").argParser(
    listOf(accountIdSchema),
  );
}

/** Narrows a command to some regions. */
export function regionsOption() {
  return new Option("--regions <names>", "only these regions").argParser(listOf(regionSchema));
}

/** Narrows a command to some rules. */
export function prefixesOption() {
  return new Option("--prefixes <names>", "only the rules with these prefixes").argParser(
    listOf(z.string().min(2).max(31)),
  );
}

/** Sets the organizational units of an account, for commands that do not call AWS. */
export function organizationalUnitsOption() {
  return new Option(
    "--organizational-units <ids>",
    "all organizational units that contain the account, at every level",
  )
    .argParser(listOf(organizationalUnitSchema))
    .default<readonly string[]>([]);
}

/** Sets the severity from which failures affect the exit code. */
export function failOnOption() {
  return new Option("--fail-on <severity>", "exit with 1 if a finding of at least this severity fails")
    .choices([...severities, "never"] as const)
    .default("low" as const);
}
