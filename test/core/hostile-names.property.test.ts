import fc from "fast-check";
import { expect, test } from "vitest";
import { neutralLines } from "../../src/core/inline-text.ts";
import { parseJson, parseStrictly } from "../../src/core/json-file.ts";
import { ConfigurationError, jsonPath, problemLine } from "../../src/core/problem.ts";
import { policySchema } from "../../src/policy/schema.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "\u001b[2J",
        "\u009b2J",
        "\u202e",
        "\n",
        "\r",
        "\u2028",
        "\u0085",
        "\t",
        " ",
        "::error::",
        "::Warning file=a::",
        "##[error]",
        "##vso[task.x]",
        "#",
        "::",
        "a",
      ),
    )
    .map((parts) => parts.join("")),
);

/** What a terminal obeys, what hides, and what CI takes for a command. */
const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|::(?:error|warning)|##\[|##vso\[/iu;

function expectHarmless(text: string): void {
  for (const line of text.split("\n")) expect(line).not.toMatch(dangerous);
}

test("no name, key or text of a file does anything in an error", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (source, key, value) => {
      try {
        parseStrictly(
          policySchema,
          { version: 1, allowedUpstreams: [], [key]: value, scope: { [value]: key } },
          source,
        );
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        expectHarmless(error.message);
        expect(error.message.split("\n")).toHaveLength(error.problems.length + 1);
      }
    }),
  );
});

test("a text that is not JSON is reported in one harmless line", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      try {
        parseJson(`{${text}`, text);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        expectHarmless(error.message);
        expect(error.message.split("\n")).toHaveLength(2);
      }
    }),
  );
});

test("errors of several lines are harmless line by line, and twice is once", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expectHarmless(neutralLines(text));
      expect(neutralLines(neutralLines(text))).toBe(neutralLines(text));
    }),
  );
});

test("a JSON path names the key from which it was built, and contains nothing invisible", () => {
  fc.assert(
    fc.property(hostile, (key) => {
      const path = jsonPath([key]);
      expect(path).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      const quoted = /^\$\[(.*)\]$/s.exec(path)?.[1];
      expect(quoted === undefined ? path.slice(2) : JSON.parse(quoted)).toBe(key);
    }),
  );
});

test("names of AWS stay as they are", () => {
  const text = "arn:aws:iam::111122223333:role/a AWS::ECR::PullThroughCacheRule #[a] ::1";
  expect(problemLine({ path: "$", message: text })).toBe(`$ ${text}`);
});
