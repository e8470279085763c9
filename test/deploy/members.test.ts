import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { parseInvocation } from "../../functions/shared/invocation.ts";
import { readSettings } from "../../src/app/settings.ts";
import { changingCallNames, changingCalls } from "../../src/audit/changes/call-record.ts";
import { openSessions } from "../../src/aws/sessions.ts";
import { matches } from "../docs/event-pattern.ts";
import {
  callEvent,
  cloudTrailEvent,
  pullThroughEvent,
  scheduledRuleEvent,
  secretEvent,
} from "../functions/events.ts";
import { MEMBER, REGION } from "../functions/fleet.ts";
import { templateWith, variable } from "../package/template-parts.ts";
import { readMemberTemplate } from "./cloudformation-yaml.ts";
import { everything } from "./combinations.ts";
import { type Effective, effective } from "./effective.ts";
import { roleIn, roleNames } from "./iam.ts";

const withEvents = {
  EventBusArn: "arn:aws:events:us-east-1:111122223333:event-bus/pull-through-auditor-prod",
};
const roles = effective(readMemberTemplate("member-role.yml"), withEvents);
const events = effective(readMemberTemplate("member-events.yml"), withEvents);
let template: unknown;
let hub: Effective;

beforeAll(async () => {
  template = await templateWith();
  hub = effective(template, everything);
});

function propertiesOf({ resources }: Effective, name: string): Readonly<Record<string, unknown>> {
  const resource = resources.get(name);
  if (resource === undefined) throw new Error(`The template has no ${name}`);
  return resource.properties;
}

/** What the auditor sends when it assumes a role. */
async function assumption() {
  const sts = mockClient(STSClient)
    .on(AssumeRoleCommand)
    .resolves({
      Credentials: { AccessKeyId: "A", SecretAccessKey: "s", SessionToken: "t", Expiration: new Date() },
    });
  const role = { name: readSettings({}).roleName, externalId: "example" };
  const client = new STSClient({ region: REGION });
  await openSessions(
    { sts: () => client, asHub: (work) => work() },
    role,
    REGION,
    () => new Date(),
  )(MEMBER)();
  const [call] = sts.commandCalls(AssumeRoleCommand);
  sts.restore();
  if (call === undefined) throw new Error("No role was assumed");
  return call.args[0].input;
}

describe("the role in member accounts", () => {
  it("trusts the auditor's roles alone, of this organization, with the external id, for the auditor's own sessions", async () => {
    const { RoleSessionName } = await assumption();
    const firstRole = { "Fn::Select": [0, { Ref: "HubRoleArns" }] };
    expect(roleIn(roles, "AuditRole").trust).toEqual([
      {
        Sid: "AuditorOfThisOrganization",
        Effect: "Allow",
        // The account, not the roles: IAM keeps a role that is a principal by its unique id, which a new hub has not.
        Principal: {
          AWS: {
            "Fn::Sub": [
              `arn:${variable("AWS::Partition")}:iam::${variable("HubAccount")}:root`,
              { HubAccount: { "Fn::Select": [4, { "Fn::Split": [":", firstRole] }] } },
            ],
          },
        },
        Action: ["sts:AssumeRole"],
        Condition: {
          ArnEquals: { "aws:PrincipalArn": { Ref: "HubRoleArns" } },
          StringEquals: {
            "aws:PrincipalOrgID": { Ref: "OrganizationId" },
            "sts:ExternalId": { Ref: "ExternalId" },
            "sts:RoleSessionName": RoleSessionName,
          },
        },
      },
    ]);
  });

  it("has the name by which the auditor assumes it, and sessions as long as it asks for", async () => {
    const { RoleArn, DurationSeconds } = await assumption();
    expect(RoleArn).toBe(`arn:aws:iam::${MEMBER}:role/${roles.parameters["RoleName"]}`);
    expect(propertiesOf(roles, "AuditRole")).toMatchObject({
      RoleName: { Ref: "RoleName" },
      MaxSessionDuration: DurationSeconds,
    });
  });
});

describe("the role that forwards events", () => {
  it("is not there where none are forwarded", () => {
    const without = effective(readMemberTemplate("member-role.yml"));
    expect(roleNames(without)).toEqual(["AuditRole"]);
    expect(roleNames(roles)).toEqual(["AuditRole", "ForwarderRole"]);
  });

  it("lets this account's rules of the auditor put events on the hub's bus, and nothing else", () => {
    const { trust, grants } = roleIn(roles, "ForwarderRole");
    expect(trust).toMatchObject([
      {
        Principal: { Service: "events.amazonaws.com" },
        Condition: {
          StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
          ArnLike: {
            "aws:SourceArn": { "Fn::Sub": expect.stringMatching(/:rule\/pull-through-auditor-\*$/) },
          },
        },
      },
    ]);
    expect(grants).toEqual([
      {
        Sid: "PutEvents",
        Effect: "Allow",
        Action: ["events:PutEvents"],
        Resource: { Ref: "EventBusArn" },
        Condition: {},
      },
    ]);
    for (const rule of ["RuleChanged", "SecretChanged", "PullFailed"]) {
      expect(propertiesOf(events, rule)["Name"]).toMatch(/^pull-through-auditor-/);
    }
    expect(events.parameters["ForwarderRoleName"]).toBe(roles.parameters["ForwarderRoleName"]);
  });
});

