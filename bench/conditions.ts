import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Scale } from "../test/simulator/worlds/scale.ts";

const simulatorMain = fileURLToPath(new URL("../test/simulator/main.ts", import.meta.url));

const startedSchema = z.object({ env: z.record(z.string(), z.string()) });
const figuresSchema = z.object({ requests: z.int(), inVain: z.int() });

/** What came of something that was done at sea, and what it took there. */
export type BenchRun<T> = { readonly result: T } & z.infer<typeof figuresSchema>;

/**
 * Starts a simulator in a process of its own, does something with it, and stops it.
 *
 * @param voyage is given the environment in which the AWS SDK arrives at the simulator
 */
export async function atSea<T>(
  scale: Scale,
  benchRun: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<BenchRun<T>> {
  const simulator = spawn(process.execPath, [simulatorMain, "scale", "--scale", JSON.stringify(scale)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const lines = createInterface(simulator.stdout)[Symbol.asyncIterator]();
    const { env } = startedSchema.parse(JSON.parse((await lines.next()).value ?? ""));
    const result = await benchRun(env);
    simulator.stdin.end();
    return { result, ...figuresSchema.parse(JSON.parse((await lines.next()).value ?? "")) };
  } finally {
    simulator.kill();
  }
}
