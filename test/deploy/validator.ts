import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, RegoEngine, TemplateFile } from "@aws/cloudformation-validate";

/** What decides what is deployed, by the names that the template gives it. */
type Parameters = Readonly<Record<string, string>>;

let engine: Engine | undefined;

/** The errors and warnings of AWS's own rules about a template file, with other values than its parameters' defaults. */
export function complaintsAboutFile(file: string, parameterOverrides: Parameters = {}): readonly string[] {
  // Created once: creating it takes longer than validating a template.
  engine ??= new RegoEngine();
  const { diagnostics } = engine.validateStandard(new TemplateFile(file), {
    severityLevel: "WARN",
    parameterOverrides,
  });
  return diagnostics.map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`);
}

/** The errors and warnings about a template, once for each set of parameters. */
export async function complaintsAbout(
  template: unknown,
  combinations: readonly Parameters[] = [{}],
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "template-"));
  const file = join(folder, "template.json");
  await writeFile(file, JSON.stringify(template));
  const complaints = combinations.flatMap((combination) =>
    complaintsAboutFile(file, combination).map((each) => `${each} (${JSON.stringify(combination)})`),
  );
  await rm(folder, { recursive: true });
  return complaints;
}
