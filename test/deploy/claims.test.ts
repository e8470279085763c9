import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { packageFile } from "../../src/package-file.ts";
import { markersOf } from "../../tools/release/settings.ts";
import { templateWith } from "../package/template-parts.ts";
import { readMemberTemplate } from "./cloudformation-yaml.ts";
import { everything } from "./combinations.ts";
import { type Effective, effective } from "./effective.ts";
import { roleIn, roleNames } from "./iam.ts";
import { ofType } from "./resources.ts";

const texts = {
  deploy: textOf("docs/deploy.md"),
  operations: textOf("docs/operations.md"),
  security: textOf("docs/security.md"),
} as const;
type Document = keyof typeof texts;

let template: unknown;
let all: Effective;
let plain: Effective;
const member = effective(readMemberTemplate("member-role.yml"), {
  EventBusArn: "given",
  ReadCachedRepositories: "true",
});

beforeAll(async () => {
  template = await templateWith();
  all = effective(template, everything);
  plain = effective(template);
});

/** A document with each line break as a space. */
function textOf(file: string): string {
  return readFileSync(packageFile(file), "utf8").replaceAll(/\s+/g, " ");
}

const words = [
  "none",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

function valueAt(deployed: Effective, name: string, ...path: readonly (string | number)[]): number {
  const value = path.reduce<unknown>(
    (part, key) => Reflect.get(Object(part), key),
    deployed.resources.get(name)?.properties,
  );
  const reference = z.object({ Ref: z.string() }).safeParse(value);
  return Number(reference.success ? deployed.parameters[reference.data.Ref] : value);
}

const alarmsWith = (parameters: Readonly<Record<string, string>>): number =>
  ofType("AWS::CloudWatch::Alarm", effective(template, parameters)).length;

/** Each number that a document states, and what it is in the templates. Words are numbers, too. */
const numbers: readonly (readonly [Document, RegExp, () => number])[] = [
  ["deploy", /alarms: (\w+), \w+ with Slack/g, () => alarmsWith({})],
  ["deploy", /alarms: \w+, (\w+) with Slack,/g, () => alarmsWith({ SlackWebhookArn: "given" })],
  ["deploy", /(\w+) with Slack and fleet/g, () => alarmsWith(everything)],
  ["deploy", /with Slack and fleet \| (\d\.\d)0 /g, () => alarmsWith({}) / 10],
  ["deploy", /with Slack and fleet \| \d\.\d0 \| (\d\.\d)0 /g, () => alarmsWith(everything) / 10],
  ["deploy", /arm64 with (\d+) GB/g, () => valueAt(all, "AuditLambdaFunction", "MemorySize") / 1_024],
  [
    "deploy",
    /kept for (\w+) hours/g,
    () => valueAt(all, "AuditLambdaEvConf", "MaximumEventAgeInSeconds") / 3_600,
  ],
  [
    "operations",
    /Lambda retries it (twice)/g,
    () => valueAt(all, "AuditLambdaEvConf", "MaximumRetryAttempts"),
  ],
  [
    "operations",
    /failed (three) times/g,
    () => 1 + valueAt(all, "AuditLambdaEvConf", "MaximumRetryAttempts"),
  ],
  [
    "operations",
    /completed for (\d+) hours/g,
    () => valueAt(plain, "AuditMissingAlarm", "EvaluationPeriods"),
  ],
  ["operations", /less than (\d+) percent/g, () => valueAt(plain, "CoverageLowAlarm", "Threshold")],
  [
    "operations",
    /SQS keeps messages for (\d+) days/g,
    () => valueAt(all, "DeadLetterQueue", "MessageRetentionPeriod") / 86_400,
  ],
  ["operations", /function's (\d+) minutes/g, () => valueAt(all, "AuditLambdaFunction", "Timeout") / 60],
  [
    "operations",
    /bucket keeps for (\d+) days/g,
    () =>
      valueAt(
        all,
        "ReportBucket",
        "LifecycleConfiguration",
        "Rules",
        2,
        "NoncurrentVersionExpiration",
        "NoncurrentDays",
      ),
  ],
  ["security", /last at most (an) hour/g, () => valueAt(member, "AuditRole", "MaxSessionDuration") / 3_600],
];

function numberIn(text: string): number {
  const others: Readonly<Record<string, number>> = { an: 1, twice: 2 };
  return others[text] ?? (words.includes(text) ? words.indexOf(text) : Number(text));
}

describe("the numbers in the documents", () => {
  it.each(numbers)("%s.md: %s is what is deployed", (document, pattern, actual) => {
    const stated = Array.from(texts[document].matchAll(pattern), ([, number = ""]) => numberIn(number));
    expect(stated).not.toEqual([]);
    expect(new Set(stated)).toEqual(new Set([actual()]));
  });
});

describe("the names in the documents", () => {
  it("operations.md has a heading for each alarm, and for no other", () => {
    const names = ofType("AWS::CloudWatch::Alarm", all).map(([, { properties }]) =>
      z.string().parse(properties["AlarmName"]).replace("pull-through-auditor-prod-", ""),
    );
    const [, section = ""] = /## When an alarm goes off(.*?) ## /.exec(texts.operations) ?? [];
    const headings = Array.from(section.matchAll(/### ((?:[a-z-]+(?:, )?)+)/g), ([, it = ""]) =>
      it.split(", "),
    );
    expect(
      headings
        .flat()
        .map((name) => name.trim())
        .sort(),
    ).toEqual(names.sort());
  });

  it("each name of an output is one of the template's", () => {
    const stated = Object.values(texts).flatMap((text) =>
      Array.from(text.matchAll(/`([A-Z][A-Za-z]+(?:Arns?|Url|Name|Console))`/g), ([, name = ""]) => name),
    );
    const parameters = [
      readMemberTemplate("member-role.yml"),
      readMemberTemplate("member-events.yml"),
    ].flatMap((each) => Object.keys(effective(each).parameters));
    expect(stated.length).toBeGreaterThan(5);
    const released = markersOf(packageFile("")).flatMap(({ setting }) => setting?.name ?? []);
    const known = [...all.outputs.keys(), ...parameters, ...released];
    expect(stated.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("what security.md says", () => {
  const rowOf = (who: string) =>
    texts.security.split("| ").filter((_, at, cells) => cells[at - 2]?.startsWith(who))[0] ?? "";
  const actionsIn = (text: string) =>
    Array.from(text.matchAll(/`([a-z]+:[A-Za-z]+)`/g), ([, it]) => it).sort();

  it("the audit role may, it may, and nothing else", () => {
    const granted = roleIn(member, "AuditRole").grants.flatMap(({ Action }) => Action);
    expect(actionsIn(rowOf("the audit role"))).toEqual(granted.sort());
  });

  it("is encrypted with the key, is", () => {
    expect(texts.security).toMatch(
      /encrypted with the installation's own key.*the bus with its archive \(same key\)/,
    );
    const key = { "Fn::GetAtt": ["Key", "Arn"] };
    for (const [name, expected] of Object.entries({
      EventBus: { KmsKeyIdentifier: key },
      EventArchive: { KmsKeyIdentifier: key },
      DigestTopic: { KmsMasterKeyId: { Ref: "Key" } },
      AlarmTopic: { KmsMasterKeyId: { Ref: "Key" } },
    })) {
      expect(all.resources.get(name)?.properties, name).toMatchObject(expected);
    }
    expect(JSON.stringify(all.resources.get("ReportBucket")?.properties)).toContain(JSON.stringify(key));
  });

  it("no role may do, none may: read images, write to ECR", () => {
    expect(texts.security).toContain("no statement writes to ECR");
    const actions = [all, member].flatMap((deployed) =>
      roleNames(deployed).flatMap((name) => roleIn(deployed, name).grants.flatMap(({ Action }) => Action)),
    );
    const images =
      // DescribeImages returns the sizes of images, and nothing in them.
      /^ecr:(BatchGet|GetDownload|GetAuth|DescribeImage(?!s$)|ListImage|Put|Create|Delete|Update|Set|Tag)/;
    expect(actions.filter((action) => images.test(action))).toEqual([]);
  });
});

/** Types of resources that have no tags, with the words of docs/deploy.md (CloudFormation's reference, November 2026). */
const withoutTags: Readonly<Record<string, string>> = {
  "AWS::CloudWatch::Dashboard": "dashboard",
  "AWS::Events::Archive": "archive",
  "AWS::Events::EventBusPolicy": "policies",
  "AWS::KMS::Alias": "alias",
  "AWS::Lambda::EventInvokeConfig": "retries",
  "AWS::Lambda::Permission": "permissions",
  "AWS::S3::BucketPolicy": "policies",
  "AWS::SNS::Subscription": "subscriptions",
  "AWS::SNS::TopicPolicy": "policies",
  "AWS::SQS::QueuePolicy": "policies",
  "AWS::Scheduler::Schedule": "schedule",
};

const withTags = [
  "AWS::CloudWatch::Alarm",
  "AWS::Events::EventBus",
  "AWS::Events::Rule",
  "AWS::IAM::Role",
  "AWS::KMS::Key",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::Logs::LogGroup",
  "AWS::S3::Bucket",
  "AWS::SNS::Topic",
  "AWS::SQS::Queue",
  "AWS::StepFunctions::StateMachine",
];

it("deploy.md names what takes no tags", () => {
  const events = effective(readMemberTemplate("member-events.yml"), { EventBusArn: "given" });
  const deployed = ["single", "fleet"].map((Mode) => effective(template, { ...everything, Mode }));
  const types = new Set(
    [...deployed, member, events].flatMap(({ resources }) => [...resources.values()].map(({ type }) => type)),
  );
  expect([...types].sort()).toEqual([...Object.keys(withoutTags), ...withTags].sort());
  const [, sentence = ""] = /They do not reach what has no tags in AWS: ([^.]*)\./.exec(texts.deploy) ?? [];
  for (const word of Object.values(withoutTags)) expect(sentence).toContain(word);
});

it("each command that changes stack instances says how many at once, and how many may fail", () => {
  const commands = Object.values(texts).flatMap((text) =>
    Array.from(
      text.matchAll(
        /aws cloudformation (?:(?:create|update|delete)-stack-instances|update-stack-set) .*?(?= aws | ```)/g,
      ),
      ([command]) => command,
    ),
  );
  expect(commands.length).toBeGreaterThanOrEqual(5);
  for (const command of commands) {
    expect(command).toMatch(
      /--operation-preferences RegionConcurrencyType=PARALLEL,MaxConcurrentPercentage=\d+,FailureTolerancePercentage=\d+/,
    );
  }
});
