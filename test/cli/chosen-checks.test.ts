import { describe, expect, it } from "vitest";
import * as z from "zod";
import { smallWorld } from "../e2e/support/organization.ts";
import { rule } from "../simulator/world-builder.ts";
import { setUpWorkspace } from "./support/workspace.ts";

const reportSchema = z.object({ findings: z.array(z.object({ check: z.string() })) });

/** A rule that fails two checks. */
const world = () =>
  smallWorld({
    rules: [rule("ROOT", "docker-hub", { validation: { isValid: false, failure: "unauthorized" } })],
  });

async function checksOf(words: readonly string[]) {
  const policy = {
    waivers: [{ check: "root-prefix", reason: "known", owner: "team", expires: "2999-01-01" }],
    overrides: [{ where: {}, set: { checks: { "rule-quota": { enabled: true } } } }],
  };
  await using workspace = await setUpWorkspace(world(), policy);
  const { code, output, errors } = await workspace.audit(["--format", "json", "--include-passing", ...words]);
  if (code === 64) return errors;
  return [...new Set(reportSchema.parse(JSON.parse(output)).findings.map(({ check }) => check))].toSorted();
}

describe("an audit evaluates", () => {
  it.each([
    [
      ["--check", "rule-validation,rule-quota"],
      ["rule-quota", "rule-validation"],
    ],
    [
      ["--check", "rule-validation", "--check", "rule-quota"],
      ["rule-quota", "rule-validation"],
    ],
    [["--check", "rule-validation,rule-quota", "--skip-check", "rule-quota"], ["rule-validation"]],
  ])("with %j only %j", async (words, expected) => {
    expect(await checksOf(words)).toEqual(expected);
  });

  it("every check but those that are skipped, whatever overrides say", async () => {
    const [all, some] = [await checksOf([]), await checksOf(["--skip-check", "rule-quota"])];
    expect([...some, "rule-quota"].toSorted()).toEqual(all);
  });
});

it.each([
  [["--check", "rule-validaton"], '--check rule-validaton: no such check; did you mean "rule-validation"?'],
  [["--skip-check", "x", "--check", "y"], "--check y: no such check\n--skip-check x: no such check"],
  [["--check", "rule-quota", "--skip-check", "rule-quota"], "leave no check to evaluate"],
  [["--check", "rule-quota", "--store", "store"], "go without --store and --publish"],
  [["--check", "rule-quota", "--publish"], "go without --store and --publish"],
])("%j is bad usage", async (words, explanation) => {
  expect(await checksOf(words)).toContain(explanation);
});
