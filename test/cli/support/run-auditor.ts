import { execFile } from "node:child_process";
import { packageFile } from "../../../src/package-file.ts";
import { collectText } from "./collected-text.ts";

/** What became of a run. */
export type Ended = { readonly code: number; readonly output: string; readonly errors: string };

/** What a user has set. */
export type Environment = Readonly<Record<string, string>>;

type Place = { readonly cwd?: string };

/** How a process is run. */
export type Reading = Place & {
  /** Whether anybody reads the output; otherwise its pipe is closed at once. */
  readonly isRead?: boolean;
  /** What it reads from standard input. */
  readonly input?: string;
};

/** Of the machine's own AWS set-up, nothing; a failed validation is asked again at once. */
const bare: Environment = {
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AUDIT_CONFIRM_AFTER_SECONDS: "0",
};

/** The run that began last: one process has one environment and one folder, so that runs wait for each other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line in this process, as in one of its own: for the time of the run the process is in its folder, and
 * has nothing of its own environment for AWS and the auditor.
 */
export function runAuditor(
  words: readonly string[],
  environment: Environment = {},
  place: Place = {},
): Promise<Ended> {
  const run = last.then(() => runAlone(words, { ...bare, ...environment }, place));
  last = run.catch(() => undefined);
  return run;
}

async function runAlone(words: readonly string[], environment: Environment, { cwd = "." }: Place) {
  const [before, folder, random] = [{ ...process.env }, process.cwd(), Math.random];
  setEnvironment(environment);
  process.chdir(cwd);
  // The SDK draws its pauses between attempts at random, up to seconds: here it always draws none.
  Math.random = () => 0;
  try {
    return await collectText(words, environment);
  } finally {
    Math.random = random;
    process.chdir(folder);
    setEnvironment(before);
  }
}

/** Has the variables for AWS and the auditor that are given, and no other. */
function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  const isOurs = (name: string) => /^(AUDIT|AWS)_/.test(name);
  for (const name of Object.keys(process.env).filter(isOurs)) delete process.env[name];
  for (const [name, value] of Object.entries(variables)) {
    if (isOurs(name) && value !== undefined) process.env[name] = value;
  }
}

/**
 * Runs the real command line in a process of its own, with nothing of this process's environment: for what only a
 * process shows, which is its exit code, its streams and its signals.
 */
export function runAuditorProcess(
  words: readonly string[],
  environment: Environment = {},
  { cwd = ".", isRead = true, input }: Reading = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const { NODE_COMPILE_CACHE = "" } = process.env;
    const env = { NODE_COMPILE_CACHE, ...bare, ...environment };
    const line = [packageFile("bin/auditor.ts"), ...words];
    const options = { env, cwd, maxBuffer: 100_000_000 };
    const child = execFile(packageFile("node_modules/.bin/node"), line, options, (_error, output, errors) => {
      resolve({ code: child.exitCode ?? -1, output, errors });
    });
    if (input !== undefined) child.stdin?.end(input);
    if (!isRead) child.stdout?.destroy();
  });
}
