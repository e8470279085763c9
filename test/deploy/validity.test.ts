import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, RegoEngine, TemplateFile } from "@aws/cloudformation-validate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { templateWith } from "../package/template-parts.ts";
import { memberTemplate } from "./cloudformation-yaml.ts";
import { combinations, everything, nameOf } from "./combinations.ts";

/** The parameters of Serverless that the template's come from: the same names, but for the first letter. */
const everythingAsked = Object.entries(everything).map(
  ([name, value]) =>
    `--param=${name === "SlackWebhookArn" ? "slackSecretArn" : name.charAt(0).toLowerCase() + name.slice(1)}=${value}`,
);

let engine: Engine;
let folder: string;

beforeAll(async () => {
  engine = new RegoEngine();
  folder = await mkdtemp(join(tmpdir(), "templates-"));
}, 60_000);

afterAll(async () => {
  engine.free();
  await rm(folder, { recursive: true });
});

/** The errors and warnings of AWS's own rules about a template. */
function complaints(
  file: string,
  parameterOverrides: Readonly<Record<string, string>> = {},
): readonly string[] {
  const { diagnostics } = engine.validateStandard(new TemplateFile(file), {
    severityLevel: "WARN",
    parameterOverrides,
  });
  return diagnostics.map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`);
}

async function packaged(words: readonly string[] = []): Promise<string> {
  const file = join(folder, `${randomUUID()}.json`);
  await writeFile(file, JSON.stringify(await templateWith(words)));
  return file;
}

describe("the packaged template", () => {
  it("is valid in every combination of what is deployed", async () => {
    const file = await packaged();
    expect(complaints(file, everything)).toEqual([]);
    expect(combinations.length).toBeGreaterThanOrEqual(2 ** 6);
    const invalid = combinations.flatMap((combination) =>
      complaints(file, combination).map((complaint) => `${nameOf(combination)}: ${complaint}`),
    );
    expect(invalid).toEqual([]);
  }, 120_000);

  it.each([
    ["as it is", []],
    ["for a fleet, with Security Hub, Slack, mail and an organization", everythingAsked],
    ["for another stage and region", ["--stage", "test", "--region", "eu-central-1"]],
  ])(
    "is valid when it is packaged %s",
    async (_what, words) => {
      expect(complaints(await packaged(words))).toEqual([]);
    },
    60_000,
  );
});

describe("the members' templates", () => {
  it.each([
    ["member-role.yml", {}],
    [
      "member-role.yml",
      { EventBusArn: "arn:aws:events:us-east-1:111122223333:event-bus/pull-through-auditor-prod" },
    ],
    ["member-events.yml", {}],
  ])("%s is valid", (name, parameters) => {
    expect(complaints(memberTemplate(name), parameters)).toEqual([]);
  });

  it("an invalid template is not taken for a valid one", async () => {
    const file = join(folder, "invalid.json");
    const queue = { Type: "AWS::SQS::Queue", Properties: { QueueNam: "failures" } };
    await writeFile(file, JSON.stringify({ Resources: { Queue: queue } }));
    expect(complaints(file)).toEqual([expect.stringContaining("QueueNam")]);
  });
});
