import { ConfigurationError } from "../core/problem.ts";
import { type GivenParameters, parameterNames } from "./cloudformation/scope.ts";
import { furtherDocuments, rulesOfTemplates } from "./cloudformation/template.ts";
import type { ReadRules, SourceLocation } from "./declared-rule.ts";
import { NotCodeError } from "./not-code.ts";
import { otherFormatOf } from "./other-formats.ts";
import { isServerless, rulesOfServerless } from "./serverless/serverless.ts";
import { frameworkParameters } from "./serverless/variables.ts";
import { parseSources, type Source, valueUnder } from "./source-tree.ts";
import type { PlanContext } from "./terraform/changes.ts";
import { parsedJson, plansInText } from "./terraform/plans-in-text.ts";
import { rulesOfPlan } from "./terraform/rules.ts";
import { TooLargeError } from "./too-large.ts";
import { serverlessYaml } from "./yaml-dialect.ts";

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
 * Reads the rules that a file declares: Terraform plans in JSON, a CloudFormation template in JSON or YAML, or a
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
  const json = parsedJson(text.replace(/^\uFEFF/, ""));
  const plans = plansInText(text, json);
  if (plans.length > 0) return rulesOfPlans(plans, { file, location });
  const other = otherFormatOf({ text, json });
  if (other !== null) throw new NotCodeError(file, [{ path: "$", message: other }]);
  const context = { file, location, given, within: "", line: "own" } as const;
  const sources = parseSources(text, file);
  const [first] = sources;
  if (first !== undefined && isServerless(first)) {
    const [source = first] = parseSources(text, file, serverlessYaml);
    const read = rulesOfServerless(source, context);
    const notRead = [...furtherDocuments(sources, context), ...read.notRead];
    const parameters = [...parametersOfParts(source), ...frameworkParameters(text, source)];
    return { file, format: "serverless", ...read, notRead, parameters };
  }
  const templates = templatesAmong(sources, file);
  const read = rulesOfTemplates(templates, context);
  return { file, format: "cloudformation", ...read, parameters: templates.flatMap(parameterNames) };
}

/** The rules of the plans of one file. A plan after the first is told apart by its number. */
function rulesOfPlans(
  plans: readonly unknown[],
  { file, location }: Omit<PlanContext, "within">,
): FileOfRules {
  const all = plans.map((plan, at) =>
    rulesOfPlan(plan, { file, location, within: at === 0 ? "" : `#${at + 1}/` }),
  );
  return {
    file,
    format: "terraform",
    rules: all.flatMap(({ rules }) => rules),
    departing: all.flatMap(({ departing }) => departing),
    notRead: all.flatMap(({ notRead }) => notRead),
    parameters: [],
  };
}

function parametersOfParts(source: Source): readonly string[] {
  const resources = valueUnder(source, "resources");
  const parts = resources?.kind === "list" ? resources.items : resources === undefined ? [] : [resources];
  return parts.flatMap(parameterNames);
}

/** The documents of a file, one of which must be a template. */
function templatesAmong(sources: readonly Source[], file: string): readonly Source[] {
  if (sources.some((source) => valueUnder(source, "Resources")?.kind === "map")) return sources;
  throw new NotCodeError(file, [
    {
      path: "$",
      message:
        "is not a Terraform plan (terraform show -json PLANFILE), a CloudFormation template (no Resources) or a serverless.yml",
    },
  ]);
}
