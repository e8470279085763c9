import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeText } from "../../src/core/decode-text.ts";
import { ConfigurationError } from "../../src/core/problem.ts";
import { rulesInFile } from "../../src/iac/rules-in-file.ts";
import { created, planWith } from "./terraform/plans.ts";

const plan = planWith([created("a")]);
const pretty = JSON.stringify(JSON.parse(plan), null, 2);
const another = planWith([created("b", { ecr_repository_prefix: "other" })]);

function addressesIn(text: string): readonly string[] {
  return rulesInFile(text, "plan.json").rules.map(({ address }) => address);
}

const a = "aws_ecr_pull_through_cache_rule.a";
const b = "aws_ecr_pull_through_cache_rule.b";

describe("a plan is found", () => {
  it.each<readonly [string, string, readonly string[]]>([
    ["after a byte order mark", `\uFEFF${plan}`, [a]],
    ["after a line of a wrapper", `[command]/usr/bin/terraform show -json plan.bin\n${plan}\n`, [a]],
    [
      "between lines of a wrapper",
      `::group::plan\r\n${pretty.replaceAll("\n", "\r\n")}\r\n::endgroup::\r\n`,
      [a],
    ],
    ["after the time in a line", `2026-11-28T10:00:00.123Z ${plan}`, [a]],
    ["one a line", `${plan}\n${another}\n`, [a, `#2/${b}`]],
    ["one after the other", `${pretty}\n${pretty}\n`, [a, `#2/${a}`]],
    ["in a list", `[${plan},${another}]`, [a, `#2/${b}`]],
    ["among the lines of a log", `{"@level":"info","@message":"x"}\n${plan}\n`, [a]],
  ])("%s", (_where, text, addresses) => {
    expect(addressesIn(text)).toEqual(addresses);
  });

  it("in UTF-16 of either order, with and without its mark, as in UTF-8", () => {
    const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const text = JSON.stringify({ name: name.toWellFormed() });
        const bytes = Buffer.from(text, "utf16le");
        const mark = Buffer.from([0xff, 0xfe]);
        const all = [Buffer.from(text), bytes, swapped(bytes)];
        const marked = [Buffer.concat([mark, bytes]), swapped(Buffer.concat([mark, bytes]))];
        for (const given of [...all, ...marked]) expect(decodeText(given)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});

const log = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    JSON.stringify({ "@level": "info", "@message": `${at}`, type: "planned_change" }),
  ).join("\n");

describe("what people give in place of a plan is refused in one sentence:", () => {
  it.each<readonly [string, string, RegExp]>([
    ["a binary plan", "PK\u0003\u0004\u0014\0\b\0", /binary file.* terraform show -json PLANFILE/],
    ["a compressed plan", "\u001f\ufffd\b\0", /compressed/],
    ["another binary file", "\u007fELF\0\0", /binary file/],
    [
      "a state",
      JSON.stringify({ version: 4, serial: 1, lineage: "x", resources: [] }),
      /state.* terraform show -json/,
    ],
    ["a state as JSON", JSON.stringify({ format_version: "1.0", values: {} }), /state/],
    ["a log", log(300), /log of terraform plan -json.* terraform show -json/],
    ["a log of one line", log(1), /log of terraform plan -json/],
    ["HCL", 'resource "aws_ecr_pull_through_cache_rule" "a" {\n  x = "y"\n}\n', /HCL.* terraform show -json/],
    ["HCL of modules", '# c\n\nmodule "m" {\n  source = "./m"\n}\n', /HCL/],
    ["code in JSON", JSON.stringify({ resource: { aws_x: {} }, terraform: {} }), /code of Terraform in JSON/],
    [
      "a plan for people",
      "Terraform will perform the following actions:\n\n  # a will be created\n",
      /people/,
    ],
    ["a plan that is cut off", plan.slice(0, -20), /cut off/],
  ])("%s", (_what, text, message) => {
    try {
      rulesInFile(text, "given");
      expect.fail("It was read.");
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      expect(error.problems).toHaveLength(1);
      expect(error.problems[0]?.message).toMatch(message);
    }
  });

  it("but no template that only mentions such texts", () => {
    const text =
      'Resources:\n  R:\n    Type: AWS::SNS::Topic\n    Metadata:\n      Hcl: |\n        resource "a" "b" {\n        }\n';
    expect(rulesInFile(text, "t.yaml")).toMatchObject({ format: "cloudformation" });
  });
});
