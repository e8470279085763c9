import * as z from "zod";
import { openServiceWithoutCode, packageTemplate } from "./service.ts";
import { packagedOnce } from "./template-cache.ts";

const templateSchema = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Default: z.union([z.string(), z.number()]) })),
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  Conditions: z.record(z.string(), z.unknown()),
  Outputs: z.record(
    z.string(),
    z.looseObject({
      Description: z.string().default(""),
      Condition: z.string().optional(),
      Value: z.unknown(),
    }),
  ),
});

/** A CloudFormation template, as far as tests look into it. */
export type Template = Readonly<z.infer<typeof templateSchema>>;

const roleSchema = z.strictObject({
  Description: z.string(),
  RoleName: z.string().optional(),
  Path: z.unknown(),
  PermissionsBoundary: z.unknown().optional(),
  AssumeRolePolicyDocument: z.object({ Statement: z.array(z.unknown()) }),
  Policies: z.tuple([z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) })]),
});

/** The template of the service when it is packaged with these options. */
export async function templateWith(words: readonly string[] = []): Promise<Template> {
  const template = await packagedOnce(words, async () => {
    await using service = await openServiceWithoutCode();
    return await packageTemplate(service, words);
  });
  return templateSchema.parse(template);
}

/** What a resource is set up with. */
export function propertiesOf({ Resources }: Template, name: string): Readonly<Record<string, unknown>> {
  const resource = Resources[name];
  if (resource === undefined) throw new Error(`The template has no ${name}`);
  return resource.Properties;
}

/** Whom a role trusts, and what it grants. */
export function roleIn(template: Template, name: string) {
  const { AssumeRolePolicyDocument: trust, Policies } = roleSchema.parse(propertiesOf(template, name));
  return { trust: trust.Statement, grants: Policies[0].PolicyDocument.Statement };
}

/** A reference to a resource's ARN. */
export function arnOf(name: string) {
  return { "Fn::GetAtt": [name, "Arn"] };
}

/** A variable as Fn::Sub writes it. */
export function variable(name: string): string {
  return `\${${name}}`;
}

/** A statement that allows something. */
export function allow(sid: string, action: string | readonly string[], resource: unknown) {
  return { Sid: sid, Effect: "Allow", Action: action, Resource: resource };
}

/** The condition that a parameter is not left empty. */
export function isSet(parameter: string) {
  return { "Fn::Not": [{ "Fn::Equals": [{ Ref: parameter }, ""] }] };
}
