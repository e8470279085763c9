import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPolicy } from "../../src/app/policy.ts";
import { inputLimits } from "../../src/core/input-limits.ts";
import { readLimited } from "../../src/local/read-limited.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "limited-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A named pipe into which `text` is written. The writer ends when its reader does. */
async function pipeOf(text: string) {
  const path = join(folder, "pipe");
  await promisify(execFile)("mkfifo", [path]);
  const written = writeFile(path, text).catch((error: unknown) => error);
  return { path, written };
}

describe("readLimited", () => {
  it("reads a file as large as may be, and characters across chunks", async () => {
    const path = join(folder, "file");
    const text = `a${"\u00e9".repeat(70_000)}`;
    await writeFile(path, text);
    expect(await readLimited(path, 140_001)).toBe(text);
    await expect(readLimited(path, 140_000)).rejects.toThrow(
      "it has 140001 bytes, and at most 140000 are read",
    );
  });

  it("reads a pipe up to the limit", async () => {
    const { path, written } = await pipeOf("x".repeat(200_000));
    expect(await readLimited(path, 200_000)).toHaveLength(200_000);
    expect(await written).toBeUndefined();
  });

  it("stops reading a pipe beyond the limit", async () => {
    const { path, written } = await pipeOf("x".repeat(5_000_000));
    await expect(readLimited(path, 100_000)).rejects.toThrow(
      "it has more than the 100000 bytes that are read",
    );
    expect(await written).toMatchObject({ code: "EPIPE" });
  });

  it("stops reading a device that never ends", async () => {
    await expect(readLimited("/dev/zero", 100_000)).rejects.toThrow("it has more than the 100000 bytes");
  });
});

describe("a policy that is too large", () => {
  it("is refused by its size", async () => {
    const path = join(folder, "policy.json");
    await writeFile(path, " ".repeat(inputLimits.policyBytes + 1));
    await expect(readPolicy(path)).rejects.toThrow(
      "could not be read: it has 1048577 bytes, and at most 1048576 are read",
    );
  });
});
