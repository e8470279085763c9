import { EvaluationError, ParseError } from "@marcbachmann/cel-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PullThroughCacheRule, ruleSchema } from "../../../src/ecr/rule.ts";
import { absent } from "../../../src/facts/evidence.ts";
import {
  compilationProblem,
  compileExpression,
  ExpressionError,
} from "../../../src/policy/expression/compile.ts";
import type { ExpressionFacts } from "../../../src/policy/expression/facts.ts";
import { aRegistryOf, aRule, aSnapshot, aTarget } from "../../support/builders.ts";

const bare = aRule({
  ecrRepositoryPrefix: "quay",
  upstreamRegistryUrl: "registry.example.com",
  upstreamRegistry: null,
  credentialArn: null,
  createdAt: null,
  updatedAt: null,
});

function aboutRule(rule = aRule(), rules = [aRule(), bare]): ExpressionFacts {
  return { registry: aRegistryOf(...rules), rule };
}

function aboutRegistry(rules = [aRule(), bare]): ExpressionFacts {
  return { registry: aRegistryOf(...rules), rule: null };
}

describe("an expression over a rule", () => {
  it.each([
    { text: "rule.ecrRepositoryPrefix == 'docker-hub'", of: aRule(), holds: true },
    { text: "rule.ecrRepositoryPrefix == 'docker-hub'", of: bare, holds: false },
    { text: "rule['ecrRepositoryPrefix'] == 'quay'", of: bare, holds: true },
    { text: "rule.upstreamRegistryUrl.startsWith('registry-1.')", of: aRule(), holds: true },
    { text: "rule.upstreamRegistry in ['docker-hub', 'quay']", of: aRule(), holds: true },
    { text: "rule.upstreamRegistry == ''", of: bare, holds: true },
    { text: "!rule.credentialArn.contains('/personal-')", of: bare, holds: true },
    { text: "rule.credentialArn.contains(':' + account.id + ':')", of: aRule(), holds: true },
    { text: "rule.credentialArn.size() == 0", of: bare, holds: true },
    { text: "rule.customRoleArn == ''", of: aRule(), holds: true },
    { text: "rule.upstreamRepositoryPrefix == 'ROOT'", of: aRule(), holds: true },
    { text: "rule.createdAt < '2026-02' && rule.updatedAt >= rule.createdAt", of: aRule(), holds: true },
    { text: "timestamp(rule.createdAt) < timestamp('2026-02-01T00:00:00Z')", of: aRule(), holds: true },
    { text: "rule.createdAt == '' && rule.updatedAt == ''", of: bare, holds: true },
    { text: "account.id == registry.account && account.name == 'payments-prod'", of: aRule(), holds: true },
    { text: "account.organizationalUnits == registry.organizationalUnits", of: aRule(), holds: true },
    { text: "'ou-ab12-34567890' in account.organizationalUnits", of: aRule(), holds: true },
    { text: "region == 'eu-west-1' && registry.region == region", of: aRule(), holds: true },
    { text: "registry.ruleCount == 2 && registry.rules.size() == 2", of: aRule(), holds: true },
    { text: "registry.rules.exists(r, r.credentialArn == '')", of: aRule(), holds: true },
    { text: "registry.rules[1].ecrRepositoryPrefix == 'quay'", of: aRule(), holds: true },
    {
      text: "registry.rules.filter(r, r.credentialArn != '').map(r, r.ecrRepositoryPrefix) == ['docker-hub']",
      of: aRule(),
      holds: true,
    },
    { text: "rule.ecrRepositoryPrefix.matches('r-h')", of: aRule(), holds: true },
    { text: "rule.ecrRepositoryPrefix.matches('^r-h$')", of: aRule(), holds: false },
    { text: "rule.ecrRepositoryPrefix.matches(r'^\\pL+$')", of: bare, holds: true },
  ])("$text: $holds", ({ text, of, holds }) => {
    expect(compileExpression(text, "rule").holdsFor(aboutRule(of))).toBe(holds);
  });

  it("sees every field of the model", () => {
    for (const field of Object.keys(ruleSchema.shape)) {
      expect(compilationProblem(`rule.${field} == ''`, "rule")).toBeNull();
      expect(compilationProblem(`registry.rules.all(r, r.${field} == '')`, "rule")).toBeNull();
    }
  });

  it("may have a pattern as large as a pattern may be", () => {
    expect(compilationProblem(`region.matches('${largest}')`, "rule")).toBeNull();
  });

  it("gives each rule its own answer, compiled once", () => {
    const expression = compileExpression("rule.credentialArn != ''", "rule");
    const answers = [aRule(), bare, aRule()].map((rule) => expression.holdsFor(aboutRule(rule)));
    expect(answers).toEqual([true, false, true]);
  });

  it("sees an account without a name as one with an empty name", () => {
    const registry = aSnapshot({ target: aTarget({ accountName: null }) });
    expect(compileExpression("account.name == ''", "rule").holdsFor({ registry, rule: bare })).toBe(true);
  });

  it("sees no rules where there are none", () => {
    const registry = aSnapshot({ rules: absent });
    expect(compileExpression("registry.ruleCount == 0", "rule").holdsFor({ registry, rule: bare })).toBe(
      true,
    );
  });
});

