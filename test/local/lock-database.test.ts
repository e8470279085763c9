import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDatabase, openDatabaseInChild } from "../../src/local/lock-database.ts";

const ways = { "in this process": openDatabase, "in a child process": openDatabaseInChild };
const pairs = Object.entries(ways).flatMap(([one, open]) =>
  Object.entries(ways).map(([other, openOther]) => ({ one, other, open, openOther })),
);

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lock-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe.each(pairs)("a lock $one", ({ other, open, openOther }) => {
  it(`excludes one ${other} until it is closed`, async () => {
    const path = join(await aFolder(), "state.json.lock");
    await using waiting = await openOther(path);
    {
      await using holding = await open(path);
      expect(await holding.tryLock()).toBe(true);
      expect(await waiting.tryLock()).toBe(false);
      expect(await waiting.tryLock()).toBe(false);
    }
    expect(await waiting.tryLock()).toBe(true);
  });
});

it.each(Object.entries(ways))("reports a file that cannot be opened %s", async (_where, open) => {
  const path = join(await aFolder(), "missing", "state.json.lock");
  const locking = async () => {
    await using database = await open(path);
    await database.tryLock();
  };
  await expect(locking()).rejects.toThrow("unable to open database file");
});
