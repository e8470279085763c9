import fc from "fast-check";
import { expect, test } from "vitest";
import type { PullThroughCacheRule } from "../../../src/ecr/rule.ts";
import { present } from "../../../src/facts/evidence.ts";
import { nothingCollected, type RegistrySnapshot } from "../../../src/facts/snapshot.ts";
import { compilationProblem, compileExpression } from "../../../src/policy/expression/compile.ts";
import { BudgetError, costOf } from "../../../src/policy/expression/cost.ts";
import { factSizes } from "../../../src/policy/expression/fact-sizes.ts";
import { variablesOf } from "../../../src/policy/expression/facts.ts";
import { environments } from "../../../src/policy/expression/language.ts";
import { expressionLimits } from "../../../src/policy/expression/limits.ts";
import { totalOf } from "../../../src/policy/expression/size.ts";

/** What a value holds, counted as the budget counts it. */
function held(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((all, item) => all + 1 + held(item), 0);
  return 0;
}

type Reads = { count: number };

/** A rule of hostile texts that counts how often it is looked at. */
function countingRule(text: string, reads: Reads): PullThroughCacheRule {
  const read = () => {
    reads.count += 1;
    return text;
  };
  return {
    get ecrRepositoryPrefix() {
      return read();
    },
    get upstreamRegistryUrl() {
      return read();
    },
    upstreamRegistry: null,
    upstreamRepositoryPrefix: "ROOT",
    get credentialArn() {
      return read();
    },
    customRoleArn: null,
    createdAt: null,
    updatedAt: null,
  };
}

function registryOf(rules: readonly PullThroughCacheRule[]): RegistrySnapshot {
  return {
    ...nothingCollected,
    target: {
      account: "111122223333",
      accountName: "a",
      organizationId: null,
      organizationalUnits: ["ou-1", "ou-2"],
      region: "eu-west-1",
    },
    collectedAt: "2026-11-20T02:00:00.000Z",
    rules: present(rules.map((rule) => ({ rule, validation: { state: "absent" } }))),
  };
}

const { text, list } = fc.letrec<{ text: string; list: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("'ab'", "region", "account.name", "registry.account", "'é😀'"),
    fc.tuple(tie("text"), tie("text")).map(([a, b]) => `(${a} + ${b})`),
    tie("text").map((a) => `${a}.upperAscii()`),
    tie("text").map((a) => `string(${a})`),
    fc.tuple(tie("text"), tie("text"), tie("text")).map(([a, b, c]) => `(${a} == ${b} ? ${c} : ${a})`),
    tie("list").map((a) => `(${a} + ['z'])[0]`),
  ),
  list: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("['a', 'bc']", "account.organizationalUnits", "registry.rules.map(q, q.credentialArn)"),
    fc.tuple(tie("list"), tie("list")).map(([a, b]) => `(${a} + ${b})`),
    tie("list").map((a) => `${a}.map(x, x + x + x)`),
    tie("list").map((a) => `${a}.map(x, x != '', x + 'y')`),
    tie("list").map((a) => `${a}.filter(x, x.contains('a'))`),
    fc.tuple(tie("list"), tie("text")).map(([a, b]) => `${a}.map(x, ${b} + x)`),
    fc.array(tie("text"), { minLength: 1, maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
  ),
}));

const facts = fc
  .tuple(fc.array(fc.string({ unit: "binary", maxLength: 200 }), { maxLength: 12 }))
  .map(([texts]) => texts);

test("no expression makes more, or looks at more, than was counted before it began", () => {
  let worked = 0;
  fc.assert(
    fc.property(fc.oneof(text, list), facts, (expression, texts) => {
      const reads = { count: 0 };
      const registry = registryOf(texts.map((one) => countingRule(one, reads)));
      const program = environments.registry.parse(expression);
      if (!program.check().valid) return;
      const sizes = factSizes({ registry, rule: null });
      reads.count = 0;
      try {
        const { steps, size } = costOf(program.ast, sizes);
        const value: unknown = program(variablesOf({ registry, rule: null }));
        worked += 1;
        expect(held(value)).toBeLessThanOrEqual(totalOf(size));
        expect(reads.count).toBeLessThanOrEqual(steps);
        expect(steps).toBeLessThanOrEqual(expressionLimits.maxSteps);
        expect(totalOf(size)).toBeLessThanOrEqual(expressionLimits.maxValueSize);
      } catch (error) {
        if (!(error instanceof BudgetError)) throw error;
      }
    }),
    { numRuns: 400 },
  );
  expect(worked).toBeGreaterThan(100);
});

test("a chain that grows exponentially is refused before it is worked out", () => {
  const chain = `['aaaaaaaa']${".map(x, x + x + x + x + x + x)".repeat(9)}.size() == 1`;
  expect(chain.length).toBeLessThan(300);
  expect(compilationProblem(chain, "rule")).toBe(
    "exceeded its budget of 100,000 characters and entries in one value even in a registry with 50 rules: simplify its loops",
  );
  const lists = `[[1]]${".map(x, x + x + x + x + x + x)".repeat(9)}.size() == 1`;
  expect(compilationProblem(lists, "registry")).toMatch(/^exceeded its budget of 100,000 characters/);
});

test("what fits a usual registry is given up for one that is too large", () => {
  const pairs = "registry.rules.all(a, registry.rules.exists_one(b, a.credentialArn == b.credentialArn))";
  const expression = compileExpression(pairs, "registry");
  const reads = { count: 0 };
  const few = registryOf(Array.from({ length: 50 }, (_, at) => countingRule(`arn-${at}`, reads)));
  expect(expression.holdsFor({ registry: few, rule: null })).toBe(true);
  reads.count = 0;
  const many = registryOf(Array.from({ length: 2_000 }, (_, at) => countingRule(`arn-${at}`, reads)));
  expect(() => expression.holdsFor({ registry: many, rule: null })).toThrow(
    "exceeded its budget of 25,000,000 steps",
  );
  expect(reads.count).toBeLessThan(2_000 * 10);
});
