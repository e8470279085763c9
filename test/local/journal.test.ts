import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJournal } from "../../src/local/journal.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pull-through-journal-"));
  path = join(folder, "plan.journal");
});
afterEach(() => rm(folder, { recursive: true }));

async function append(...values: readonly unknown[]): Promise<void> {
  await using journal = await openJournal(path);
  for (const value of values) await journal.append(value);
}

async function linesIn(): Promise<readonly unknown[]> {
  await using journal = await openJournal(path);
  return journal.lines;
}

describe("a journal", () => {
  it("begins empty, and keeps what is added to it", async () => {
    expect(await linesIn()).toEqual([]);
    await append({ a: "é\n" }, { b: 2 });
    await append({ c: 3 });
    expect(await linesIn()).toEqual([{ a: "é\n" }, { b: 2 }, { c: 3 }]);
  });

  it("does away with a last line that was cut short, and goes on after the line before it", async () => {
    await append({ a: "é" });
    await appendFile(path, '{"b": "é');
    await append({ c: 3 });
    expect(await readFile(path, "utf8")).toBe('{"a":"é"}\n{"c":3}\n');
  });

  it("refuses a file that is something else", async () => {
    await writeFile(path, "hello\n");
    await expect(openJournal(path)).rejects.toThrow(SyntaxError);
  });
});