describe("an expression over a registry", () => {
  const distinct =
    "registry.rules.all(r, registry.rules.exists_one(q, q.upstreamRegistryUrl == r.upstreamRegistryUrl))";

  it.each([
    { text: "registry.ruleCount <= 1", rules: [bare], holds: true },
    { text: "registry.ruleCount <= 1", rules: [bare, aRule()], holds: false },
    { text: "registry.rules.all(rule, rule.credentialArn == '')", rules: [bare, aRule()], holds: false },
    { text: "registry.rules.all(rule, rule.credentialArn == '')", rules: [], holds: true },
    { text: distinct, rules: [bare, aRule()], holds: true },
    { text: distinct, rules: [bare, aRule(), bare], holds: false },
  ])("$text of $rules.length rules: $holds", ({ text, rules, holds }) => {
    expect(compileExpression(text, "registry").holdsFor(aboutRegistry(rules))).toBe(holds);
  });
});

/** A pattern of as many instructions as there may be: one for each letter, and two at its ends. */
const largest = "a".repeat(1_998);

const calls = /^calls \w+\(\), which custom checks do not support; supported are all, exists, /;

/** What is no expression, and what is said of it. */
const refused = [
  {
    text: "rule.credentialArn ==",
    problem: "is not a CEL expression: Unexpected token: EOF (at character 22)",
  },
  { text: "'open", problem: "is not a CEL expression: Unterminated string (at character 1: 'open)" },
  { text: " ", problem: "is not a CEL expression: Unexpected token: EOF (at character 2)" },
  {
    text: "rule.credentailArn == ''",
    problem: "is not valid: unknown field credentailArn (at character 6: credentailArn)",
  },
  {
    text: "rule['credentailArn'] == ''",
    problem: "is not valid: unknown field credentailArn (at character 1: rule['credentailArn'])",
  },
  {
    text: "registry.rules.all(r, r.prefix == '')",
    problem: "is not valid: unknown field prefix (at character 25: prefix)",
  },
  {
    text: "roole.credentialArn == ''",
    problem:
      "is not valid: unknown variable roole; the variables are rule, registry, account, region (at character 1: roole)",
  },
  {
    text: "rule.credentialArn == 1",
    problem: "is not valid: no such overload: string == int (at character 1: rule.credentialArn == 1)",
  },
  {
    text: "rule.credentialArn == null",
    problem: "is not valid: no such overload: string == null (at character 1: rule.credentialArn == null)",
  },
  {
    text: "rule.credentialArn ==\n\n  1",
    problem: "is not valid: no such overload: string == int (at character 1: rule.credentialArn == 1)",
  },
  { text: "rule.credentialArn", problem: "must be of type bool, not of type string" },
  { text: "registry.ruleCount", problem: "must be of type bool, not of type int" },
  {
    text: "rule.credentialArn.matches('(a')",
    problem: /^is not a CEL expression: the pattern is not a regular expression in RE2 /,
  },
  {
    text: "rule.credentialArn.matches('(?=a)')",
    problem: /the pattern is not a regular expression in RE2 syntax/,
  },
  {
    text: "rule.credentialArn.matches(region)",
    problem: "is not a CEL expression: matches() requires a literal pattern (at character 28: region)",
  },
  {
    text: "registry.ruleCount.matches('1')",
    problem: "is not valid: matches() requires a string, not the type int (at character 10: ruleCount)",
  },
  { text: `region.matches('${"(a?){1000}".repeat(3)}')`, problem: /: the pattern is too large / },
  { text: `region.matches('${largest}a')`, problem: /: the pattern is too large / },
  { text: "has(rule.credentialArn)", problem: calls },
  { text: "!has(rule.credentialArn)", problem: calls },
  { text: "dyn(region).contains(region)", problem: calls },
  { text: "region.contains(dyn(region))", problem: calls },
  { text: "dyn(rule).anything == 1", problem: calls },
  { text: "rule.credentialArn.split(':')[4] == account.id", problem: calls },
  { text: "cel.bind(a, region, a + a) == ''", problem: calls },
  { text: "duration('1h') == duration('60m')", problem: calls },
  { text: "[region].join('') == ''", problem: calls },
  { text: "true ? has(rule.credentialArn) : {'a': -size(region)} == {}", problem: calls },
  {
    text: "registry.rules.all(r, registry.rules.exists(q, q == r))",
    problem: "must not nest loops (all, exists, filter, map)",
  },
  {
    text: "registry.rules.exists(r, r.createdAt in registry.rules.map(q, q.createdAt))",
    problem: "must not nest loops (all, exists, filter, map)",
  },
  {
    text: `region in [${"'a',".repeat(201)}]`,
    problem: /: the expression is too large: Exceeded maxListElements /,
  },
  {
    text: "true && ".repeat(499).concat("true"),
    problem: /: the expression is too large: Exceeded maxAstNodes /,
  },
  { text: "(".repeat(3_999), problem: /: the expression is too large: Exceeded maxDepth / },
  { text: `${"!".repeat(3_996)}true`, problem: /: the expression is too large: Exceeded maxAstNodes / },
];

