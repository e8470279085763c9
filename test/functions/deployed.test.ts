import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { packageFile } from "../../src/package-file.ts";

const functionsSchema = z.record(z.string(), z.looseObject({ handler: z.string() }));

it("every handler is deployed", () => {
  const text = readFileSync(packageFile("serverless/functions.yml"), "utf8");
  const deployed = Object.values(functionsSchema.parse(parse(text, { logLevel: "silent" }))).map(
    ({ handler }) => `${handler.replace(/\.handler$/, "")}.ts`,
  );
  const written = globSync("functions/*.ts", { cwd: packageFile("") });
  expect(deployed.toSorted()).toEqual(written.toSorted());
});
