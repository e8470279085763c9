import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as z from "zod";

/** How many processes play seeds beside each other: some wait while others work. */
const processes = 4;

const seeds = seedsOf(process.env["STORM_SEED"], process.env["STORM_SEEDS"]);

const playedSchema = z.object({ seed: z.int(), problems: z.array(z.string()) });

/**
 * Plays some seeds in a process of their own. It is not told to end: that it does shows that no audit left anything
 * open.
 */
async function play(some: readonly number[]): Promise<readonly z.infer<typeof playedSchema>[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["test/storm/main.ts", ...some.map(String)],
    {
      maxBuffer: Number.POSITIVE_INFINITY,
    },
  );
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => playedSchema.parse(JSON.parse(line)));
}

function seedsOf(one: string | undefined, count = "200"): readonly number[] {
  return one === undefined
    ? Array.from({ length: Number(count) }, (_nothing, index) => index + 1)
    : [Number(one)];
}

describe("in any storm", () => {
  it("an audit accounts for every registry, passes nothing unseen, says what the oracle says, and ends", {
    timeout: 300_000 + seeds.length * 5_000,
  }, async () => {
    const hands = Array.from({ length: processes }, (_nothing, hand) =>
      seeds.filter((seed) => seed % processes === hand),
    );
    const played = (await Promise.all(hands.filter((hand) => hand.length > 0).map(play))).flat();
    const failed = played.filter(({ problems }) => problems.length > 0).map(inWords);
    expect(failed.join("\n\n")).toBe("");
    expect(played.map(({ seed }) => seed).sort((a, b) => a - b)).toEqual(seeds);
  });
});

function inWords({ seed, problems }: z.infer<typeof playedSchema>): string {
  const again = `STORM_SEED=${seed} npx vitest run test/storm`;
  return [`Seed ${seed}, again with: ${again}`, ...problems.map((problem) => `  ${problem}`)].join("\n");
}
