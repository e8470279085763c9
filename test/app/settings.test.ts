import { describe, expect, test } from "vitest";
import { readSettings, type Settings, settingNames } from "../../src/app/settings.ts";
import { ConfigurationError, type Problem } from "../../src/core/problem.ts";

const defaults: Settings = {
  policy: null,
  roleName: "pull-through-auditor",
  externalId: null,
  topicArn: null,
  eventBus: null,
  store: null,
  storeLock: null,
  securityHub: false,
  concurrency: 100,
  confirmAfterSeconds: 5,
  requestTimeoutSeconds: 10,
};

describe("readSettings", () => {
  test("has a default for everything", () => {
    expect(readSettings({})).toStrictEqual(defaults);
  });

  test("an empty or missing variable counts as not set", () => {
    const empty = Object.fromEntries(settingNames.map((name) => [name, ""]));
    expect(readSettings({ ...empty, AUDIT_UNKNOWN: undefined })).toStrictEqual(defaults);
  });

  test("leaves the rest of the environment alone", () => {
    expect(readSettings({ PATH: "/bin", AWS_REGION: "eu-west-1", audit_policy: "x" })).toStrictEqual(
      defaults,
    );
  });

  const topic = "arn:aws-us-gov:sns:us-gov-west-1:111122223333:ecr-audits_1";
  const bus = "arn:aws:events:eu-west-1:111122223333:event-bus/team/audits";
  test.each<[Record<string, string>, Partial<Settings>]>([
    [{ AUDIT_POLICY: "policies/ours.json" }, { policy: "policies/ours.json" }],
    [{ AUDIT_POLICY: "s3://policies/ours.json" }, { policy: "s3://policies/ours.json" }],
    [{ AUDIT_ROLE_NAME: "Audit_Role+=,.@-1" }, { roleName: "Audit_Role+=,.@-1" }],
    [{ AUDIT_ROLE_NAME: "r".repeat(64) }, { roleName: "r".repeat(64) }],
    [{ AUDIT_ROLE_NAME: "path/to/role" }, { roleName: "path/to/role" }],
    [{ AUDIT_STORE: "s3://audits/nightly" }, { store: "s3://audits/nightly" }],
    [{ AUDIT_STORE: "./audits" }, { store: "./audits" }],
    [{ AUDIT_STORE_LOCK: "GOVERNANCE 400" }, { storeLock: { mode: "GOVERNANCE", days: 400 } }],
    [{ AUDIT_STORE_LOCK: "COMPLIANCE 1" }, { storeLock: { mode: "COMPLIANCE", days: 1 } }],
    [{ AUDIT_SECURITY_HUB: "true" }, { securityHub: true }],
    [{ AUDIT_SECURITY_HUB: "false" }, { securityHub: false }],
    [{ AUDIT_EXTERNAL_ID: "42" }, { externalId: "42" }],
    [{ AUDIT_EXTERNAL_ID: "a:/".repeat(408) }, { externalId: "a:/".repeat(408) }],
    [{ AUDIT_TOPIC_ARN: topic }, { topicArn: topic }],
    [{ AUDIT_EVENT_BUS: "default" }, { eventBus: "default" }],
    [{ AUDIT_EVENT_BUS: bus }, { eventBus: bus }],
    [{ AUDIT_CONCURRENCY: "1" }, { concurrency: 1 }],
    [{ AUDIT_CONCURRENCY: "1000" }, { concurrency: 1_000 }],
    [{ AUDIT_CONFIRM_AFTER_SECONDS: "0" }, { confirmAfterSeconds: 0 }],
    [{ AUDIT_CONFIRM_AFTER_SECONDS: "2.5" }, { confirmAfterSeconds: 2.5 }],
    [{ AUDIT_REQUEST_TIMEOUT_SECONDS: "0.5" }, { requestTimeoutSeconds: 0.5 }],
    [{ AUDIT_REQUEST_TIMEOUT_SECONDS: "300" }, { requestTimeoutSeconds: 300 }],
  ])("takes %j", (environment, settings) => {
    expect(readSettings(environment)).toStrictEqual({ ...defaults, ...settings });
  });

  test.each([
    ["AUDIT_ROLE_NAME", "/role", /name of an IAM role/],
    ["AUDIT_ROLE_NAME", "path/", /name of an IAM role/],
    ["AUDIT_ROLE_NAME", "r".repeat(65), /name of an IAM role/],
    ["AUDIT_ROLE_NAME", "role\n", /name of an IAM role/],
    ["AUDIT_EXTERNAL_ID", "x", /2 to 1224/],
    ["AUDIT_EXTERNAL_ID", "x".repeat(1_225), /2 to 1224/],
    ["AUDIT_EXTERNAL_ID", "with space", /external id/],
    ["AUDIT_TOPIC_ARN", "ecr-audits", /ARN of an SNS topic/],
    ["AUDIT_TOPIC_ARN", "arn:aws:sqs:eu-west-1:111122223333:q", /ARN of an SNS topic/],
    ["AUDIT_TOPIC_ARN", `${topic}:3f8a-subscription`, /ARN of an SNS topic/],
    ["AUDIT_EVENT_BUS", "arn:aws:events:eu-west-1:111122223333:rule/x", /event bus/],
    ["AUDIT_EVENT_BUS", "two words", /event bus/],
    ["AUDIT_CONCURRENCY", "0", /from 1 to 1000/],
    ["AUDIT_CONCURRENCY", "1001", /from 1 to 1000/],
    ["AUDIT_CONCURRENCY", "-5", /whole number/],
    ["AUDIT_CONCURRENCY", "1.5", /whole number/],
    ["AUDIT_CONCURRENCY", "many", /whole number/],
    ["AUDIT_CONFIRM_AFTER_SECONDS", "5s", /number of seconds/],
    ["AUDIT_CONFIRM_AFTER_SECONDS", "-1", /number of seconds/],
    ["AUDIT_CONFIRM_AFTER_SECONDS", "301", /at most 300/],
    ["AUDIT_REQUEST_TIMEOUT_SECONDS", "300.1", /at most 300/],
    ["AUDIT_REQUEST_TIMEOUT_SECONDS", "0", /more than 0/],
    ["AUDIT_REQUEST_TIMEOUT_SECONDS", "0.0", /more than 0/],
    ["AUDIT_TOPIC", "arn", /is not a setting; the settings are .*AUDIT_TOPIC_ARN/],
  ])("refuses %s=%o", (name, value, message) => {
    expect(problemsOf({ [name]: value })).toEqual([{ path: name, message: expect.stringMatching(message) }]);
  });

  test("lists all problems", () => {
    const problems = problemsOf({
      AUDIT_POLICY: "fine.json",
      AUDIT_ROLE_NAME: "path/",
      AUDIT_CONCURRENCY: "many",
      AUDIT_TYPO: "1",
      AUDIT_OTHER: "2",
    });
    expect(problems.map(({ path }) => path).toSorted()).toEqual([
      "AUDIT_CONCURRENCY",
      "AUDIT_OTHER",
      "AUDIT_ROLE_NAME",
      "AUDIT_TYPO",
    ]);
  });

  test("says where the problems lie", () => {
    expect(() => readSettings({ AUDIT_CONCURRENCY: "0" })).toThrow(
      "Environment: 1 problem\n  AUDIT_CONCURRENCY must be from 1 to 1000",
    );
  });
});

function problemsOf(environment: Record<string, string>): readonly Problem[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error("nothing was wrong with it");
}
