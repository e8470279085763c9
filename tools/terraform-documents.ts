import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { evaluatorFor } from "../src/iac/cloudformation/evaluate.ts";
import { plainOf } from "../src/iac/cloudformation/plain.ts";
import { scopeOf } from "../src/iac/cloudformation/scope.ts";
import { parseSources, valueUnder } from "../src/iac/source-tree.ts";

const project = join(import.meta.dirname, "..");

/** Where the documents of the Terraform module are, in the project. */
export const documentsFolder = "deploy/terraform/documents";

/** Values of the templates' parameters that stand for the module's variables, and how a template of Terraform writes these. */
const account = "210987654321";
const hubRole = "arn:aws:iam::123456789012:role/every-hub-role";
const bus = "arn:aws:events:us-east-1:123456789012:event-bus/the-bus";
const variables: readonly (readonly [value: string, inTerraform: string])[] = [
  [JSON.stringify([hubRole]), "$" + "{jsonencode(hub_role_arns)}"],
  ["123456789012:root", "$" + "{hub_account}:root"],
  ["the-organization", "$" + "{organization_id}"],
  ["the-external-id", "$" + "{external_id}"],
  [bus, "$" + "{event_bus_arn}"],
  [account, "$" + "{account}"],
  ["arn:aws:", "arn:$" + "{partition}:"],
];

const documentSchema = z.looseObject({ Version: z.literal("2012-10-17") });
const policySchema = z.object({ PolicyName: z.string(), PolicyDocument: documentSchema });
const roleSchema = z.object({
  Description: z.string(),
  AssumeRolePolicyDocument: documentSchema,
  Policies: z.array(policySchema).min(1),
});
const ruleSchema = z.object({
  Condition: z.literal("FailedPullsAreForwarded").optional(),
  Properties: z.object({
    Name: z.string(),
    Description: z.string(),
    EventPattern: z.record(z.string(), z.unknown()),
  }),
});

/**
 * Returns the documents of the Terraform module by their file names: the roles' policies and the rules, as the
 * CloudFormation templates in `deploy` have them. What is granted is written once, there.
 */
export function terraformDocuments(): ReadonlyMap<string, string> {
  const roles = z
    .object({
      AuditRole: z.object({ Properties: roleSchema }),
      ForwarderRole: z.object({ Properties: roleSchema }),
    })
    .parse(
      resourcesOf("member-role.yml", {
        HubRoleArns: hubRole,
        OrganizationId: "the-organization",
        ExternalId: "the-external-id",
        EventBusArn: bus,
        ReadCachedRepositories: "true",
      }),
    );
  const rules = Object.values(
    z.record(z.string(), ruleSchema).parse(resourcesOf("member-events.yml", { EventBusArn: bus })),
  ).map(({ Condition, Properties: { Name, Description, EventPattern } }) => ({
    name: Name,
    description: Description,
    failed_pulls: Condition !== undefined,
    pattern: withBooleans(EventPattern),
  }));
  const policies = Object.entries({ audit: roles.AuditRole, forward: roles.ForwarderRole }).flatMap(
    ([name, { Properties }]) => [
      [`${name}-trust.json.tftpl`, withVariables(Properties.AssumeRolePolicyDocument)] as const,
      ...Properties.Policies.map(
        ({ PolicyName, PolicyDocument }) =>
          [`${PolicyName}.json.tftpl`, withVariables(PolicyDocument)] as const,
      ),
    ],
  );
  return new Map([...policies, ["rules.json", `${JSON.stringify(rules, null, 2)}\n`]]);
}

/** The evaluator returns scalars as texts. In a pattern, `exists` takes a boolean. */
function withBooleans(pattern: unknown): unknown {
  return JSON.parse(
    JSON.stringify(pattern, (key, value: unknown) => (key === "exists" ? value === "true" : value)),
  );
}

function resourcesOf(file: string, parameters: Readonly<Record<string, string>>): unknown {
  const [template] = parseSources(readFileSync(join(project, "deploy", file), "utf8"), file);
  const resources = valueUnder(template, "Resources");
  if (template === undefined || resources === undefined) throw new Error(`deploy/${file} has no resources`);
  const location = { account, region: "us-east-1" };
  const given = new Map(Object.entries(parameters));
  const scope = scopeOf(template, { location, given }, () => valueUnder(template, "Conditions"));
  return plainOf(resources, evaluatorFor(scope));
}

function withVariables(document: unknown): string {
  // A list of one text is on one line, so that a variable for the list can take its place.
  const text = JSON.stringify(document, null, 2).replaceAll(/\[\s+("[^"]*")\s+\]/g, "[$1]");
  return `${variables.reduce((before, [value, variable]) => before.replaceAll(value, variable), text)}\n`;
}
