import * as z from "zod";
import { accountIdAt, isEvery, scaleSchema } from "../../test/simulator/worlds/scale.ts";

const benchRunSchema = z.object({
  scale: scaleSchema,
  concurrency: z.int(),
  /** The path of the policy by which the fleet is judged. */
  policy: z.string(),
});

/** What a child that goes to sea is told: the world that it will find there, and how many calls it may make at once. */
export type BenchRunInput = z.infer<typeof benchRunSchema>;

/** Reads what this child was told, with the accounts that are throttled. */
export function readRun(): BenchRunInput & { readonly isThrottled: (account: string) => boolean } {
  const input = benchRunSchema.parse(JSON.parse(process.argv[2] ?? ""));
  const { accounts, throttle } = input.scale;
  const all = Array.from({ length: accounts }, (_nothing, index) => index);
  const throttled = all.filter(
    (index) => throttle !== undefined && isEvery(throttle.everyAccount ?? 1, index),
  );
  const ids = new Set(throttled.map(accountIdAt));
  return { ...input, isThrottled: (account) => ids.has(account) };
}
