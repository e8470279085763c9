import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { packageFile } from "../../src/package-file.ts";

const manifestSchema = z.object({
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

/** The folders with packages that only some scripts need. */
const folders = ["test", "test/node22", "tools/quality", "tools/serverless"];

function read<T>(schema: z.ZodType<T>, file: string): T {
  return schema.parse(JSON.parse(readFileSync(packageFile(file), "utf8")));
}

const root = read(manifestSchema, "package.json");

/** The direct dependencies of a folder. */
function packagesOf(folder: string): Readonly<Record<string, string>> {
  const { dependencies, devDependencies } = read(manifestSchema, `${folder}/package.json`);
  return { ...dependencies, ...devDependencies };
}

describe.each([".", ...folders])("the packages of %s", (folder) => {
  it("have exact versions", () => {
    const versions = Object.values(packagesOf(folder));
    expect(versions.filter((version) => !/^(npm:\w+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(versions.length).toBeGreaterThan(0);
  });
});

describe.each(folders)("the packages of %s", (folder) => {
  it("are of the version that the project has of them", () => {
    // The published package also runs on an earlier Node.js than the project's.
    const { node: _node, ...packages } = packagesOf(folder);
    const versions = { ...packagesOf("."), ...packages };
    expect(versions).toMatchObject(packagesOf("."));
  });

  it("are installed by the scripts that need them", () => {
    expect(Object.values(root.scripts).some((script) => script.split(" ").includes(folder))).toBe(true);
  });
});

/** What tests import, they get from their own packages first. What the project imports too has to be the same there. */
it("the packages of tests hide none of the project's behind another version", () => {
  const { packages } = read(lockSchema, "test/package-lock.json");
  const imported = importsOfTests();
  const hidden = Object.entries(packagesOf("."))
    .filter(([name]) => imported.has(name))
    .flatMap(([name, version]) => {
      const found = packages[`node_modules/${name}`];
      return found === undefined ? [] : [{ name, version, found: found.version }];
    });
  expect(hidden.map(({ name }) => name)).toContain("yaml");
  expect(hidden.filter(({ version, found }) => version !== found)).toEqual([]);
});

/** The packages that tests import, without the paths within them. */
function importsOfTests(): ReadonlySet<string> {
  const files = globSync("test/**/*.ts", { cwd: packageFile(""), exclude: ["test/node_modules/**"] });
  const texts = files.map((file) => readFileSync(packageFile(file), "utf8"));
  const names = texts.flatMap((text) =>
    Array.from(text.matchAll(/ from "((?:@[\w-]+\/)?[\w-]+)/g), ([, name = ""]) => name),
  );
  return new Set(names);
}
