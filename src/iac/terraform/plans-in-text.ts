import { isNestedTooDeeply } from "../../core/nesting.ts";
import { isTerraformOutput } from "./plan.ts";

/** Parses JSON that is not nested too deeply; `undefined` if it is neither. */
export function parsedJson(text: string): unknown {
  if (isNestedTooDeeply(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The outputs of `terraform show -json` in a text: one, a list of them, one a line (`terragrunt show --all -json`), or
 * one among the lines of a tool that wraps Terraform. None if the text has another format.
 */
export function plansInText(text: string, json: unknown): readonly unknown[] {
  if (json !== undefined) {
    const items: readonly unknown[] = Array.isArray(json) ? json : [json];
    return items.length > 0 && items.every(isTerraformOutput) ? items : [];
  }
  // Nothing else is worth the search.
  if (!text.includes('"format_version"')) return [];
  const lines = text.split(/\r?\n/);
  const single = lines
    .filter((line) => line.includes('"format_version"'))
    .map((line) => parsedJson(line.slice(line.indexOf("{"))))
    .filter(isTerraformOutput);
  return single.length > 0 ? single : blocksAmong(lines).map(parsedJson).filter(isTerraformOutput);
}

/** The blocks of lines from one that begins with `{` to the next that begins with `}`. */
function blocksAmong(lines: readonly string[]): readonly string[] {
  const blocks: string[] = [];
  let start: number | null = null;
  for (const [at, line] of lines.entries()) {
    if (start === null && line.startsWith("{")) start = at;
    if (start === null || !line.startsWith("}")) continue;
    blocks.push(
      lines
        .slice(start, at + 1)
        .join("\n")
        .replace(/\}[^}]*$/, "}"),
    );
    start = null;
  }
  return blocks;
}
