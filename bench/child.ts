import { execFile } from "node:child_process";
import { resolve } from "node:path";
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
 */
export async function runChild<Schema extends z.ZodType>(
  script: string,
  input: unknown,
  schema: Schema,
  { environment = {}, nodeOptions = [] }: ChildOptions = {},
): Promise<z.infer<Schema>> {
  const file = resolve(fileURLToPath(children), script);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...nodeOptions, file, JSON.stringify(input)],
    {
      env: { ...cleanEnvironment(), ...environment },
      maxBuffer: 100_000_000,
    },
  );
  return schema.parse(JSON.parse(stdout));
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
