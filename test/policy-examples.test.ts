import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { checkIds, checksOf } from "../src/checks/index.ts";
import { packageFile } from "../src/package-file.ts";
import { lintPolicy } from "../src/policy/lint/lint.ts";
import { loadPolicy } from "../src/policy/load.ts";
import { runCase } from "../src/policy-test/run.ts";
import { readPolicyTest, refuseUnknownChecks } from "../src/policy-test/schema.ts";
import { publishedSchemas } from "../tools/published-schemas.ts";
import { NOW } from "./support/builders.ts";

const files = [
  "policies/default.json",
  ...readdirSync(packageFile("policies/examples"))
    .filter((file) => !file.endsWith(".test.json"))
    .map((file) => `policies/examples/${file}`),
];

const isTest = new Ajv2020({ allErrors: true, formats: { date: true, "date-time": true } }).compile(
  publishedSchemas["policies/policy-test.schema.json"],
);

function textOf(file: string): string {
  return readFileSync(packageFile(file), "utf8");
}

it("there are the examples that people are told of", () => {
  expect(files.toSorted()).toEqual([
    "policies/default.json",
    "policies/examples/docker-hub-only.json",
    "policies/examples/platform-team.json",
    "policies/examples/regulated-enterprise.json",
    "policies/examples/small-team.json",
  ]);
});

describe.each(files)("%s", (file) => {
  const testFile = file.replace(/\.json$/, ".test.json");
  const linted = lintPolicy(textOf(file), file, checkIds, NOW);
  const { policy } = loadPolicy(textOf(file), file, checkIds);
  const test = readPolicyTest(textOf(testFile), testFile);

  it("has nothing that the linter finds", () => {
    expect(linted.problems).toEqual([]);
  });

  it("has tests of its own, as the published schema wants them", () => {
    expect(join(dirname(testFile), test.policy)).toBe(file);
    expect(isTest(JSON.parse(textOf(testFile))), JSON.stringify(isTest.errors)).toBe(true);
    refuseUnknownChecks(
      test,
      testFile,
      checksOf(policy).map(({ id }) => id),
    );
  });

  it.each(test.cases)("$name", (testCase) => {
    expect(runCase(testCase, policy, NOW).differences).toEqual([]);
  });

  it("says the same of them in years to come, when its waivers are over", () => {
    const later = new Date("2040-01-01T00:00:00Z");
    expect(test.cases.flatMap((testCase) => runCase(testCase, policy, later).differences)).toEqual([]);
  });

  it("is met by some registry, and not by another", () => {
    const failing = test.cases.map((one) => Object.keys(one.failing ?? {}).length);
    expect(Math.min(...failing)).toBe(0);
    expect(Math.max(...failing)).toBeGreaterThan(0);
  });
});
