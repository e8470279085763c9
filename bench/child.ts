import { execFile } from "node:child_process";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type * as z from "zod";

const children = new URL("./children/", import.meta.url);

/** Options of a child process. */
export type ChildOptions = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
};

/**
 * Runs a script in a separate process, to measure it from a cold start and without other work.
 *
 * @param script the name of a file in bench/children, or the path of its bundle
 * @param input passed to the script as JSON
 * @returns the JSON that the script printed
 * @throws Error when it ends with an error, such as for lack of memory
 */
export async function runChild<Schema extends z.ZodType>(
  script: string,
  input: unknown,
  schema: Schema,
  { environment = {}, nodeOptions = [] }: ChildOptions = {},
): Promise<z.infer<Schema>> {
  const file = resolve(fileURLToPath(children), script);
  const run = promisify(execFile)(process.execPath, [...nodeOptions, file, JSON.stringify(input)], {
    env: { ...cleanEnvironment(), ...environment },
    maxBuffer: 100_000_000,
  });
  const { stdout } = await run.catch((error: unknown) => {
    throw new Error(`${basename(file)} ended: ${whyEnded(error)}`, { cause: error });
  });
  return schema.parse(JSON.parse(stdout));
}

function whyEnded(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes("JavaScript heap out of memory")) return "out of memory";
  return text.split("\n").find((line) => line.includes("Error:")) ?? text;
}

/**
 * The options with which Lambda starts Node.js in a function of this memory (`/var/runtime/bootstrap` of the Node.js
 * runtimes, by copies in public repositories, November 2026): on a larger machine the heap would grow before collecting
 * garbage.
 */
export function lambdaOptions(megabytes: number): readonly string[] {
  const ofMemory = (share: number) => Math.floor((megabytes * share) / 100);
  return [`--max-old-space-size=${ofMemory(90)}`, `--max-semi-space-size=${ofMemory(5)}`];
}

/** This process's environment without variables of AWS or the auditor. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|AUDIT)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}
