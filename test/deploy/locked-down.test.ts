import { beforeAll, describe, expect, it } from "vitest";
import { templateWith, variable } from "../package/template-parts.ts";
import { readMemberTemplate } from "./cloudformation-yaml.ts";
import { everything } from "./combinations.ts";
import { type Effective, effective } from "./effective.ts";
import { policyStatements, roleIn, roleNames } from "./iam.ts";

const eventBus = "arn:aws:events:us-east-1:111122223333:event-bus/pull-through-auditor-prod";
const demands = { PermissionsBoundary: "platform/boundary", RolePath: "/platform/" };
let template: unknown;

beforeAll(async () => {
  template = await templateWith();
});

/** All templates with roles, with the parameters of the organization's demands and without. */
function deployedWith(parameters: Readonly<Record<string, string>>): readonly Effective[] {
  return [
    ...["single", "fleet"].map((Mode) =>
      effective(template, { ...everything, PermissionsBoundary: "", RolePath: "/", Mode, ...parameters }),
    ),
    effective(readMemberTemplate("member-role.yml"), { EventBusArn: eventBus, ...parameters }),
  ];
}

describe("an organization that bounds its roles", () => {
  it("gets the boundary and the path on every role of every template", () => {
    for (const deployed of deployedWith(demands)) {
      expect(roleNames(deployed).length).toBeGreaterThan(1);
      for (const name of roleNames(deployed)) {
        expect(deployed.resources.get(name)?.properties, name).toMatchObject({
          Path: { Ref: "RolePath" },
          PermissionsBoundary: {
            "Fn::Sub": `arn:${variable("AWS::Partition")}:iam::${variable("AWS::AccountId")}:policy/${variable("PermissionsBoundary")}`,
          },
        });
      }
    }
  });

  it("demands nothing of others", () => {
    for (const deployed of deployedWith({})) {
      for (const name of roleNames(deployed)) {
        expect(deployed.resources.get(name)?.properties, name).not.toHaveProperty("PermissionsBoundary");
      }
    }
  });

  it("has its events forwarded by the role under its path", () => {
    const { resources } = effective(readMemberTemplate("member-events.yml"), { EventBusArn: eventBus });
    for (const [name, { properties }] of resources) {
      expect(properties["Targets"], name).toMatchObject([
        { RoleArn: { "Fn::Sub": expect.stringContaining(`role${variable("RolePath")}`) } },
      ]);
    }
  });
});

describe("a hub of an organization", () => {
  const auditors = ["AuditFunctionRole", "PlanFunctionRole", "CollectFunctionRole", "ConcludeFunctionRole"];
  const conditions = (deployed: Effective) =>
    auditors.flatMap((name) =>
      roleIn(deployed, name).grants.flatMap(({ Action, Condition }) =>
        Action.includes("sts:AssumeRole") ? [Condition] : [],
      ),
    );

  it("assumes roles of its organization alone", () => {
    const ofOwnOrganization = {
      StringEquals: { "aws:ResourceOrgID": { "Fn::Sub": `\${!aws:PrincipalOrgID}` } },
    };
    expect(conditions(effective(template, everything))).toEqual(auditors.map(() => ofOwnOrganization));
  });

  it("assumes roles of listed accounts if it is in none", () => {
    const deployed = effective(template, { ...everything, OrganizationId: "" });
    expect(conditions(deployed)).toEqual(auditors.map(() => ({})));
  });
});

it("the key serves the bus and its archive, and no other bus", () => {
  const ofEvents = policyStatements(effective(template, everything), "Key").filter(
    ({ Principal }) => JSON.stringify(Principal) === '{"Service":"events.amazonaws.com"}',
  );
  const arn = `arn:${variable("AWS::Partition")}:events:${variable("AWS::Region")}:${variable("AWS::AccountId")}:event-bus/pull-through-auditor-prod`;
  expect(ofEvents.map(({ Action, Condition }) => [Action, Condition])).toEqual([
    [["kms:DescribeKey"], {}],
    [
      ["kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncrypt*"],
      { StringEquals: { "kms:EncryptionContext:aws:events:event-bus:arn": { "Fn::Sub": arn } } },
    ],
  ]);
});

it("reserved executions limit the function, and 0 reserves none", () => {
  const reserved = (ReservedConcurrency: string) =>
    effective(template, { ...everything, ReservedConcurrency }).resources.get("AuditLambdaFunction")
      ?.properties["ReservedConcurrentExecutions"];
  expect(reserved("5")).toEqual({ Ref: "ReservedConcurrency" });
  expect(reserved("0")).toBeUndefined();
});
