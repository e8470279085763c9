import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { pathInside } from "../../audit/state/path-inside.ts";
import { messageOf } from "../../core/errors.ts";
import { parseRoleArn, parseSecretArn } from "../../ecr/arn.ts";
import { isKnownUpstream } from "../../ecr/upstream.ts";
import { renderPlanCli } from "../../formats/plan/cli.ts";
import { renderPlanCloudFormation } from "../../formats/plan/cloudformation.ts";
import { renderPlanJson } from "../../formats/plan/json.ts";
import { renderPlanTerraform } from "../../formats/plan/terraform.ts";
import { renderPlanText } from "../../formats/plan/text.ts";
import type { TextOptions } from "../../formats/text/text.ts";
import type { Offers } from "../../remediation/plan/decide-access.ts";
import type { RemediationPlan } from "../../schemas/remediation-plan.ts";
import { type FormatChoice, writeChoices } from "../format-choices.ts";
import { OutputError, tryOption, tryOutput, writeOutput } from "../output-file.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../terminal.ts";

type Credential = Offers["credentials"][number];

/** Reads one more `--credential UPSTREAM=ARN`. */
export function credentialOffer(text: string, previous: readonly Credential[]): readonly Credential[] {
  const [, upstream = "", arn = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (!isKnownUpstream(upstream) || parseSecretArn(arn) === null) {
    throw new InvalidArgumentError(`"${text}" must be UPSTREAM=SECRET_ARN, such as docker-hub=arn:aws:….`);
  }
  return [...previous, { upstream, arn }];
}

/** Reads one more `--role ARN`. */
export function roleOffer(text: string, previous: readonly string[]): readonly string[] {
  if (parseRoleArn(text) === null)
    throw new InvalidArgumentError(`"${text}" must be the ARN of an IAM role.`);
  return [...previous, text];
}

/** The formats of a plan. */
export const planFormatNames = ["text", "json", "cli", "cloudformation", "terraform"] as const;
type PlanFormatName = (typeof planFormatNames)[number];

/** The suffixes of the files in a format of a plan. CloudFormation has a folder of files. */
export const planSuffixes = {
  text: ["txt"],
  json: ["json"],
  cli: ["sh"],
  cloudformation: [],
  terraform: ["tf"],
} as const satisfies Record<PlanFormatName, readonly string[]>;

/**
 * Writes a plan in each requested format. CloudFormation needs one template for each registry: a file for each in the
 * named folder, or a single template on standard output.
 *
 * @throws OutputError if a file cannot be written
 * @throws UsageError if several templates would be written to standard output
 */
export async function writePlan(
  plan: RemediationPlan,
  choices: readonly FormatChoice<PlanFormatName>[],
  color: boolean,
  terminal: Terminal,
): Promise<void> {
  const templates = choices.some(({ name }) => name === "cloudformation") ? templatesOf(plan) : [];
  for (const { name, file } of choices) {
    if (name === "cloudformation" && file !== null) await writeTemplates(templates, file);
  }
  const others = choices.filter(({ name, file }) => name !== "cloudformation" || file === null);
  if (templates.length > 1 && others.some(({ name }) => name === "cloudformation")) {
    throw new UsageError(
      `--format cloudformation: the plan needs ${templates.length} templates, one for each registry. Name a folder for them, such as cloudformation=templates`,
    );
  }
  await writeChoices(others, color, terminal, (name, look) => render(name, plan, templates, look));
}

/** Creates the folders for templates and checks that they are writable. @throws UsageError if one is not */
export async function tryFolders(choices: readonly FormatChoice<PlanFormatName>[]): Promise<void> {
  for (const { name, file } of choices) {
    if (name !== "cloudformation" || file === null) continue;
    await tryOption(`--format cloudformation=${file}`, createFolder(file));
  }
}

async function createFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await tryOutput(join(path, "template.json"));
}

type Template = { readonly file: string; readonly text: string };

function templatesOf({ registries }: RemediationPlan): readonly Template[] {
  return registries.flatMap((registry) => {
    const text = renderPlanCloudFormation(registry);
    return text === null ? [] : [{ file: `${registry.account}-${registry.region}.json`, text }];
  });
}

async function writeTemplates(templates: readonly Template[], folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const { file, text } of templates) await writeOutput(join(folder, pathInside(file)), text);
  } catch (error) {
    throw new OutputError(`--format cloudformation=${folder}: ${messageOf(error)}`);
  }
}

function render(
  name: PlanFormatName,
  plan: RemediationPlan,
  templates: readonly Template[],
  look: TextOptions,
): string {
  switch (name) {
    case "text":
      return renderPlanText(plan, look);
    case "json":
      return renderPlanJson(plan);
    case "cli":
      return renderPlanCli(plan);
    case "cloudformation":
      return templates.map(({ text }) => text).join("");
    case "terraform":
      return renderPlanTerraform(plan);
  }
}
