import { readFile } from "node:fs/promises";
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { functionNames, type Package, packagedTwice } from "./packages.ts";

let packages: readonly [Package, Package];

beforeAll(async () => {
  packages = await packagedTwice();
});

describe("packaging the same sources twice", () => {
  it.each(functionNames)("gives the same bytes for the function %s", (name) => {
    const [first, second] = packages;
    expect(Buffer.compare(first.zips[name], second.zips[name])).toBe(0);
  });
});

describe("each zip", () => {
  it.each(functionNames)("tells whose packages it holds: %s", async (name) => {
    const notice = unzipSync(packages[0].zips[name])["THIRD-PARTY-NOTICES.txt"] ?? new Uint8Array();
    expect(strFromU8(notice)).toBe(await readFile("THIRD-PARTY-NOTICES.txt", "utf8"));
  });
});
