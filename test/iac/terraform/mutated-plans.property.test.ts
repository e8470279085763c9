import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../src/core/problem.ts";
import { rulesInFile } from "../../../src/iac/rules-in-file.ts";
import { placesIn } from "../../../src/iac/terraform/source-places.ts";
import { packageFile } from "../../../src/package-file.ts";
import { evaluateRead } from "../support.ts";

const example: unknown = JSON.parse(readFileSync(packageFile("examples/terraform/plan.json"), "utf8"));
const code = readFileSync(packageFile("examples/terraform/main.tf"), "utf8");

/** A value with one of its parts, found by numbers, replaced or left out. */
function mutated(value: unknown, [step = 0, ...more]: readonly number[], by: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return by;
  const keys = Object.keys(value);
  const chosen = keys[step % keys.length];
  const entries = Object.entries(value).flatMap(([key, part]) => {
    if (key !== chosen) return [[key, part] as const];
    const next = more.length === 0 ? by : mutated(part, more, by);
    return next === undefined ? [] : [[key, next] as const];
  });
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

const replacement = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(null, "", "__proto__", "each.value", "module.cache", true, 0, [], {}, ["create", "forget"]),
  fc.jsonValue({ maxDepth: 2 }),
);
const mutation = fc.tuple(fc.array(fc.nat(30), { minLength: 1, maxLength: 9 }), replacement);

describe("no plan makes check crash", () => {
  it("however it is mutated", () => {
    const draw = fc.array(mutation, { minLength: 1, maxLength: 4 });
    let read = 0;
    fc.assert(
      fc.property(draw, (mutations) => {
        const plan = mutations.reduce((value, [path, by]) => mutated(value, path, by), example);
        try {
          const file = rulesInFile(JSON.stringify(plan) ?? "", "plan.json");
          evaluateRead([file]);
          read += 1;
        } catch (error) {
          if (!(error instanceof ConfigurationError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it("nor code of Terraform, wherever it is cut", () => {
    const { rules } = rulesInFile(JSON.stringify(example), "plan.json");
    fc.assert(
      fc.property(fc.nat(code.length), fc.nat(code.length), fc.string(), (start, end, by) => {
        const files = new Map([["main.tf", `${code.slice(0, start)}${by}${code.slice(end)}`]]);
        const place = placesIn({ root: ".", files });
        for (const rule of rules) place(rule);
      }),
      { numRuns: 500 },
    );
  });
});
