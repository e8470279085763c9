import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { formatNames } from "../../src/cli/formats.ts";
import { packageFile } from "../../src/package-file.ts";

it.each(formatNames)("the format %s has its test", (name) => {
  expect(existsSync(packageFile(`test/formats/${name}.test.ts`))).toBe(true);
});
