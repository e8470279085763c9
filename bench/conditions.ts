import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Scale } from "../test/simulator/worlds/scale.ts";

const simulatorMain = fileURLToPath(new URL("../test/simulator/main.ts", import.meta.url));

const startedSchema = z.object({ env: z.record(z.string(), z.string()) });
const figuresSchema = z.object({
  requests: z.int(),
  inVain: z.int(),
  firstRequestAt: z.number().nullable(),
});

/** The result of some work against a simulator, and the requests that it made. */
export type BenchRun<T> = { readonly result: T } & z.infer<typeof figuresSchema>;

/**
 * Starts a simulator in a separate process, runs `work` against it, and stops it.
 *
 * @param work receives the environment variables that point the AWS SDK to the simulator
 */
export async function withSimulator<T>(
  scale: Scale,
  work: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<BenchRun<T>> {
  const simulator = spawn(process.execPath, [simulatorMain, "scale", "--scale", JSON.stringify(scale)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const lines = createInterface(simulator.stdout)[Symbol.asyncIterator]();
    const { env } = startedSchema.parse(JSON.parse((await lines.next()).value ?? ""));
    const result = await work(env);
    simulator.stdin.end();
    return { result, ...figuresSchema.parse(JSON.parse((await lines.next()).value ?? "")) };
  } finally {
    simulator.kill();
  }
}
