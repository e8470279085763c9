/**
 * Runs a command with packages that only some scripts need: `node tools/with.ts FOLDER… -- COMMAND…`. Each folder has its own
 * package.json and lock file. Installs the folders that are not up to date and puts their programs in the PATH.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { delimiter, join, relative } from "node:path";
import { bring } from "./bring.ts";

const project = join(import.meta.dirname, "..");
const onWindows = process.platform === "win32";

const words = process.argv.slice(2);
const end = words.includes("--") ? words.indexOf("--") : words.length;
const folders = words.slice(0, end);
const [program, ...rest] = words.slice(end + 1);

for (const folder of folders) bring(join(project, folder), install);
if (program !== undefined) run(program, rest);

/**
 * npm's output is shown only if it fails, because deprecation warnings only concern maintainers. It is shown even if npm runs
 * this script with `--silent`.
 */
function install(folder: string): void {
  const name = relative(project, folder);
  process.stderr.write(`Installing the packages of ${name}, which this script needs.\n`);
  const line = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error, stdout, stderr } = spawnSync("npm", line, {
    cwd: folder,
    encoding: "utf8",
    // On Windows npm is a shell script.
    shell: onWindows,
  });
  if (status === 0) return;
  const said = error?.message ?? `${stdout}${stderr}`;
  process.stderr.write(`${said}\nThe packages of ${name} could not be installed; npm says above why.\n`);
  process.exit(1);
}

/** Exits with the command's exit code or signal. */
function run(name: string, options: readonly string[]): void {
  const programs = folders.map((folder) => join(project, folder, "node_modules/.bin"));
  const path = [...programs, process.env["PATH"]].join(delimiter);
  const child = start(name, options, { ...process.env, PATH: path });
  // The terminal signals both processes; the command decides what to do.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${name} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

/** On Windows the packages' programs are shell scripts, and the shell splits the command line itself. */
function start(name: string, options: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  if (!onWindows) return spawn(name, options, { stdio: "inherit", env });
  const line = [name, ...options].map((word) => `"${word.replaceAll('"', '""')}"`).join(" ");
  return spawn(line, { stdio: "inherit", env, shell: true });
}
