import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as z from "zod";

/** How many seeds one process plays. */
const blockSize = 20;

const seeds = seedsOf(process.env["FUZZ_SEED"], process.env["FUZZ_SEEDS"]);
const blocks = Array.from({ length: Math.ceil(seeds.length / blockSize) }, (_nothing, index) =>
  seeds.slice(index * blockSize, (index + 1) * blockSize),
);

const playedSchema = z.object({ seed: z.int(), problems: z.array(z.string()) });

/**
 * Plays some seeds in a separate process. Nothing ends the process explicitly: that it ends shows that no audit left a
 * handle open.
 */
async function play(some: readonly number[]): Promise<readonly z.infer<typeof playedSchema>[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ["test/fuzz/main.ts", ...some.map(String)], {
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => playedSchema.parse(JSON.parse(line)));
}

function seedsOf(one: string | undefined, count = "200"): readonly number[] {
  return one === undefined
    ? Array.from({ length: Number(count) }, (_nothing, index) => index + 1)
    : [Number(one)];
}

/** Several blocks run concurrently (vitest's `maxConcurrency`), because their audits mostly wait. */
describe.concurrent("under any faults an audit accounts for every registry, passes nothing unread, agrees with the oracle, and ends:", () => {
  it.each(blocks.map((block) => [block[0], block.at(-1), block] as const))(
    "seeds %i to %i",
    async (_first, _last, block) => {
      const played = await play(block);
      const failed = played.filter(({ problems }) => problems.length > 0).map(textOf);
      expect(failed.join("\n\n")).toBe("");
      expect(played.map(({ seed }) => seed)).toEqual(block);
    },
  );
});

function textOf({ seed, problems }: z.infer<typeof playedSchema>): string {
  const again = `FUZZ_SEED=${seed} npx vitest run test/fuzz`;
  return [`Seed ${seed}, again with: ${again}`, ...problems.map((problem) => `  ${problem}`)].join("\n");
}
