import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomically } from "../../src/local/atomic-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "atomic-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("writeFileAtomically", () => {
  it("writes a new file, and leaves nothing else behind", async () => {
    await writeFileAtomically(join(folder, "new.json"), "text");
    expect(await readFile(join(folder, "new.json"), "utf8")).toBe("text");
    expect(await readdir(folder)).toEqual(["new.json"]);
  });

  it("replaces a file, while readers of the old one read on", async () => {
    const path = join(folder, "old.json");
    await writeFile(path, "old");
    await using reading = await open(path);
    await writeFileAtomically(path, "new");
    expect(await reading.readFile("utf8")).toBe("old");
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["old.json"]);
  });

  it("leaves nothing behind when a folder has the path", async () => {
    const path = join(folder, "taken");
    await mkdir(join(path, "inside"), { recursive: true });
    await expect(writeFileAtomically(path, "text")).rejects.toThrow();
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it("throws when there is no such folder", async () => {
    await expect(writeFileAtomically(join(folder, "none", "file"), "text")).rejects.toThrow("ENOENT");
    expect(await readdir(folder)).toEqual([]);
  });
});
