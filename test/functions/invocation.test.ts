import { describe, expect, it } from "vitest";
import { parseInvocation } from "../../functions/shared/invocation.ts";
import { pullEventSchema } from "../../src/audit/pulls/pull-event.ts";
import {
  CALLER,
  callEvent,
  cloudTrailEvent,
  pullThroughEvent,
  registryPolicyEvent,
  scheduledRuleEvent,
  schedulerEvent,
  secretEvent,
} from "./events.ts";
import { MEMBER, REGION } from "./fleet.ts";

const everything = { accounts: null, regions: null, prefixes: null };
const usual = { dryRun: false, notify: null, changes: [], pulls: [] };
const by = { ...CALLER, at: "2026-11-20T09:14:58Z", eventId: "0f2b1b47-1f9b-4c41-9c7b-3a5ae3a3e3d1" };
const here = { account: MEMBER, region: REGION };

describe("a request", () => {
  it.each([
    ["nothing", undefined, {}, {}],
    ["null", null, {}, {}],
    ["an empty object", {}, {}, {}],
    ["accounts", { accounts: [MEMBER] }, { accounts: [MEMBER] }, {}],
    ["regions", { regions: ["eu-west-1", "us-gov-west-1"] }, { regions: ["eu-west-1", "us-gov-west-1"] }, {}],
    ["prefixes", { prefixes: ["docker-hub", "ROOT"] }, { prefixes: ["docker-hub", "ROOT"] }, {}],
    ["a dry run", { dryRun: true }, {}, { dryRun: true }],
    ["word in any case", { notify: "always" }, {}, { notify: "always" }],
    ["no word at all", { notify: "never" }, {}, { notify: "never" }],
  ])("takes %s", (_what, event, narrowed, asked) => {
    expect(parseInvocation(event)).toEqual({
      request: { trigger: "console", ...everything, ...narrowed },
      ...usual,
      ...asked,
    });
  });

  it.each([
    ["a text", "audit", ["$ must be of type object"]],
    ["a list", [], ["$ must be of type object"]],
    ["no account at all", { accounts: [] }, ["$.accounts must have a number of entries of at least 1"]],
    ["an account that is none", { accounts: [MEMBER, "4444"] }, ["$.accounts[1] must be a 12-digit"]],
    ["an account as a number", { accounts: [444455556666] }, ["$.accounts[0] must be of type string"]],
    ["a region that is none", { regions: ["Ireland"] }, ["$.regions[0] must be the code of an AWS region"]],
    ["a zone for a region", { regions: ["eu-west-1a"] }, ["$.regions[0] must be the code of an AWS region"]],
    ["a prefix of one letter", { prefixes: ["a"] }, ["$.prefixes[0] must have a length of at least 2"]],
    [
      "a prefix of 31 letters",
      { prefixes: ["a".repeat(31)] },
      ["$.prefixes[0] must have a length of at most 30"],
    ],
    ["a dry run in words", { dryRun: "yes" }, ["$.dryRun must be of type boolean"]],
    ["an unknown word for when", { notify: "later" }, ['$.notify must be "changes" or "always" or "never"']],
    ["an unknown key", { account: MEMBER }, ['$.account is not a known key; did you mean "accounts"?']],
    [
      "everything wrong at once",
      { accounts: ["1"], regions: ["x"], prefixes: "all", dryRun: 1, notify: "", scope: "all" },
      [
        "$.accounts[0] ",
        "$.regions[0] ",
        "$.prefixes ",
        "$.dryRun ",
        "$.notify ",
        "$.scope is not a known key",
      ],
    ],
  ])("refuses %s", (_what, event, problems) => {
    const message = refusalOf(event);
    expect(message.split("\n")).toHaveLength(1 + problems.length);
    for (const problem of problems) expect(message).toContain(problem);
  });
});

