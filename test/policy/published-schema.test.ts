import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { checkIds } from "../../src/checks/index.ts";
import { keysAt, valueAt } from "../../src/policy/file-parts.ts";
import { loadPolicy } from "../../src/policy/load.ts";
import { publishedSchemas } from "../../tools/published-schemas.ts";
import { aDemandingPolicyFile, aPolicyFile, aWaiver } from "../support/builders.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";

const TOPIC = "arn:aws:sns:eu-west-1:111122223333:team-a";
const root = join(import.meta.dirname, "../..");

/** The formats in the schemas. Each is combined with a pattern, which is what validates. */
const formats = { date: true, "date-time": true } as const;

function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

describe.each(Object.entries(publishedSchemas))("%s", (file, schema) => {
  it("is what npm run generate writes", () => {
    expect(JSON.stringify(JSON.parse(textOf(file)))).toBe(JSON.stringify(schema));
  });

  it("is a JSON Schema that holds no unknown keyword", () => {
    expect(() => new Ajv2020({ formats }).compile(schema)).not.toThrow();
  });
});

describe("the published report schema", () => {
  const validate = new Ajv2020({ formats }).compile(publishedSchemas["policies/report.schema.json"]);
  const report = aReport({ findings: [aFinding()], drift: [aDrift()], gaps: [aGap()] });

  it("accepts a report", () => {
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  });

  it("refuses a report with a status that there is not", () => {
    expect(validate({ ...report, status: "fine" })).toBe(false);
  });
});

describe("the published policy schema", () => {
  const schema = publishedSchemas["policies/policy.schema.json"];
  const validate = new Ajv2020({ formats }).compile(schema);

  it("accepts the default policy, as the auditor does", () => {
    const text = textOf("policies/default.json");
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(() => loadPolicy(text, "policies/default.json", checkIds)).not.toThrow();
  });

  it("accepts a policy with every section", () => {
    const overrides = [{ where: { regions: ["us-*"] }, set: { scanning: { required: false } } }];
    const file = aDemandingPolicyFile({ waivers: [aWaiver()], overrides });
    expect(validate(JSON.parse(JSON.stringify(file))), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    { flaw: "an unknown key", spoil: { nmae: "x" } },
    { flaw: "another version", spoil: { version: 2 } },
    { flaw: "no upstreams", spoil: { allowedUpstreams: undefined } },
    { flaw: "no account", spoil: { scope: { accounts: ["1234"] } } },
    { flaw: "too long a prefix", spoil: { prefixes: { maxLength: 31 } } },
    { flaw: "a waiver until no day", spoil: { waivers: [aWaiver({ expires: "2027-02-30" })] } },
    { flaw: "a waiver without owner", spoil: { waivers: [{ ...aWaiver(), owner: undefined }] } },
    {
      flaw: "an override of what none may change",
      spoil: { overrides: [{ where: {}, set: { scope: {} } }] },
    },
    { flaw: "an unknown severity", spoil: { checks: { "root-prefix": { severity: "urgent" } } } },
  ])("refuses $flaw", ({ spoil }) => {
    expect(validate(aPolicyFile())).toBe(true);
    expect(validate(JSON.parse(JSON.stringify({ ...aPolicyFile(), ...spoil })))).toBe(false);
  });

  /** What a part of the schema refers to. */
  const completedIn = (keys: readonly string[]) => JSON.stringify(valueAt(schema, keys));

  it.each([
    ["waivers", (names: object) => [{ ...aWaiver(), ...names }]],
    ["overrides", (names: object) => [{ where: { regions: [], ...names }, set: {} }]],
    ["owners", (names: object) => [{ where: names, name: "team-a" }]],
    ["requiredRules", (names: object) => [{ prefix: "quay", registry: "quay", ...names }]],
    ["allowedUpstreams", (names: object) => [{ registry: "ecr", ...names }]],
    ["notifications", (names: object) => ({ routes: [{ where: names, topicArn: TOPIC }] })],
    ["scope", (names: object) => names],
  ])("completes regions in %s, and lets wildcards and newer ones pass", (section, withRegions) => {
    const accepts = (region: string) =>
      validate(
        JSON.parse(JSON.stringify({ ...aPolicyFile(), [section]: withRegions({ regions: [region] }) })),
      );
    expect(["eu-west-1", "xx-south-9"].map(accepts)).toEqual([true, true]);
    expect(["eu-*", "us-west-?"].map(accepts)).toEqual(section === "scope" ? [false, false] : [true, true]);
    expect(["Ireland", "eu_west_1", ""].map(accepts)).toEqual([false, false, false]);
    expect(completedIn(["properties", section])).toContain("#/$defs/region");
    expect(valueAt(schema, ["$defs", "region", "anyOf"])).toEqual(
      expect.arrayContaining([{ const: "eu-west-1", description: "Europe (Ireland)" }]),
    );
  });

  it.each([
    ["waivers", (id: string) => [{ ...aWaiver(), check: id }]],
    ["notifications", (id: string) => ({ routes: [{ where: { checks: [id] }, topicArn: TOPIC }] })],
  ])("completes the ids of checks in %s, and lets custom ones and wildcards pass", (section, withCheck) => {
    const accepts = (id: string) =>
      validate(JSON.parse(JSON.stringify({ ...aPolicyFile(), [section]: withCheck(id) })));
    expect(["root-prefix", "own-check", "root-*"].map(accepts)).toEqual([true, true, true]);
    expect(["Root Prefix", ""].map(accepts)).toEqual([false, false]);
    expect(completedIn(["properties", section])).toContain("#/$defs/check");
    expect(valueAt(schema, ["$defs", "check", "anyOf"])).toEqual(
      checkIds.map((id) => ({ const: id, description: expect.stringMatching(/^Fails when /) })),
    );
  });

  it("completes the ids of checks and their settings in overrides too", () => {
    const set = ["properties", "overrides", "items", "properties", "set"];
    for (const at of [[], set]) {
      expect(keysAt(schema, [...at, "properties", "checks", "properties"])).toEqual(checkIds);
    }
  });

  it("describes every property", () => {
    const properties = propertiesIn(schema, "$");
    expect(properties.map(({ path }) => path)).toContain("$.allowedUpstreams[].secretNames");
    expect(properties.filter(({ description }) => !/\S/.test(description)).map(({ path }) => path)).toEqual(
      [],
    );
  });
});

type Property = { readonly path: string; readonly description: string };

/** Every property of `schema`, at any depth. */
function propertiesIn(schema: unknown, path: string): readonly Property[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]) =>
    keyword === "properties"
      ? membersOf(value, path)
      : propertiesIn(value, keyword === "items" ? `${path}[]` : path),
  );
}

function membersOf(properties: object, path: string): readonly Property[] {
  return Object.entries(properties).flatMap(([name, schema]: [string, { readonly description?: string }]) => [
    { path: `${path}.${name}`, description: schema.description ?? "" },
    ...propertiesIn(schema, `${path}.${name}`),
  ]);
}
