import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pull-through-with-"));
});

afterEach(() => rm(folder, { recursive: true }));

/** Writes a package that has a program `greet` of its own, and its lock file, for which npm needs no network. */
async function writePackage({ locked }: { readonly locked: boolean }): Promise<void> {
  const greeter = { name: "greeter", version: "1.0.0", bin: { greet: "greet.js" } };
  const root = { name: "small", version: "1.0.0", dependencies: { greeter: "file:greeter" } };
  const packages = {
    "": root,
    greeter: { version: greeter.version, bin: greeter.bin },
    "node_modules/greeter": { resolved: "greeter", link: true },
  };
  const lock = { name: "small", version: "1.0.0", lockfileVersion: 3, requires: true };
  await mkdir(join(folder, "greeter"));
  await write("greeter/package.json", greeter);
  await writeFile(join(folder, "greeter/greet.js"), "#!/usr/bin/env node\nconsole.log(process.argv[2]);\n");
  await chmod(join(folder, "greeter/greet.js"), 0o755);
  await write("package.json", root);
  await write("package-lock.json", { ...lock, packages: locked ? packages : { "": { name: "small" } } });
}

async function write(file: string, content: unknown): Promise<void> {
  await writeFile(join(folder, file), JSON.stringify(content));
}

/** Runs a command with the packages of the folder. */
function runWith(...command: readonly string[]) {
  const words = ["tools/with.ts", relative(packageFile("."), folder), "--", ...command];
  return new Promise<{ code: number | null; output: string; errors: string }>((resolve) => {
    const child = execFile(process.execPath, words, { cwd: packageFile(".") }, (_error, output, errors) =>
      resolve({ code: child.exitCode, output, errors }),
    );
  });
}

describe("a script with packages of its own", () => {
  it("finds their programs, and says once that they are installed", async () => {
    await writePackage({ locked: true });
    expect(await runWith("greet", "a word; 'another'")).toEqual({
      code: 0,
      output: "a word; 'another'\n",
      errors: expect.stringMatching(/^Installing the packages of .*, which this script needs\.\n$/),
    });
    expect(await runWith("greet", "$HOME")).toEqual({ code: 0, output: "$HOME\n", errors: "" });
  });

  it("ends as its command does", async () => {
    await writePackage({ locked: true });
    expect(await runWith("node", "--eval", "process.exitCode = 7")).toMatchObject({ code: 7 });
    expect(await runWith("node", "--eval", "process.kill(process.pid, 'SIGKILL')")).toMatchObject({
      code: 1,
    });
    expect(await runWith("no-such-program")).toMatchObject({
      code: 1,
      errors: expect.stringContaining("no-such-program cannot be started"),
    });
  });

  it("says what npm says when they cannot be installed, and does not begin", async () => {
    await writePackage({ locked: false });
    const { code, output, errors } = await runWith("node", "--print", "'began'");
    expect([code, output]).toEqual([1, ""]);
    expect(errors).toContain("package.json and package-lock.json");
    expect(errors).toContain("could not be installed; npm says above why.");
  });
});
