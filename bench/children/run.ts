import * as z from "zod";
import { accountIdAt, isEvery, scaleSchema } from "../../test/simulator/worlds/scale.ts";

const workSchema = z.object({
  scale: scaleSchema,
  concurrency: z.int(),
  /** The path of the fleet's policy. */
  policy: z.string(),
});

/** The input of a child that calls the simulator: the simulated world, and the limit of parallel calls. */
export type BenchRunInput = z.infer<typeof workSchema>;

/** Reads this child's input, and derives the throttled accounts. */
export function readRun(): BenchRunInput & { readonly isThrottled: (account: string) => boolean } {
  const input = workSchema.parse(JSON.parse(process.argv[2] ?? ""));
  const { accounts, throttle } = input.scale;
  const all = Array.from({ length: accounts }, (_nothing, index) => index);
  const throttled = all.filter(
    (index) => throttle !== undefined && isEvery(throttle.everyAccount ?? 1, index),
  );
  const ids = new Set(throttled.map(accountIdAt));
  return { ...input, isThrottled: (account) => ids.has(account) };
}
