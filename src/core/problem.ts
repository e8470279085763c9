import { firstLines } from "./first-lines.ts";
import { inlineText } from "./inline-text.ts";

/** One problem of a policy or a configuration. */
export type Problem = {
  /** The location: a JSON path such as `$.scope.regions[0]`, or the name of a setting. */
  readonly path: string;
  /** The problem, as the end of a sentence that starts with the path. */
  readonly message: string;
};

/** An invalid policy or configuration. Contains all problems; its message names the first ones. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${inlineText(subject)}: ${count}`, ...firstLines(problems.map(problemLine))].join("\n"));
    this.problems = problems;
  }
}

/** The maximum number of characters of a line about a problem; a name or value can be as long as the file. */
const longestLine = 2_000;

/** A problem as a line of text. Names and values that it quotes from the file are made safe for terminals and CI. */
export function problemLine({ path, message }: Problem): string {
  const line = `${path} ${message}`;
  return `${inlineText(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)}`;
}

// Valid in JSON, but terminals interpret C1 controls and DEL, and the rest can deceive readers.
const deceptive = /[\u007f-\u009f\u2028\u2029\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

function quoted(name: string): string {
  return JSON.stringify(name).replace(deceptive, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** The JSON path (RFC 9535 notation) for `keys`. */
export function jsonPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    const name = String(key);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${quoted(name)}]`;
  }, "$");
}
