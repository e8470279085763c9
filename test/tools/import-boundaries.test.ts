import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { boundaries, withBoundaries } from "../../tools/import-boundaries.ts";

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
