import { describe, expect, it } from "vitest";
import { textsOf } from "../../../src/notifiers/eventbridge/text.ts";
import { hostileTexts } from "../../render/hostile-texts.ts";
import { aFinding } from "../../support/report-builders.ts";

const command = `aws secretsmanager put-secret-value --secret-id SECRET --secret-string ${"x".repeat(600)}`;

describe("the texts of a finding for tickets", () => {
  it("say what failed, where, whose it is, since when, and what to do", () => {
    const finding = aFinding({
      owner: { name: "team-payments", contact: "payments@example.com" },
      openDays: 21,
      steps: [
        { text: "Store a valid token in the secret:", commands: ["aws secretsmanager put-secret-value"] },
      ],
      docsUrl: "https://example.com/docs/checks/rule-validation.md",
      consoleUrl: "https://eu-west-1.console.aws.amazon.com/ecr",
    });
    const { summary, description } = textsOf(finding);
    expect(summary).toBe("payments-prod eu-west-1 docker-hub: ECR cannot reach the upstream");
    expect(description).toBe(
      [
        "ECR says of this rule: The credentials were refused by the upstream registry.",
        "Where: account 111122223333 payments-prod, eu-west-1, rule docker-hub",
        "Check: rule-validation, severity high",
        "Owner: team-payments (payments@example.com)",
        "First seen: 2026-11-20 (21 days)",
        "About the check: https://example.com/docs/checks/rule-validation.md",
        "Console: https://eu-west-1.console.aws.amazon.com/ecr",
        "What to do:",
        "Store a valid token in the secret:",
        "aws secretsmanager put-secret-value",
      ].join("\n"),
    );
  });

  it("name the account by its id if it has no name, and say how often a finding came back", () => {
    const { summary } = textsOf(
      aFinding({ accountName: null, prefix: null, transition: "resolved", flapping: 3 }),
    );
    expect(summary).toBe(
      "111122223333 eu-west-1: ECR cannot reach the upstream, flapping: came back 3 times",
    );
  });

  it("cut no command, and leave out what has no room", () => {
    const steps = [{ text: "Run:", commands: Array.from({ length: 9 }, () => command) }];
    const { description } = textsOf(aFinding({ steps }));
    const commands = description.split("\n").filter((line) => line.startsWith("aws "));
    expect(commands.length).toBeGreaterThan(2);
    expect(new Set(commands)).toEqual(new Set([command]));
  });

  it.each(Object.entries(hostileTexts))("have their length and lines with hostile text: %s", (_, text) => {
    const steps = [{ text, commands: [text] }];
    const long = text.repeat(1000);
    for (const finding of [
      aFinding({ prefix: text, accountName: text, title: text, message: text, steps }),
      aFinding({ prefix: long, accountName: long, title: long, message: long }),
    ]) {
      const { summary, description } = textsOf(finding);
      expect([...summary].length).toBeLessThanOrEqual(130);
      expect(description.length).toBeLessThanOrEqual(4_000);
      expect(summary).toMatch(/^[^\p{Cc}]+$/u);
      expect(description.split("\n").length).toBeLessThanOrEqual(8);
    }
  });
});
