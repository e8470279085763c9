import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputLimits } from "../../src/core/input-limits.ts";
import { parseJson } from "../../src/core/json-file.ts";
import { isNestedTooDeeply } from "../../src/core/nesting.ts";
import { ConfigurationError } from "../../src/core/problem.ts";
import { rulesInFile } from "../../src/iac/rules-in-file.ts";
import { loadPolicy } from "../../src/policy/load.ts";

/** The one sentence with which a file is refused. */
function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.problems).toHaveLength(1);
    expect(error.message.length).toBeLessThan(3_000);
    return error.problems[0]?.message ?? "";
  }
  return "not refused";
}

const deep = 100_000;
const rule = "AWS::ECR::PullThroughCacheRule";

/** A template whose only rule has `prefix` for its prefix. */
function template(prefix: string, more = ""): string {
  return `${more}Resources:\n  R:\n    Type: ${rule}\n    Properties:\n      UpstreamRegistryUrl: quay.io\n      EcrRepositoryPrefix: ${prefix}\n`;
}

function prefixIn(text: string) {
  return rulesInFile(text, "t.yaml").rules[0]?.parameters.ecrRepositoryPrefix;
}

describe("a file that is nested too deeply is refused", () => {
  it.each([
    { what: "lists of JSON", text: `${"[".repeat(deep)}${"]".repeat(deep)}` },
    { what: "lists of JSON without an end", text: "[".repeat(deep) },
    { what: "maps of JSON", text: `${'{"a":'.repeat(deep)}1${"}".repeat(deep)}` },
    { what: "maps of YAML", text: `${"{a: ".repeat(deep)}1${"}".repeat(deep)}` },
    { what: "entries of YAML in one line", text: `${"- ".repeat(deep)}1` },
    { what: "keys of YAML in one line", text: `${"? ".repeat(deep)}1` },
  ])("$what", ({ text }) => {
    expect(refusalOf(() => rulesInFile(text, "t.yaml"))).toBe("is nested more than 100 levels deep");
  });

  it("a policy or a report of such a kind", () => {
    const text = `{"a":${"[".repeat(deep)}${"]".repeat(deep)}}`;
    expect(refusalOf(() => loadPolicy(text, "p.json", []))).toBe("is nested more than 100 levels deep");
    expect(refusalOf(() => parseJson(text, "r.json"))).toBe("is nested more than 100 levels deep");
  });

  it("and no other: the depth is counted outside texts, for any JSON", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    const around = fc.tuple(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 90, max: 106 }));
    fc.assert(
      fc.property(around, ([inner, levels]) => {
        const value = Array.from({ length: levels }).reduce<unknown>((held) => [held, ']}\\"[{'], inner);
        expect(isNestedTooDeeply(JSON.stringify(value))).toBe(depthOf(value) > inputLimits.depth);
      }),
    );
  });
});

describe("a file that is too large is refused", () => {
  it("9 MB of escapes, as a template and as a policy", () => {
    const text = `{"a":"${"\\u001b".repeat(1_500_000)}"}`;
    expect(refusalOf(() => rulesInFile(text, "t.json"))).toBe(
      "is larger than 1048576 bytes, the limit for a template",
    );
    expect(refusalOf(() => loadPolicy(text, "p.json", []))).toBe(
      "is larger than the 1048576 bytes that a policy may have",
    );
  });

  it("a policy of the largest size, all escapes, is recognized by its key", () => {
    const text = `{"${"\\\\".repeat(260_000)}":1, "version":1, "allowedUpstreams":[]}`;
    expect(refusalOf(() => loadPolicy(text, "p.json", []))).toBe("is not a known key");
  });

  it("a plan with an address that goes on for ever", () => {
    const address = `${"module.a.".repeat(100_000)}aws_ecr_pull_through_cache_rule.a`;
    const change = { address, type: "aws_ecr_pull_through_cache_rule", change: { actions: ["create"] } };
    const text = JSON.stringify({ format_version: "1.2", resource_changes: [change] });
    expect(refusalOf(() => rulesInFile(text, "plan.json"))).toBe("must have a length of at most 4096");
  });
});

