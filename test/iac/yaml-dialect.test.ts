import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSources, textOf, valueUnder } from "../../src/iac/source-tree.ts";
import { cloudFormationYaml, serverlessYaml } from "../../src/iac/yaml-dialect.ts";

describe("YAML as CloudFormation reads it", () => {
  it.each([
    ["yes", "true"],
    ["Yes", "true"],
    ["YES", "true"],
    ["on", "true"],
    ["On", "true"],
    ["True", "true"],
    ["TRUE", "true"],
    ["no", "false"],
    ["Off", "false"],
    ["FALSE", "false"],
    ["012345670123", "1402433619"],
    ["-017", "-15"],
    ["0", "0"],
    ["00", "0"],
    ["0x1F", "31"],
    ["0b101", "5"],
    ["1_000", "1000"],
    ["+5", "5"],
    ["111122223333", "111122223333"],
  ])("has %s for %s", (plain, text) => {
    expect(cloudFormationYaml(plain)).toBe(text);
  });

  it.each([
    "y",
    "n",
    "Y",
    "yEs",
    "tRUE",
    "012345678901",
    "08",
    "0o17",
    "1.10",
    "1e3",
    "_1",
    "2010-09-09",
    "",
    "quay.io",
  ])("leaves %j as it is", (plain) => {
    expect(cloudFormationYaml(plain)).toBe(plain);
  });

  it("reads so where it is not quoted, in keys and values, and nowhere else", () => {
    const text = `
On: Yes
"Off": 'No'
012: |
  010
tagged: !Ref No
text: !!str yes
folded: >-
  on
list: [yes, "yes", 010, '010']
`;
    const [source] = parseSources(text, "t.yaml");
    expect(source?.kind === "map" ? [...source.entries.keys()] : []).toEqual([
      "true",
      "Off",
      "10",
      "tagged",
      "text",
      "folded",
      "list",
    ]);
    const at = (key: string) => valueUnder(source, key);
    expect(textOf(at("true"))).toBe("true");
    expect(textOf(at("Off"))).toBe("No");
    expect(textOf(at("10"))).toBe("010\n");
    expect(textOf(valueUnder(at("tagged"), "Ref"))).toBe("No");
    expect(textOf(at("text"))).toBe("yes");
    expect(textOf(at("folded"))).toBe("on");
    const list = at("list");
    expect(list?.kind === "list" ? list.items.map(textOf) : []).toEqual(["true", "yes", "8", "010"]);
  });

  it("leaves every text of JSON as it is written", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.constantFrom("yes", "On", "010", "012345670123", "~", "null", "0x1"),
    );
    fc.assert(
      fc.property(fc.dictionary(texts, texts), (given) => {
        // A merge is one only where its key is not quoted.
        const { "<<": _merge, ...value } = given;
        const [source] = parseSources(JSON.stringify(value), "t.json");
        const entries = source?.kind === "map" ? [...source.entries] : [];
        expect(entries.map(([key, entry]) => [key, textOf(entry.value)])).toEqual(Object.entries(value));
      }),
    );
  });
});

describe("YAML as the Serverless Framework reads it", () => {
  // What js-yaml 4.3 answers for each of them, November 2026.
  it.each([
    ["True", "true"],
    ["FALSE", "false"],
    ["yes", "yes"],
    ["On", "On"],
    ["012345670123", "12345670123"],
    ["012345678901", "12345678901"],
    ["0o17", "15"],
    ["0x1F", "31"],
    ["0b11", "3"],
    ["-007", "-7"],
    ["1_000", "1_000"],
  ])("has %s for %s", (plain, text) => {
    expect(serverlessYaml(plain)).toBe(text);
  });
});

describe("what the parser refuses", () => {
  it.each([
    ["an error in the second document", "a: 1\n---\nb: [\n", "line 4"],
    ["a directive without a document", "%YAML 1.1\na: 1\n", "is not valid YAML or JSON"],
  ])("is told: %s", (_what, text, problem) => {
    expect(() => parseSources(text, "t.yaml")).toThrow(problem);
  });

  it("does not include documents that are empty", () => {
    expect(parseSources("---\na: 1\n---\n---\n# nothing\n...\n", "t.yaml")).toHaveLength(1);
  });
});
