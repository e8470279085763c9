import { Option } from "@commander-js/extra-typings";
import * as z from "zod";
import { severities } from "../model/finding.ts";
import { accountIdSchema, regionSchema } from "../model/target.ts";
import { organizationalUnitSchema } from "../policy/sections/scope.ts";
import { listOf, place } from "./list-options.ts";

/** Names the policy. */
export function policyOption() {
  return new Option(
    "--policy <file>",
    "the policy: a path or s3://bucket/key (default: the one that comes along)",
  ).argParser(place);
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
