import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { bring } from "../../tools/bring.ts";

let folder: string;
let installed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pull-through-bring-"));
  writeFileSync(join(folder, "package-lock.json"), "{}");
  installed = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Does what npm does first: it begins with an empty node_modules. */
function install(into: string): void {
  rmSync(join(into, "node_modules"), { recursive: true, force: true });
  mkdirSync(join(into, "node_modules"));
  installed.push(into);
}

describe("bring", () => {
  it("installs what is not there, once", () => {
    for (const _time of [1, 2, 3]) bring(folder, install);
    expect(installed).toEqual([folder]);
  });

  it("installs again when the lock file has changed", () => {
    bring(folder, install);
    writeFileSync(join(folder, "package-lock.json"), '{ "packages": {} }');
    for (const _time of [1, 2]) bring(folder, install);
    expect(installed).toEqual([folder, folder]);
  });

  it("installs again what was removed", () => {
    bring(folder, install);
    rmSync(join(folder, "node_modules"), { recursive: true });
    bring(folder, install);
    expect(installed).toEqual([folder, folder]);
  });

  it("tries again after an installation that broke off", () => {
    const breakOff = (into: string): void => {
      install(into);
      throw new Error("no network");
    };
    expect(() => bring(folder, breakOff)).toThrow("no network");
    bring(folder, install);
    expect(installed).toEqual([folder, folder]);
  });

  it("lets one of two processes install, and the other wait", async () => {
    const first = start();
    await first.said("installs");
    const second = start();
    await second.said("asks");
    writeFileSync(join(folder, "go"), "");
    expect(await Promise.all([first.code, second.code])).toEqual([0, 0]);
    expect(readFileSync(join(folder, "installations"), "utf8")).toBe("one\n");
  });

  it("waits no longer for a process that was killed", async () => {
    const first = start();
    await first.said("installs");
    first.kill();
    await first.code;
    bring(folder, install);
    expect(installed).toEqual([folder]);
  });
});

/** Starts a process that brings the folder. */
function start() {
  const child = spawn(process.execPath, [packageFile("test/tools/installing.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout);
  return {
    code: once(child, "close").then(([code]: readonly unknown[]) => code),
    kill: () => child.kill("SIGKILL"),
    said: (word: string) =>
      new Promise<void>((resolve, reject) => {
        lines.on("line", (line) => line === word && resolve());
        child.once("close", () => reject(new Error(`It ended without saying ${word}`)));
      }),
  };
}
