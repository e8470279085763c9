import type { SourceLocation } from "../declared-rule.ts";
import type { GivenParameters } from "./scope.ts";

/** What reading a template needs. */
export type TemplateContext = {
  readonly file: string;
  /** The account and region of the stack; unknown parts are `null`. */
  readonly location: SourceLocation;
  readonly given: GivenParameters;
  /** What the addresses in it begin with: empty for a file, `S/` for the template within `S`. */
  readonly within: string;
  /** The line that stands for every line of it; `own` if its lines are those of the file. */
  readonly line: "own" | number | null;
};

/** What has the same key is created in one registry. */
export function registryKeyOf({ file, within }: TemplateContext): string {
  return within === "" ? file : JSON.stringify([file, within]);
}

/** Where a part of a template is in the file. */
export function originIn(
  { file, within, line: lines, location }: TemplateContext,
  name: string,
  line: number,
) {
  return { file, location, address: `${within}${name}`, line: lines === "own" ? line : lines };
}
