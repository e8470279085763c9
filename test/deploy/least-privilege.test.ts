import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { templateWith, variable } from "../package/template-parts.ts";
import { awsCallsOf } from "./aws-calls.ts";
import { readMemberTemplate } from "./cloudformation-yaml.ts";
import { everything } from "./combinations.ts";
import { type Effective, effective, namesIn } from "./effective.ts";
import { roleIn, roleNames, type Statement } from "./iam.ts";

/** What a call needs where that is not the permission of its own name. */
const permissionsOf: Readonly<Record<string, readonly string[]>> = {
  // No permission: any credentials may call GetCallerIdentity.
  "sts:GetCallerIdentity": [],
  // The client's own, for directory buckets alone.
  "s3:CreateSession": [],
  // The bucket and its listing: without, what is missing is forbidden. The key: what is there is encrypted.
  "s3:GetObject": ["s3:GetObject", "s3:ListBucket", "kms:Decrypt"],
  "s3:PutObject": ["s3:PutObject", "kms:GenerateDataKey"],
  "s3:ListObjectsV2": ["s3:ListBucket"],
  // To an encrypted topic.
  "sns:Publish": ["sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"],
};

/** What Lambda does for every function under the function's role. */
const ofLambda = [
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** What lies in a function's bundle, since others need it of the same modules, and is never called there. */
const neverCalled: Readonly<Record<string, RegExp>> = {
  // It lists accounts and regions, and opens no registry.
  PlanLambdaFunction: /^(cloudtrail|cloudwatch|ecr|secretsmanager):/,
  // Its input says which registries to read. Only the state says what changed.
  CollectLambdaFunction: /^(cloudtrail|organizations|account):/,
};

/** The functions that store reports, and lock them with the same call. */
const storesReports = new Set(["AuditLambdaFunction", "PullsLambdaFunction", "ConcludeLambdaFunction"]);

/** What an audit asks in an account that is not the auditor's own, under the role there. */
const inMembers = /^(cloudtrail|cloudwatch|ecr|secretsmanager|account):/;

/** Actions that IAM grants on all resources or none (Service Authorization Reference, November 2026). */
const withoutResources = [
  /^cloudtrail:LookupEvents$/,
  /^cloudwatch:GetMetricData$/,
  /^ecr:(?!DescribeImages|DescribeRepositories|GetLifecyclePolicy|GetRepositoryPolicy)/,
  /^organizations:ListAccounts$/,
  /^xray:/,
];

const functionSchema = z.object({ Handler: z.string().endsWith(".handler"), Role: z.unknown() });

/** The functions, each with its source and the name of its role. */
function functionsIn({ resources }: Effective) {
  return [...resources].flatMap(([name, { type, properties }]) => {
    if (type !== "AWS::Lambda::Function") return [];
    const { Handler, Role } = functionSchema.parse(properties);
    const [role = "none"] = namesIn(Role);
    return [{ name, role, source: `${Handler.slice(0, -".handler".length)}.ts` }];
  });
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function actionsIn(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

/** What Lambda may have to do with an event that the function could not handle, if it was not waited for. */
function keepingFailures({ resources }: Effective, name: string): readonly string[] {
  const isInvokedAlone = [...resources.values()].some(
    ({ type, properties }) =>
      type === "AWS::Lambda::EventInvokeConfig" && namesIn(properties["FunctionName"]).has(name),
  );
  return isInvokedAlone ? ["sqs:SendMessage"] : [];
}

/** What Lambda does under the function's role to take messages from a queue. */
function takingMessages({ resources }: Effective, name: string): readonly string[] {
  const isMapped = [...resources.values()].some(
    ({ type, properties }) =>
      type === "AWS::Lambda::EventSourceMapping" && namesIn(properties["FunctionName"]).has(name),
  );
  return isMapped ? ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"] : [];
}

async function needsOf(source: string): Promise<readonly string[]> {
  const calls = [...(await awsCallsOf(source))];
  expect(calls).not.toEqual([]);
  return [...new Set(calls.flatMap((call) => permissionsOf[call] ?? [call]))].sort();
}

let hub: Effective;
const member = effective(readMemberTemplate("member-role.yml"), {
  EventBusArn: "given",
  ReadCachedRepositories: "true",
});

beforeAll(async () => {
  hub = effective(await templateWith(), everything);
});

describe("the functions' roles", () => {
  it("are one for each function, which only Lambda assumes", () => {
    const functions = functionsIn(hub);
    expect(new Set(functions.map(({ role }) => role)).size).toBe(functions.length);
    for (const { role } of functions) {
      expect(roleIn(hub, role).trust).toMatchObject([
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ]);
    }
  });

  it("grant what the functions call, and nothing else", async () => {
    const granted = Object.fromEntries(
      functionsIn(hub).map(({ name, role }) => [name, actionsIn(roleIn(hub, role).grants)]),
    );
    const needed = await Promise.all(
      functionsIn(hub).map(async ({ name, source }) => {
        const calls = (await needsOf(source)).filter((action) => neverCalled[name]?.test(action) !== true);
        const locks = storesReports.has(name) ? ["s3:PutObjectRetention"] : [];
        return [
          name,
          [
            ...ofLambda,
            ...locks,
            ...keepingFailures(hub, name),
            ...takingMessages(hub, name),
            ...calls,
          ].sort(),
        ];
      }),
    );
    expect(granted).toEqual(Object.fromEntries(needed));
  });
});

describe("the role in member accounts", () => {
  it("grants what an audit asks there, and nothing else", async () => {
    const needs = (await needsOf("functions/audit.ts")).filter((action) => inMembers.test(action));
    expect(actionsIn(roleIn(member, "AuditRole").grants)).toEqual(needs);
  });

  it("grants all but the lookup of changes where that is left out", () => {
    const without = effective(readMemberTemplate("member-role.yml"), {
      ReadCachedRepositories: "true",
      LookUpChanges: "false",
    });
    const left = actionsIn(roleIn(member, "AuditRole").grants).filter(
      (action) => action !== "cloudtrail:LookupEvents",
    );
    expect(actionsIn(roleIn(without, "AuditRole").grants)).toEqual(left);
  });

  it("may read repositories only if its parameter says so", () => {
    const usual = effective(readMemberTemplate("member-role.yml"), { EventBusArn: "given" });
    const granted = new Set(actionsIn(roleIn(usual, "AuditRole").grants));
    const more = actionsIn(roleIn(member, "AuditRole").grants).filter((action) => !granted.has(action));
    expect(more).toEqual([
      "cloudwatch:GetMetricData",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "ecr:GetLifecyclePolicy",
      "ecr:GetRepositoryPolicy",
    ]);
  });
});

describe("every role", () => {
  const all = () =>
    [hub, member].flatMap((template) =>
      roleNames(template).flatMap((name) =>
        roleIn(template, name).grants.map((statement) => ({ name, statement })),
      ),
    );

  it("allows single actions, on single resources where IAM knows any", () => {
    expect(all().length).toBeGreaterThan(15);
    for (const { name, statement } of all()) {
      const { Effect, Action, Resource } = statement;
      expect(Effect, name).toBe("Allow");
      for (const action of Action) {
        expect(action, name).toMatch(/^[a-z0-9]+:[A-Za-z0-9]+$/);
        const isScoped = Resource !== "*";
        const canBeScoped = !withoutResources.some((pattern) => pattern.test(action));
        expect(isScoped, `${name} ${action}`).toBe(canBeScoped);
      }
    }
  });

  it("leaves open only which account, region, object, execution or secret of rules", () => {
    const bucket = variable("ReportBucket.Arn");
    const executions = `arn:${variable("AWS::Partition")}:states:${variable("AWS::Region")}:${variable("AWS::AccountId")}:execution:pull-through-auditor-prod`;
    const open = all().flatMap(({ statement: { Resource } }) =>
      textsIn(Resource).filter((text) => /[*?]/.test(text)),
    );
    expect(new Set(open)).toEqual(
      new Set([
        "*",
        `arn:${variable("AWS::Partition")}:iam::*:role/pull-through-auditor`,
        `arn:${variable("AWS::Partition")}:secretsmanager:*:${variable("AWS::AccountId")}:secret:ecr-pullthroughcache/*`,
        `arn:${variable("AWS::Partition")}:ecr:*:${variable("AWS::AccountId")}:repository/*`,
        `${bucket}/*`,
        `${bucket}/audits/*`,
        `${bucket}/fleet/*`,
        `${bucket}/fleet/*/results/*`,
        `${bucket}/fleet/*/targets.json`,
        `${bucket}/pulls/*`,
        `${executions}:*`,
        `${executions}/Collect:*`,
      ]),
    );
  });

  it("lets the functions read the state that know from it what earlier audits saw", () => {
    const state = `${variable("ReportBucket.Arn")}/state.json`;
    const readers = all().filter(
      ({ statement: { Action, Resource } }) =>
        Action.includes("s3:GetObject") &&
        textsIn(Resource).some((text) => text === state || text === `${variable("ReportBucket.Arn")}/*`),
    );
    expect(readers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["AuditFunctionRole", "PlanFunctionRole", "ConcludeFunctionRole"]),
    );
  });

  it("changes nothing in ECR, and reads no secret's value but the Slack function the one of its webhook", () => {
    const actions = all().flatMap(({ name, statement: { Action, Resource } }) =>
      Action.map((action) => ({ name, action, Resource })),
    );
    const ecr = actions.filter(({ action }) => action.startsWith("ecr:"));
    expect(ecr.length).toBeGreaterThan(5);
    for (const { action } of ecr) expect(action).toMatch(/^ecr:(Describe|Get|Validate)/);
    expect(actions.filter(({ action }) => action === "secretsmanager:GetSecretValue")).toEqual([
      {
        name: "SlackFunctionRole",
        action: "secretsmanager:GetSecretValue",
        Resource: { Ref: "SlackWebhookArn" },
      },
    ]);
  });
});
