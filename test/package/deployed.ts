import { fork } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import * as z from "zod";

const runtime = fileURLToPath(new URL("lambda-runtime.ts", import.meta.url));

const outcomeSchema = z.discriminatedUnion("end", [
  z.object({ end: z.literal("answered"), response: z.unknown() }),
  z.object({ end: z.literal("failed"), errorType: z.string(), errorMessage: z.string() }),
]);

/** How an invocation ended, as Lambda would tell its caller. */
export type Outcome = z.infer<typeof outcomeSchema>;

/** An outcome, and the lines that the process has logged until then. */
type LoggedOutcome = { readonly outcome: Outcome; readonly lines: readonly string[] };

/** A zip that was unpacked as Lambda does it. */
export type DeployedFunction = AsyncDisposable & {
  /** Starts the handler in a process of its own, and invokes it once. */
  readonly invoke: (event: unknown, environment: Readonly<Record<string, string>>) => Promise<Outcome>;
  /** As {@link DeployedFunction.invoke}, with the log. */
  readonly invokeLogged: (
    event: unknown,
    environment: Readonly<Record<string, string>>,
  ) => Promise<LoggedOutcome>;
};

/** Unpacks a zip where no folder above it has modules that the bundle could borrow. */
export async function deploy(zip: Uint8Array, handler: string): Promise<DeployedFunction> {
  const task = await mkdtemp(join(tmpdir(), "task-"));
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    if (name.endsWith("/")) continue;
    await mkdir(dirname(join(task, name)), { recursive: true });
    await writeFile(join(task, name), content);
  }
  const invokeLogged = (event: unknown, environment: Readonly<Record<string, string>>) =>
    new Promise<LoggedOutcome>((resolve, reject) => {
      const child = fork(runtime, [JSON.stringify(event)], {
        cwd: task,
        env: { ...environment, LAMBDA_TASK_ROOT: task, _HANDLER: handler },
        execArgv: [],
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      const log: string[] = [];
      for (const output of [child.stdout, child.stderr])
        output?.on("data", (chunk) => log.push(String(chunk)));
      let outcome: Outcome | undefined;
      child.once("message", (message) => {
        outcome = outcomeSchema.parse(message);
      });
      child.once("close", () => {
        const lines = log
          .join("")
          .split("\n")
          .filter((line) => line !== "");
        if (outcome === undefined)
          reject(new Error(`The runtime ended without an outcome: ${lines.join("\n")}`));
        else resolve({ outcome, lines });
      });
    });
  return {
    invokeLogged,
    invoke: async (event, environment) => (await invokeLogged(event, environment)).outcome,
    [Symbol.asyncDispose]: () => rm(task, { recursive: true }),
  };
}
