import { firstOf } from "./first-of.ts";

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
    const lines = problems.map(({ path, message }) => `${path} ${message}`);
    super([`${subject}: ${count}`, ...firstOf(lines)].join("\n"));
    this.problems = problems;
  }
}

/** A JSON path (RFC 9535 notation) to the place that `keys` lead to. */
export function jsonPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    const name = String(key);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
  }, "$");
}