describe("an invalid expression over a rule", () => {
  it.each(refused)("is refused: $text", ({ text, problem }) => {
    expect(compilationProblem(text, "rule")).toEqual(
      typeof problem === "string" ? problem : expect.stringMatching(problem),
    );
    expect(() => compileExpression(text, "rule")).toThrow(ExpressionError);
  });

  it("is refused with the error of the language as the cause", () => {
    expect(() => compileExpression("1 +", "rule")).toThrow(
      expect.objectContaining({ name: "ExpressionError", cause: expect.any(ParseError) }),
    );
  });
});

describe("an invalid expression over a registry", () => {
  it("is refused when it names a rule", () => {
    expect(compilationProblem("rule.credentialArn == ''", "registry")).toBe(
      "is not valid: unknown variable rule; the variables are registry, account, region (at character 1: rule)",
    );
  });

  it("is refused if its loops are nested more than two deep", () => {
    const inner = "registry.rules.exists(c, c.createdAt == a.createdAt && c.createdAt == b.createdAt)";
    const text = `registry.rules.all(a, registry.rules.all(b, ${inner}))`;
    expect(compilationProblem(text, "registry")).toBe(
      "must not nest loops (all, exists, filter, map) more than 2 deep",
    );
  });

  it("may have loops one after the other, in any number", () => {
    const chain = "registry.rules.filter(r, true).filter(r, true).map(r, r.createdAt).exists(t, t != '')";
    expect(compilationProblem(`${chain} || ${chain}`, "rule")).toBeNull();
  });
});