it("failed pulls are not forwarded if the parameter says so, and changes still are", () => {
  const parameters = { ...withEvents, ForwardFailedPulls: "false" };
  const { resources } = effective(readMemberTemplate("member-events.yml"), parameters);
  expect([...resources.keys()]).toEqual(["RuleChanged", "SecretChanged"]);
});

const failedCall = { ...cloudTrailEvent, detail: { ...cloudTrailEvent.detail, errorCode: "AccessDenied" } };
const otherCall = {
  ...cloudTrailEvent,
  detail: { ...cloudTrailEvent.detail, eventName: "DeleteRepository" },
};
const failedSecretCall = { ...secretEvent, detail: { ...secretEvent.detail, errorCode: "AccessDenied" } };
const otherSecretCall = callEvent("PutSecretValue", { secretId: "database" }, "secretsmanager");
const goodPull = { ...pullThroughEvent, detail: { ...pullThroughEvent.detail, "sync-status": "SUCCESS" } };

describe.each([
  ["RuleChanged", cloudTrailEvent, ["quay"], [failedCall, otherCall, pullThroughEvent, secretEvent]],
  ["SecretChanged", secretEvent, null, [failedSecretCall, otherSecretCall, cloudTrailEvent]],
  ["PullFailed", pullThroughEvent, ["docker-hub"], [cloudTrailEvent, scheduledRuleEvent]],
  // It resolves the failures before it.
  ["PullFailed", goodPull, ["docker-hub"], [cloudTrailEvent, scheduledRuleEvent]],
])("the rule %s", (name, event, prefixes, others) => {
  it("takes in the hub what it forwards in member accounts", () => {
    const patterns = [events, hub].map((template) => propertiesOf(template, name)["EventPattern"]);
    expect(patterns[0]).toEqual(patterns[1]);
    for (const pattern of patterns) {
      expect(matches(pattern, event)).toBe(true);
      expect(others.filter((other) => matches(pattern, other))).toEqual([]);
    }
  });

  it("sends it to the bus that is given, under the role that may", () => {
    expect(propertiesOf(events, name)["Targets"]).toEqual([
      {
        Id: "auditor",
        Arn: { Ref: "EventBusArn" },
        RoleArn: { "Fn::Sub": expect.stringContaining("ForwarderRoleName") },
      },
    ]);
  });

  it("leads to an audit of what it concerns", () => {
    expect(parseInvocation(event).request).toEqual({
      trigger: "event",
      accounts: [MEMBER],
      regions: [REGION],
      prefixes,
    });
  });
});

it.each(changingCallNames)("%s is forwarded, and taken by one rule of the hub", (eventName) => {
  const { eventSource, nameIn } = changingCalls[eventName];
  const [service = ""] = eventSource.split(".");
  const parameters = nameIn === null ? {} : { [nameIn]: "ecr-pullthroughcache/quay" };
  const event = callEvent(eventName, parameters, service);
  for (const template of [events, hub]) {
    const patterns = ["RuleChanged", "SecretChanged"].map(
      (name) => propertiesOf(template, name)["EventPattern"],
    );
    expect(patterns.filter((pattern) => matches(pattern, event))).toHaveLength(1);
  }
});

describe("the hub's bus", () => {
  const statementSchema = z.object({ Statement: z.record(z.string(), z.unknown()) });

  it("lets only the organization in, and only with such events", () => {
    expect(statementSchema.parse(propertiesOf(hub, "EventBusPolicy")).Statement).toEqual({
      Effect: "Allow",
      Principal: "*",
      Action: "events:PutEvents",
      Resource: { "Fn::GetAtt": ["EventBus", "Arn"] },
      Condition: {
        StringEquals: { "aws:PrincipalOrgID": { Ref: "OrganizationId" } },
        "ForAllValues:StringEquals": {
          "events:source": [cloudTrailEvent.source, secretEvent.source],
          "events:detail-type": [cloudTrailEvent["detail-type"], pullThroughEvent["detail-type"]],
        },
      },
    });
  });

  it("allows no other account if the organization is unknown", () => {
    const closed = effective(template, { ...everything, OrganizationId: "" });
    expect([...closed.resources.keys()]).toContain("EventBus");
    expect([...closed.resources.keys()]).not.toContain("EventBusPolicy");
  });
});
