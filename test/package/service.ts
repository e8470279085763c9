import { type ChildProcess, execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { parse, stringify } from "yaml";
import * as z from "zod";

const project = fileURLToPath(new URL("../..", import.meta.url));
const serverless = join(project, "node_modules/serverless/bin/serverless.js");

/** After so many milliseconds Serverless hangs, however busy the machine is. */
const timeout = 500_000;

/** All that Serverless reads, but for the modules. */
const sources = [
  "package.json",
  "serverless.yml",
  "serverless",
  "functions",
  "src",
  "policies",
  "THIRD-PARTY-NOTICES.txt",
];

/** How a run ended; without an exit code when it hung and was ended. */
type Ended = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** A place in which Serverless can work without disturbing others that package the same sources. */
export type Service = AsyncDisposable & {
  readonly directory: string;
  /** Runs Serverless with nothing of this machine's environment but the programs: no AWS set-up, no home. */
  readonly run: (words: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Ended>;
  /** Starts Serverless in the same way, and is done once it has said `ready`. Disposing ends it. */
  readonly start: (
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
    ready: string,
  ) => Promise<AsyncDisposable>;
};

/** Opens a service that has a copy of this project's sources, and no outputs yet. */
export async function openService(): Promise<Service> {
  return openServiceOf(sources);
}

/** Opens a service that packages no code: for those who look at the template alone. */
export async function openServiceWithoutCode(): Promise<Service> {
  const service = await openServiceOf(["package.json", "serverless.yml", "serverless"]);
  const file = join(service.directory, "serverless.yml");
  const definition = z
    .looseObject({ plugins: z.array(z.string()) })
    .parse(parse(await readFile(file, "utf8")));
  const plugins = definition.plugins.filter((plugin) => plugin.includes("nothing-forgotten"));
  await writeFile(file, stringify({ ...definition, plugins, package: { artifact: "nothing.zip" } }));
  await writeFile(join(service.directory, "nothing.zip"), zipSync({}));
  return service;
}

async function openServiceOf(names: readonly string[]): Promise<Service> {
  const root = await mkdtemp(join(tmpdir(), "pull-through-auditor-"));
  const [home, directory] = [join(root, "home"), join(root, "service")];
  await Promise.all([mkdir(home), mkdir(directory)]);
  // A developer's own installation is not what is tested.
  const filter = (source: string): boolean => !source.endsWith(join("serverless", "installation.yml"));
  await Promise.all(
    names.map((name) => cp(join(project, name), join(directory, name), { recursive: true, filter })),
  );
  for (const name of ["node_modules", "tools"]) await symlink(join(project, name), join(directory, name));
  const begin = (words: readonly string[], environment: Readonly<Record<string, string>>) => {
    const env = { PATH: process.env["PATH"], HOME: home, TMPDIR: home, ...environment };
    return execFile(process.execPath, [serverless, ...words], { cwd: directory, env, timeout });
  };
  return {
    directory,
    run: (words, environment = {}) => ended(begin(words, environment)),
    start: async (words, environment, ready) => {
      const child = begin(words, environment);
      await said(child, ready);
      return { [Symbol.asyncDispose]: () => stop(child) };
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
}

/** @throws Error with all that was said when the process ends before it is ready */
async function said(child: ChildProcess, ready: string): Promise<void> {
  const words: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: unknown): void => {
      words.push(String(chunk));
      if (words.join("").includes(ready)) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("close", () => reject(new Error(`Serverless ended before it was ready: ${words.join("")}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await closed;
}

async function ended(child: ChildProcess): Promise<Ended> {
  child.stdin?.end();
  const [exitCode, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve) => child.once("close", resolve)),
    textOf(child.stdout),
    textOf(child.stderr),
  ]);
  return { exitCode, stdout, stderr };
}

async function textOf(stream: Readable | null): Promise<string> {
  return stream === null ? "" : text(stream);
}

/** Packages the service, and leaves what would be deployed in a folder. */
export async function packageInto(service: Service, folder: string, words: readonly string[]): Promise<void> {
  await packaged(service, words);
  await cp(join(service.directory, ".serverless"), folder, { recursive: true });
}

/** Packages the service with these options, and answers with its template. */
export async function packageTemplate(service: Service, words: readonly string[]): Promise<unknown> {
  const output = await packaged(service, words);
  return JSON.parse((await output("cloudformation-template-update-stack.json")).toString());
}

async function packaged(service: Service, words: readonly string[]) {
  const { exitCode, stdout } = await service.run(["package", ...words]);
  if (exitCode !== 0) throw new Error(`The service could not be packaged: ${stdout}`);
  return (name: string) => readFile(join(service.directory, ".serverless", name));
}
