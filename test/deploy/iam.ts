import * as z from "zod";
import type { Effective } from "./effective.ts";

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** A statement of a policy. Its resources and conditions stay as the template has them. */
const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.unknown().optional(),
  Action: oneOrMore,
  Resource: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

const documentSchema = z.object({ Version: z.literal("2012-10-17"), Statement: z.array(statementSchema) });

export type Statement = Readonly<z.infer<typeof statementSchema>>;

const roleSchema = z.strictObject({
  RoleName: z.unknown().optional(),
  Path: z.unknown(),
  PermissionsBoundary: z.unknown().optional(),
  Description: z.string(),
  MaxSessionDuration: z.number().optional(),
  AssumeRolePolicyDocument: documentSchema,
  Policies: z.array(z.object({ PolicyDocument: documentSchema })),
});

/** The principals that a role trusts and the permissions that it grants, all from the role itself. */
export function roleIn({ resources }: Effective, name: string) {
  const role = roleSchema.parse(resources.get(name)?.properties);
  return {
    trust: role.AssumeRolePolicyDocument.Statement,
    grants: role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  };
}

/** All roles of a template. */
export function roleNames({ resources }: Effective): readonly string[] {
  return [...resources].flatMap(([name, { type }]) => (type === "AWS::IAM::Role" ? [name] : []));
}

/** The statements of a resource's policy: a queue's, topic's, bucket's or key's. */
export function policyStatements({ resources }: Effective, name: string): readonly Statement[] {
  const { PolicyDocument, KeyPolicy } = resources.get(name)?.properties ?? {};
  return documentSchema.parse(PolicyDocument ?? KeyPolicy).Statement;
}
