import { firstLines } from "./first-lines.ts";
import { inlineText } from "./inline-text.ts";

/** One thing that is wrong with a policy or a configuration. */
export type Problem = {
  /** Where: a JSON path such as `$.scope.regions[0]`, or the name of a setting. */
  readonly path: string;
  /** What is wrong there, as the end of a sentence that begins with the path. */
  readonly message: string;
};

/** A policy or configuration that can not be used. Carries every problem at once; its message names the first. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${inlineText(subject)}: ${count}`, ...firstLines(problems.map(problemLine))].join("\n"));
    this.problems = problems;
  }
}

/** The characters of a line about a problem; a name or a value of a file can be as long as the file. */
const longestLine = 2_000;

/** A problem as a line: the names and values of the file that it quotes do nothing to a terminal or to CI. */
export function problemLine({ path, message }: Problem): string {
  const line = `${path} ${message}`;
  return `${inlineText(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)}`;
}

// Legal within JSON, but a terminal obeys C1 controls and DEL, and readers are deceived by the rest.
const deceptive = /[\u007f-\u009f\u2028\u2029\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

function quoted(name: string): string {
  return JSON.stringify(name).replace(deceptive, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** A JSON path (RFC 9535 notation) to the place that `keys` lead to. */
export function jsonPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    const name = String(key);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${quoted(name)}]`;
  }, "$");
}
