import { isNestedTooDeeply } from "../core/nesting.ts";
import { ConfigurationError } from "../core/problem.ts";
import { type GivenParameters, parameterNames } from "./cloudformation/scope.ts";
import { rulesOfTemplate } from "./cloudformation/template.ts";
import type { DeclaredRule, SourceLocation } from "./declared-rule.ts";
import { isServerless, rulesOfServerless } from "./serverless/serverless.ts";
import { parseSource, type Source, valueUnder } from "./source-tree.ts";
import { isTerraformOutput } from "./terraform/plan.ts";
import { rulesOfPlan } from "./terraform/rules.ts";
import { TooLargeError } from "./too-large.ts";

/** The formats that rules are read from. */
export type CodeFormat = "terraform" | "cloudformation" | "serverless";

/** What a file of code says of rules. */
export type FileOfRules = {
  readonly file: string;
  readonly format: CodeFormat;
  readonly rules: readonly DeclaredRule[];
  /** The names of the parameters that can be given to it. */
  readonly parameters: readonly string[];
};

/** What is known of the deployment, besides the file. */
export type Deployment = { readonly location: SourceLocation; readonly given: GivenParameters };

/** A deployment of which nothing is known. */
export const anyDeployment: Deployment = { location: { account: null, region: null }, given: new Map() };

/**
 * Reads the rules out of the text of a file: a Terraform plan in JSON, a CloudFormation template in JSON or YAML,
 * or a serverless.yml. The text tells which it is, and never the file's name.
 *
 * @throws ConfigurationError with every problem at once when it is none of these
 */
export function rulesInFile(text: string, file: string, deployment: Deployment = anyDeployment): FileOfRules {
  try {
    return readRules(text, file, deployment);
  } catch (error) {
    if (error instanceof TooLargeError) throw refusal(file, error.message);
    // Conditions and mappings that name one another can be a chain as long as the file.
    if (error instanceof RangeError) throw refusal(file, "has parts that refer to one another too often");
    throw error;
  }
}

function refusal(file: string, message: string): ConfigurationError {
  return new ConfigurationError(file, [{ path: "$", message }]);
}

function readRules(text: string, file: string, { location, given }: Deployment): FileOfRules {
  const json = jsonIn(text);
  if (isTerraformOutput(json)) {
    return { file, format: "terraform", rules: rulesOfPlan(json, { file, location }), parameters: [] };
  }
  const source = parseSource(text, file);
  const context = { file, location, given };
  if (isServerless(source)) {
    const rules = rulesOfServerless(source, context);
    return { file, format: "serverless", rules, parameters: parametersOfParts(source) };
  }
  refuseOthers(source, file);
  const rules = rulesOfTemplate(source, context);
  return { file, format: "cloudformation", rules, parameters: parameterNames(source) };
}

function jsonIn(text: string): unknown {
  if (isNestedTooDeeply(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // Then it is YAML, or what the YAML parser has to say of it is told.
    return undefined;
  }
}

function parametersOfParts(source: Source): readonly string[] {
  const resources = valueUnder(source, "resources");
  const parts = resources?.kind === "list" ? resources.items : resources === undefined ? [] : [resources];
  return parts.flatMap(parameterNames);
}

function refuseOthers(source: Source, file: string): void {
  if (valueUnder(source, "Resources")?.kind === "map") return;
  throw new ConfigurationError(file, [
    {
      path: "$",
      message:
        "is neither a Terraform plan (terraform show -json PLANFILE), nor a CloudFormation template (it has no Resources), nor a serverless.yml",
    },
  ]);
}
