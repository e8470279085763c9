import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  GetTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import * as z from "zod";

/** The part of Serverless that this plugin uses. */
type Serverless = {
  readonly service: {
    readonly custom: { readonly forget: string };
    readonly provider: { readonly compiledCloudFormationTemplate: unknown };
  };
  readonly classes: { readonly Error: new (message: string) => Error };
  readonly getProvider: (name: "aws") => {
    readonly naming: { readonly getStackName: () => string };
    readonly getAwsSdkV3Config: () => Promise<CloudFormationClientConfig>;
  };
};

const templateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
  Resources: z
    .object({
      AuditLambdaFunction: z.object({
        Properties: z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
      }),
    })
    .partial()
    .default({}),
});

type Template = z.infer<typeof templateSchema>;

const parameter = (name: string) => (template: Template) => template.Parameters[name]?.Default;

/** Where a template has the parameters of serverless/params.yml that may be empty. */
const places = {
  externalId: ({ Resources }: Template) =>
    Resources.AuditLambdaFunction?.Properties.Environment.Variables["AUDIT_EXTERNAL_ID"],
  organizationId: parameter("OrganizationId"),
  permissionsBoundary: parameter("PermissionsBoundary"),
  reservedConcurrency: parameter("ReservedConcurrency"),
  policyObjectArn: parameter("PolicyObjectArn"),
  email: parameter("Email"),
  alarmEmail: parameter("AlarmEmail"),
  slackSecretArn: parameter("SlackWebhookArn"),
  reportLock: parameter("ReportLock"),
  routeTopicArns: parameter("RouteTopicArns"),
} as const;

/** The parameters that {@link forgottenIn} looks at. */
export const lasting: readonly string[] = Object.keys(places);

/**
 * Returns the parameters that have a value in the deployed template and none in the next one.
 *
 * @param deployed the template of the stack as CloudFormation returns it
 * @param next the template that is about to be deployed
 */
export function forgottenIn(deployed: unknown, next: unknown): readonly string[] {
  const [before, after] = [templateSchema.parse(deployed), templateSchema.parse(next)];
  return Object.entries(places).flatMap(([name, place]) =>
    isGiven(place(before)) && !isGiven(place(after)) ? [name] : [],
  );
}

function isGiven(value: unknown): boolean {
  return value !== undefined && !["", "0"].includes(String(value));
}

/**
 * Refuses a deployment that would change a parameter of the deployed stack to nothing, unless the parameter `forget` names
 * it. Serverless knows only what it is given: without the external id, no account could be audited any more.
 */
class NothingForgotten {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(serverless: Serverless) {
    this.hooks = { "before:aws:deploy:deploy:createStack": () => refuseToForget(serverless) };
  }
}

async function refuseToForget(serverless: Serverless): Promise<void> {
  const { service, classes } = serverless;
  const aws = serverless.getProvider("aws");
  const stack = aws.naming.getStackName();
  const deployed = await templateOf(stack, await aws.getAwsSdkV3Config());
  if (deployed === null) return;
  const named = service.custom.forget.split(",").map((name) => name.trim());
  const forgotten = forgottenIn(deployed, service.provider.compiledCloudFormationTemplate).filter(
    (name) => !named.includes(name),
  );
  if (forgotten.length === 0) return;
  throw new classes.Error(
    `This deployment would change what the stack ${stack} has to nothing: ${forgotten.join(", ")}. ` +
      "Put the values into serverless/installation.yml. To remove them on purpose, " +
      `add --param="forget=${forgotten.join(",")}".`,
  );
}

/** The template of a stack; `null` if there is no such stack. */
async function templateOf(stack: string, config: CloudFormationClientConfig): Promise<unknown> {
  try {
    const { TemplateBody } = await new CloudFormationClient(config).send(
      new GetTemplateCommand({ StackName: stack }),
    );
    return JSON.parse(TemplateBody ?? "{}");
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return null;
    throw error;
  }
}

// Serverless loads its plugins with `require`.
export { NothingForgotten as "module.exports" };
