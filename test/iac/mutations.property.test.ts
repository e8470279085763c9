import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/core/problem.ts";
import { packageFile } from "../../src/package-file.ts";
import { checkReportSchema } from "../../src/schemas/check-report.ts";
import { drawnChanges, drawnTemplate, judged, planText } from "./drawn-code.ts";

/** Files as people have them. */
const examples = [
  "cloudformation/cache.yaml",
  "cloudformation/refused.json",
  "serverless/serverless.yml",
].map((file) => readFileSync(packageFile(`examples/${file}`), "utf8"));
const plan = readFileSync(packageFile("examples/terraform/plan.json"), "utf8");

const shapes = fc.oneof(
  fc.constantFrom(...examples, plan),
  drawnTemplate.map((template) => JSON.stringify(template)),
  drawnChanges.map(planText),
);

/** What is written into a text: what has a meaning to a parser or to a format. */
const tokens = fc.constantFrom(
  ..."{}[],:\"'&*!|>%@`#-?\t\r\n\\\0\u2028\uFEFF".split(""),
  "---\n",
  "<<: ",
  "*a",
  "&a ",
  "!Ref ",
  "!Sub ",
  "${",
  "}",
  "${AWS::Region}",
  "${self:custom}",
  "${file(a)}",
  "{{resolve:",
  "Fn::Transform: ",
  '"Fn::ForEach::A": ',
  "null",
  "0777",
  "yes",
  "1e999",
  "__proto__",
  "constructor",
  "\uD800",
  "💥",
);

type Cut = { readonly at: number; readonly length: number; readonly token: string; readonly copied: number };

const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(12),
  token: tokens,
  copied: fc.nat(40),
});

/** Removes a piece of a text and writes a token and a copy of another piece in its place. */
function mutated(text: string, { at, length, token, copied }: Cut): string {
  const from = Math.floor(at * text.length);
  const source = Math.floor((1 - at) * text.length);
  return text.slice(0, from) + token + text.slice(source, source + copied) + text.slice(from + length);
}

const values = fc.constantFrom<unknown>(
  null,
  [],
  {},
  "",
  0,
  -1,
  true,
  [[]],
  { "": null },
  "x".repeat(20_000),
  { Ref: "R0" },
  { "Fn::If": [] },
  { "Fn::Sub": ["${a}", { a: { Ref: "Unknown" } }] },
  { "Fn::GetAtt": [] },
  { "Fn::Transform": null },
  { "Fn::ForEach::X": ["A", ["b"], { "R${A}": { Type: "AWS::ECR::PullThroughCacheRule" } }] },
  { Type: "AWS::CloudFormation::StackSet", Properties: { TemplateBody: "{" } },
);

/** A structure with another value at a place that `choice` chooses. */
function spoiled(value: unknown, choice: number, by: unknown): unknown {
  if (typeof value !== "object" || value === null) return by;
  const entries = Object.entries(value);
  if (choice % 7 === 0 || entries.length === 0) return by;
  const at = choice % entries.length;
  const changed = entries.map(([key, inner], index) =>
    index === at ? ([key, spoiled(inner, Math.floor(choice / 7), by)] as const) : ([key, inner] as const),
  );
  return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
}

/** Judges a text, which ends with a report of the published shape or with a refusal that says why. */
function judge(text: string): void {
  try {
    const findings = judged([{ file: "code", text }]);
    expect(findings.filter(({ kind }) => kind === "check-crashed")).toEqual([]);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
  }
}

describe("no input makes it crash:", () => {
  it("a text of which pieces were changed", () => {
    fc.assert(
      fc.property(shapes, fc.array(cut, { minLength: 1, maxLength: 3 }), (text, cuts) => {
        judge(cuts.reduce(mutated, text));
      }),
      { numRuns: 1_200 },
    );
  });

  it("a structure of which values were changed", () => {
    const structures = fc.oneof(
      fc.constantFrom(JSON.parse(plan)),
      drawnTemplate,
      drawnChanges.map((changes) => JSON.parse(planText(changes))),
    );
    const change = fc.tuple(fc.nat(), values);
    fc.assert(
      fc.property(structures, fc.array(change, { minLength: 1, maxLength: 3 }), (structure, changes) => {
        judge(JSON.stringify(changes.reduce((whole, [choice, by]) => spoiled(whole, choice, by), structure)));
      }),
      { numRuns: 800 },
    );
  });

  it("and what is judged has the published shape", () => {
    expect(() =>
      checkReportSchema.shape.findings.parse(judged([{ file: "code", text: plan }])),
    ).not.toThrow();
  });
});
