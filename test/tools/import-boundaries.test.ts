import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { boundaries, withBoundaries, withFolders } from "../../tools/import-boundaries.ts";

it("biome.json has the boundaries as npm run generate writes them", () => {
  const text = readFileSync(packageFile("biome.json"), "utf8");
  expect(JSON.parse(text)).toEqual(JSON.parse(withBoundaries(text)));
});

it("every folder of src has its boundaries", () => {
  const folders = readdirSync(packageFile("src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(Object.keys(boundaries).toSorted()).toEqual(folders.toSorted());
});

const architecture = readFileSync(packageFile("docs/architecture.md"), "utf8");

it("docs/architecture.md has the folders as npm run generate writes them", () => {
  expect(architecture).toBe(withFolders(architecture));
});

it.each(["<!-- folders: written by npm run generate -->", "<!-- end of folders -->"])(
  "docs/architecture.md is not written without its mark %s",
  (mark) => {
    expect(() => withFolders(architecture.replace(mark, ""))).toThrow(
      `docs/architecture.md has lost its mark ${mark}`,
    );
  },
);
