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

/** A zip that was unpacked as Lambda does it. */
export type DeployedFunction = AsyncDisposable & {
  /** Starts the handler in a process of its own, and invokes it once. */
  readonly invoke: (event: unknown, environment: Readonly<Record<string, string>>) => Promise<Outcome>;
};

/** Unpacks a zip where no folder above it has modules that the bundle could borrow. */
export async function deploy(zip: Uint8Array, handler: string): Promise<DeployedFunction> {
  const task = await mkdtemp(join(tmpdir(), "task-"));
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    if (name.endsWith("/")) continue;
    await mkdir(dirname(join(task, name)), { recursive: true });
    await writeFile(join(task, name), content);
  }
  return {
    invoke: (event, environment) =>
      new Promise((resolve, reject) => {
        const child = fork(runtime, [JSON.stringify(event)], {
          cwd: task,
          env: { ...environment, LAMBDA_TASK_ROOT: task, _HANDLER: handler },
          execArgv: [],
          stdio: ["ignore", "ignore", "pipe", "ipc"],
        });
        const complaints: string[] = [];
        child.stderr?.on("data", (chunk) => complaints.push(String(chunk)));
        child.once("message", (message) => resolve(outcomeSchema.parse(message)));
        child.once("exit", () =>
          reject(new Error(`The runtime ended without a word: ${complaints.join("")}`)),
        );
      }),
    [Symbol.asyncDispose]: () => rm(task, { recursive: true }),
  };
}