describe("an event of AWS", () => {
  it.each([
    ["EventBridge Scheduler", schedulerEvent],
    ["a scheduled rule", scheduledRuleEvent],
  ])("of %s asks for everything", (_whose, event) => {
    expect(parseInvocation(event)).toEqual({ request: { trigger: "schedule", ...everything }, ...usual });
  });

  it.each(["CreatePullThroughCacheRule", "UpdatePullThroughCacheRule", "DeletePullThroughCacheRule"])(
    "of CloudTrail about %s asks for that rule",
    (eventName) => {
      const event = { ...cloudTrailEvent, detail: { ...cloudTrailEvent.detail, eventName } };
      const change = { ...here, thing: "rule", name: "quay", action: eventName, by };
      expect(parseInvocation(event)).toEqual({ ...askedByEvent(["quay"]), changes: [change] });
    },
  );

  it.each([
    ["PutRegistryPolicy", { policyText: "{}" }, "registry-policy", null],
    ["DeleteRegistryPolicy", null, "registry-policy", null],
    ["PutRegistryScanningConfiguration", { scanType: "BASIC", rules: [] }, "scanning", null],
    ["CreateRepositoryCreationTemplate", { prefix: "ROOT" }, "creation-template", "ROOT"],
    ["UpdateRepositoryCreationTemplate", { prefix: "docker-hub" }, "creation-template", "docker-hub"],
    ["DeleteRepositoryCreationTemplate", { prefix: "docker-hub" }, "creation-template", "docker-hub"],
  ])("of CloudTrail about %s asks for the registry", (eventName, parameters, thing, name) => {
    const change = { ...here, thing, name, action: eventName, by };
    expect(parseInvocation(callEvent(eventName, parameters))).toEqual({
      ...askedByEvent(null),
      changes: [change],
    });
  });

  it.each(["PutSecretValue", "UpdateSecret", "DeleteSecret", "RestoreSecret"])(
    "of CloudTrail about %s asks for the registry, and names the secret",
    (eventName) => {
      const event = { ...secretEvent, detail: { ...secretEvent.detail, eventName } };
      const change = { ...here, thing: "secret", name: "ecr-pullthroughcache/quay", action: eventName, by };
      expect(parseInvocation(event)).toEqual({ ...askedByEvent(null), changes: [change] });
    },
  );

  const identity = registryPolicyEvent.detail.userIdentity;
  it.each<[string, unknown, object | null]>([
    [
      "a user",
      { type: "IAMUser", arn: "arn:aws:iam::444455556666:user/bob" },
      { arn: "arn:aws:iam::444455556666:user/bob", sessionName: null },
    ],
    [
      "a service",
      { type: "AWSService", invokedBy: "cloudformation.amazonaws.com" },
      { arn: "cloudformation.amazonaws.com", sessionName: null },
    ],
    ["a role without a session's name", { ...identity, arn: undefined }, { sessionName: null }],
    ["nobody", undefined, null],
    ["text", "root", null],
    ["a number", { arn: 7, sessionContext: "none" }, null],
    [
      "a name without end",
      { type: "IAMUser", arn: "a".repeat(5_000) },
      { arn: "a".repeat(300), sessionName: null },
    ],
  ])(
    "names %s as the one who made the change, and asks for the same audit",
    (_who, userIdentity, changed) => {
      const event = { ...registryPolicyEvent, detail: { ...registryPolicyEvent.detail, userIdentity } };
      const { request, changes } = parseInvocation(event);
      expect(request).toEqual(askedByEvent(null).request);
      expect(changes[0]?.by ?? null).toEqual(changed === null ? null : { ...by, ...changed });
    },
  );

  it("of ECR about a pull asks for the rule that was pulled through", () => {
    const pulls = [pullEventSchema.parse(pullThroughEvent)];
    expect(parseInvocation(pullThroughEvent)).toEqual({ ...askedByEvent(["docker-hub"]), pulls });
    // What cannot be recorded is looked at all the same.
    const { id: _, ...unnamed } = pullThroughEvent;
    expect(parseInvocation(unnamed)).toEqual(askedByEvent(["docker-hub"]));
  });

  const { detail: call } = cloudTrailEvent;
  const { "ecr-repository-prefix": _prefix, ...pullWithoutPrefix } = pullThroughEvent.detail;
  it.each([
    ["of another kind", { ...schedulerEvent, "detail-type": "ECR Image Scan" }, ['"ECR Image Scan"']],
    ["without a kind", { ...schedulerEvent, "detail-type": undefined }, ["$.resources is not a known key"]],
    ["without a source", { ...schedulerEvent, source: undefined }, ["$.resources is not a known key"]],
    [
      "about another call",
      { ...cloudTrailEvent, detail: { ...call, eventName: "DeleteRepository" } },
      ["$.detail.eventName "],
    ],
    [
      "of CloudTrail without parameters",
      { ...cloudTrailEvent, detail: { ...call, requestParameters: null } },
      ["$.detail.requestParameters "],
    ],
    [
      "of CloudTrail with nothing right",
      { ...cloudTrailEvent, account: "?", detail: { eventSource: "s3", eventName: "", awsRegion: "" } },
      ["$.account ", "$.detail.eventSource ", "$.detail.eventName ", "$.detail.awsRegion "],
    ],
    [
      "of CloudTrail about a rule without a prefix",
      callEvent("DeletePullThroughCacheRule", {}),
      ["$.detail.requestParameters.ecrRepositoryPrefix "],
    ],
    [
      "of CloudTrail about a secret without its name",
      callEvent("PutSecretValue", { secretId: "" }, "secretsmanager"),
      ["$.detail.requestParameters.secretId must be a text of 1 to 2,048 characters"],
    ],
    [
      "of CloudTrail about a call of another service",
      callEvent("PutRegistryPolicy", {}, "secretsmanager"),
      ["$.detail.eventSource must be ecr.amazonaws.com for PutRegistryPolicy"],
    ],
    [
      "of ECR without a prefix",
      { ...pullThroughEvent, detail: pullWithoutPrefix },
      ['$.detail["ecr-repository-prefix"] '],
    ],
    [
      "of ECR with nothing right",
      { ...pullThroughEvent, account: 1, region: "here", detail: "{}" },
      ["$.account ", "$.region ", "$.detail "],
    ],
  ])("is refused %s", (_what, event, problems) => {
    const message = refusalOf(event);
    for (const problem of problems) expect(message).toContain(problem);
  });
});

function askedByEvent(prefixes: readonly string[] | null) {
  return {
    request: { trigger: "event", accounts: [MEMBER], regions: [REGION], prefixes },
    ...usual,
  };
}

function refusalOf(event: unknown): string {
  try {
    parseInvocation(event);
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidEventError") return error.message;
    throw error;
  }
  throw new Error("the event was taken");
}
