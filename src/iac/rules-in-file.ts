import { isNestedTooDeeply } from "../core/nesting.ts";
import { ConfigurationError } from "../core/problem.ts";
import { type GivenParameters, parameterNames } from "./cloudformation/scope.ts";
import { rulesOfTemplate } from "./cloudformation/template.ts";
import type { ReadRules, SourceLocation } from "./declared-rule.ts";
import { isServerless, rulesOfServerless } from "./serverless/serverless.ts";
import { parseSource, type Source, valueUnder } from "./source-tree.ts";
import { isTerraformOutput } from "./terraform/plan.ts";
import { rulesOfPlan } from "./terraform/rules.ts";
import { TooLargeError } from "./too-large.ts";

/** The file formats that can declare rules. */
export type CodeFormat = "terraform" | "cloudformation" | "serverless";

/** The rules that a file of code declares. */
export type FileOfRules = ReadRules & {
  readonly file: string;
  readonly format: CodeFormat;
  /** The names of the parameters that it accepts. */
  readonly parameters: readonly string[];
};

/** The known facts of the deployment that the file does not contain. */
export type Deployment = { readonly location: SourceLocation; readonly given: GivenParameters };

/** A deployment without known facts. */
export const anyDeployment: Deployment = { location: { account: null, region: null }, given: new Map() };

/**
 * Reads the rules that a file declares: a Terraform plan in JSON, a CloudFormation template in JSON or YAML, or a
 * serverless.yml. The text determines the format; the file name does not.
 *
 * @throws ConfigurationError with every problem if the text has none of these formats
 */
export function rulesInFile(text: string, file: string, deployment: Deployment = anyDeployment): FileOfRules {
  try {
    return readRules(text, file, deployment);
  } catch (error) {
    if (error instanceof TooLargeError) throw refusal(file, error.message);
    // Conditions and mappings that refer to each other can form a chain as long as the file.
    if (error instanceof RangeError) throw refusal(file, "has too many parts that refer to each other");
    throw error;
  }
}

function refusal(file: string, message: string): ConfigurationError {
  return new ConfigurationError(file, [{ path: "$", message }]);
}

function readRules(text: string, file: string, { location, given }: Deployment): FileOfRules {
  const json = jsonIn(text);
  if (isTerraformOutput(json)) {
    return { file, format: "terraform", ...rulesOfPlan(json, { file, location }), parameters: [] };
  }
  const source = parseSource(text, file);
  const context = { file, location, given };
  if (isServerless(source)) {
    const read = rulesOfServerless(source, context);
    return { file, format: "serverless", ...read, parameters: parametersOfParts(source) };
  }
  refuseOthers(source, file);
  const read = rulesOfTemplate(source, context);
  return { file, format: "cloudformation", ...read, parameters: parameterNames(source) };
}

function jsonIn(text: string): unknown {
  if (isNestedTooDeeply(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // The text is not JSON. The YAML parser reports its errors.
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
        "is not a Terraform plan (terraform show -json PLANFILE), a CloudFormation template (no Resources) or a serverless.yml",
    },
  ]);
}
