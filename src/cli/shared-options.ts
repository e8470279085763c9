import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import * as z from "zod";
import { locationProblem } from "../app/location.ts";
import { settingProblem } from "../app/settings.ts";
import { accountIdSchema, regionSchema } from "../ecr/target.ts";
import { organizationalUnitSchema } from "../policy/sections/scope.ts";
import { severities } from "../schemas/finding.ts";

/** Reads one value, which must satisfy `schema`. */
export function oneOf(schema: z.ZodType<string>) {
  return (text: string): string => {
    const parsed = schema.safeParse(text.trim());
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`"${text}" ${parsed.error.issues[0]?.message ?? "is not allowed"}.`);
  };
}

/** Reads `A,B,C`; each part must satisfy `schema`. */
function listOf(schema: z.ZodType<string>) {
  const read = oneOf(schema);
  return (text: string): readonly string[] => text.split(",").map(read);
}

/** Takes any text but none: an unset variable in a script must not quietly mean the default. */
export function notEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/** Names the store that a command reads. */
export function storeOption() {
  return new Option(
    "--store <place>",
    "the store: a folder or s3://bucket/prefix (default: AUDIT_STORE)",
  ).argParser(location);
}

/** Takes a path or a place in S3, and no address with another scheme. */
function location(text: string): string {
  const problem = locationProblem(notEmpty(text));
  if (problem !== null) throw new InvalidArgumentError(`It ${problem}.`);
  return text;
}

/** Adds one more value of a repeatable option to those before. */
export function repeatable(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** Reads an option that stands for a setting of the environment: what is wrong with it is bad usage. */
export function settingOption(name: Parameters<typeof settingProblem>[0]) {
  return (text: string): string => {
    const problem = settingProblem(name, notEmpty(text));
    if (problem !== null) throw new InvalidArgumentError(`It ${problem}.`);
    return text;
  };
}

/** Limits the calls to AWS. */
export function concurrencyOption() {
  return new Option("--concurrency <n>", "calls to AWS under way at once").argParser(
    settingOption("AUDIT_CONCURRENCY"),
  );
}

/** Names the role by which other accounts are reached. */
export function roleNameOption() {
  return new Option("--role-name <name>", "the role to assume in every account but the own").argParser(
    settingOption("AUDIT_ROLE_NAME"),
  );
}

/** Tells the external id that goes with the role. */
export function externalIdOption() {
  return new Option("--external-id <id>", "the external id that the role asks for").argParser(
    settingOption("AUDIT_EXTERNAL_ID"),
  );
}

/** Names the policy. */
export function policyOption() {
  return new Option(
    "--policy <file>",
    "the policy: a path or s3://bucket/key (default: the one that comes along)",
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

/** Tells where an account lies, for commands that do not ask AWS. */
export function organizationalUnitsOption() {
  return new Option(
    "--organizational-units <ids>",
    "the units that the account lies in, at every depth: AWS is not asked",
  )
    .argParser(listOf(organizationalUnitSchema))
    .default<readonly string[]>([]);
}

/** Tells which failures matter to the exit code. */
export function failOnOption() {
  return new Option("--fail-on <severity>", "exit with 1 from this severity on")
    .choices([...severities, "never"] as const)
    .default("low" as const);
}