describe("an expression that cannot be evaluated", () => {
  it.each([
    {
      text: "timestamp(rule.createdAt) < timestamp('2026-02-01T00:00:00Z')",
      error: "timestamp() requires a string in ISO 8601 format (at character 1: timestamp(rule.createdAt))",
    },
    { text: "int(rule.ecrRepositoryPrefix) > 1", error: /^int\(\) type error/ },
    {
      text: "registry.rules[2].createdAt == ''",
      error: "the list has no entry at this index (at character 1: registry.rules[2])",
    },
    { text: "rule[region] == ''", error: "unknown field eu-west-1 (at character 1: rule[region])" },
    { text: "1 / registry.rules.filter(r, false).size() == 1", error: /^division by zero/ },
    { text: "0u - 1u == 0u", error: /^Unsigned integer overflow$/ },
  ])("throws an ExpressionError, and no answer: $text", ({ text, error }) => {
    const expression = compileExpression(text, "rule");
    const holdsFor = () => expression.holdsFor(aboutRule(bare));
    expect(holdsFor).toThrow(ExpressionError);
    expect(holdsFor).toThrow(error);
    expect(holdsFor).toThrow(expect.objectContaining({ cause: expect.any(EvaluationError) }));
  });

  it("does not catch the errors of the facts", () => {
    const unknown = new Error("it is not known yet");
    const rule: PullThroughCacheRule = {
      ...bare,
      get credentialArn(): string {
        throw unknown;
      },
    };
    const expression = compileExpression("rule.credentialArn == ''", "rule");
    expect(() => expression.holdsFor(aboutRule(rule))).toThrow(unknown);
  });
});

describe("the costliest expressions", () => {
  const long = aRule({ upstreamRegistryUrl: "a".repeat(2_000), upstreamRegistry: null });
  const rules = Array.from({ length: 50 }, () => long);

  it.each([
    { what: "a pattern that backtracks", text: "rule.upstreamRegistryUrl.matches('^(a+)+$x')" },
    { what: "a large pattern", text: "rule.upstreamRegistryUrl.matches('(?:a?){900}b')" },
    {
      what: "a loop with a pattern",
      text: "registry.rules.exists(r, r.upstreamRegistryUrl.matches('(a|aa)+$x'))",
    },
  ])("of a rule come to an end: $what", ({ text }) => {
    const expression = compileExpression(text, "rule");
    expect(expression.holdsFor(aboutRule(long, rules))).toBe(false);
  });

  it("of a registry come to an end", () => {
    const list = `[${"'a',".repeat(60)}]`;
    const all = `registry.rules.all(a, registry.rules.all(b, a.createdAt + b.createdAt in ${list} || true))`;
    const expression = compileExpression(all, "registry");
    expect(expression.holdsFor(aboutRegistry(rules))).toBe(true);
  });
});

describe("compiling", () => {
  const words = fc.constantFrom(
    ...["rule", "registry", ".rules", ".all(", "r", ",", ")", "(", ".createdAt", "==", "'a'", "1", "!", "&&"],
    ...["[", "]", "{", "}", ":", "?", "-", ".matches(", "cel", ".bind(", "has(", "null", "b'x'", "in", "+"],
  );

  it.each([
    { input: "any text", texts: fc.string() },
    { input: "words in any order", texts: fc.array(words, { maxLength: 30 }).map((all) => all.join(" ")) },
  ])("throws nothing but an ExpressionError, on $input", ({ texts }) => {
    fc.assert(
      fc.property(texts, fc.constantFrom("rule" as const, "registry" as const), (text, subject) => {
        const problem = compilationProblem(text, subject);
        if (problem !== null) expect(problem).toMatch(/^(is|must|calls|may) /);
      }),
      { numRuns: 2_000 },
    );
  });
});