describe("a template that grows is refused", () => {
  it("aliases of aliases are read once", () => {
    const levels = Array.from(
      { length: 30 },
      (_, at) => `  a${at}: &a${at} [${at === 0 ? "x" : `*a${at - 1}, *a${at - 1}`}]`,
    );
    const text = template("quay", `Metadata:\n${levels.join("\n")}\n`);
    expect(prefixIn(text)).toEqual({ state: "set", value: "quay" });
    const indented = text.replaceAll("\n", "\n  ");
    expect(prefixIn(`service: s\nprovider: {name: aws}\nresources:\n  ${indented}`)).toEqual({
      state: "set",
      value: "quay",
    });
  });

  it("merges of merges", () => {
    const levels = Array.from(
      { length: 3_000 },
      (_, at) => `  a${at}: &a${at}\n    k${at}: 1${at === 0 ? "" : `\n    <<: *a${at - 1}`}`,
    );
    const text = template("quay", `Metadata:\n${levels.join("\n")}\n`);
    expect(refusalOf(() => rulesInFile(text, "t.yaml"))).toBe(
      "expands to more than 500000 values through merges",
    );
  });

  it("loops in loops", () => {
    const items = `[${Array.from({ length: 400 }, (_, at) => `i${at}`).join(", ")}]`;
    const body = { R: { Type: rule } };
    const loops = ["A", "B"].reduce<unknown>(
      (inner, name) => ({ [`Fn::ForEach::${name}`]: [name, "ITEMS", inner] }),
      body,
    );
    const text = JSON.stringify({ Resources: loops }).replaceAll(
      '"ITEMS"',
      JSON.stringify(items.slice(1, -1).split(", ")),
    );
    expect(refusalOf(() => rulesInFile(text, "t.json"))).toBe("has loops with more than 10000 iterations");
  });

  it("a loop that copies a long text", () => {
    const items = Array.from({ length: 5_000 }, (_, at) => `i${at}`);
    const body = { R: { Type: rule, Metadata: "x".repeat(10_000) } };
    const text = JSON.stringify({ Resources: { "Fn::ForEach::A": ["A", items, body] } });
    expect(refusalOf(() => rulesInFile(text, "t.json"))).toBe(
      "has loops that copy more than 5000000 values and characters",
    );
  });

  it("conditions that are a chain as long as the file", () => {
    const read = (length: number) => {
      const chain = Array.from({ length }, (_, at) => `  C${at}: !Condition C${at + 1}\n`).join("");
      return rulesInFile(`${template("quay", `Conditions:\n${chain}`)}    Condition: C0\n`, "t.yaml");
    };
    const refusal = "has conditions that refer to one another more than 1000 levels deep";
    expect(refusalOf(() => read(12_000))).toBe(refusal);
    expect(refusalOf(() => read(1_000))).toBe(refusal);
    expect(read(999).rules).toMatchObject([{ isCertain: false }]);
  });

  it("a map that repeats a key, wherever it is", () => {
    const keys = Array.from({ length: 2_000 }, (_, at) => `  k${at}: 1\n`).join("");
    const text = template("quay", `Metadata:\n${keys}  k7: 2\n`);
    expect(refusalOf(() => rulesInFile(text, "t.yaml"))).toBe(
      "is neither YAML nor JSON: Map keys must be unique",
    );
  });
});

describe("a text that grows is not known", () => {
  const tooLong = "is longer than 16384 characters";

  it("by joins of joins", () => {
    const levels = Array.from({ length: 40 }, (_, at) =>
      at === 0
        ? "  a0: &a0 !Join ['', [abc, abc]]\n"
        : `  a${at}: &a${at} !Join ['', [*a${at - 1}, *a${at - 1}]]\n`,
    );
    const few = template("*a5", `Metadata:\n${levels.slice(0, 6).join("")}`);
    expect(prefixIn(few)).toEqual({ state: "set", value: "abc".repeat(64) });
    const more = template("*a13", `Metadata:\n${levels.slice(0, 14).join("")}`);
    expect(prefixIn(more)).toEqual({ state: "unknown", why: tooLong, template: null });
  });

  it("by variables of the framework", () => {
    const text = `service: s\nprovider: {name: aws}\ncustom: {big: ${"b".repeat(1_000)}}\nresources:\n  ${template(
      "${self:custom.big}".repeat(2_000),
    ).replaceAll("\n", "\n  ")}`;
    expect(prefixIn(text)).toMatchObject({ state: "unknown" });
  });
});

it("never ends otherwise than with rules or a refusal, whatever the document is", () => {
  const names = fc.constantFrom(
    "Resources",
    "Fn::ForEach::A",
    "Fn::Join",
    "Fn::Sub",
    "Ref",
    "Type",
    "Fn::If",
    "Conditions",
    "A",
    "Properties",
  );
  const scalar = fc.constantFrom<unknown>(
    rule,
    "${A}",
    "A",
    1e308,
    -0,
    null,
    true,
    "",
    "99999999999999999999999",
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, depthSize: "medium" },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(names, tie("value"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, (resources) => {
      try {
        rulesInFile(
          JSON.stringify({
            Resources: { R: { Type: rule }, ...(typeof resources === "object" ? resources : {}) },
          }),
          "t.json",
        );
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
      }
    }),
  );
});
