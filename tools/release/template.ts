import * as z from "zod";
import { codeParameters, type Marker, type Parameter } from "./settings.ts";

const parameterSchema = z.looseObject({
  Type: z.string(),
  Description: z.string(),
  Default: z.union([z.string(), z.number()]),
});

const templateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.string(),
  Description: z.string(),
  Parameters: z.record(z.string(), parameterSchema),
  Mappings: z.record(z.string(), z.unknown()),
  Conditions: z.record(z.string(), z.unknown()),
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
  Outputs: z.record(z.string(), z.unknown()),
});

/** The template of a release. */
export type ReleaseTemplate = Omit<z.infer<typeof templateSchema>, "Parameters"> & {
  readonly Parameters: Readonly<Record<string, Parameter>>;
};

/** What only the deployment by Serverless needs. */
const ofServerless = [
  "ServerlessDeploymentBucket",
  "ServerlessDeploymentBucketPolicy",
  "ServerlessDeploymentBucketName",
];

/** What a release is made of besides the packaged template. */
type ReleaseParts = {
  readonly version: string;
  readonly markers: readonly Marker[];
  /** The name of the file with a function's code, such as `audit-0123456789ab.zip` for `audit.zip`. */
  readonly codeFile: (zip: string) => string;
};

/**
 * Turns the template that Serverless packaged with the markers into one that `aws cloudformation deploy` takes alone: each
 * marker becomes a parameter, and the code lies at the parameters `CodeBucket` and `CodePrefix`.
 *
 * @throws Error if a marker is where CloudFormation takes no parameter, or belongs to none
 */
export function releaseTemplate(
  packaged: unknown,
  { version, markers, codeFile }: ReleaseParts,
): ReleaseTemplate {
  const template = templateSchema.parse(packaged);
  const names = namesOf(template.Parameters, markers);
  const replace = (value: unknown): unknown => withParameters(value, names);
  const own = <T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => !ofServerless.includes(name)));
  const { Resources, Outputs } = z
    .object({ Resources: templateSchema.shape.Resources, Outputs: templateSchema.shape.Outputs })
    .parse(
      replace({ Resources: withCode(own(template.Resources), codeFile), Outputs: own(template.Outputs) }),
    );
  const released: ReleaseTemplate = {
    AWSTemplateFormatVersion: template.AWSTemplateFormatVersion,
    Description: `pull-through-auditor ${version}: audits Amazon ECR pull through cache rules across an organization`,
    Parameters: { ...codeParameters, ...parametersOf(template.Parameters, markers) },
    Mappings: template.Mappings,
    Conditions: template.Conditions,
    Resources,
    Outputs,
  };
  const left = markers.filter(
    ({ mark }) => typeof mark === "string" && JSON.stringify(released).includes(mark),
  );
  if (left.length > 0) {
    throw new Error(`Values are where no parameter can be: ${left.map(({ param }) => param).join(", ")}`);
  }
  return released;
}

/** The name of each marker's parameter. */
function namesOf(
  parameters: z.infer<typeof templateSchema>["Parameters"],
  markers: readonly Marker[],
): ReadonlyMap<string | number, string> {
  const byDefault = new Map(Object.entries(parameters).map(([name, { Default }]) => [Default, name]));
  return new Map(
    markers.map(({ param, mark, setting }) => {
      const name = byDefault.get(mark) ?? setting?.name;
      if (name === undefined) {
        throw new Error(
          `serverless/params.yml has ${param}, which the template has no parameter for. ` +
            "Add it to serverless/parameters.yml, or describe it in tools/release/settings.ts.",
        );
      }
      return [mark, name];
    }),
  );
}

function parametersOf(
  packaged: z.infer<typeof templateSchema>["Parameters"],
  markers: readonly Marker[],
): Readonly<Record<string, Parameter>> {
  const added = markers.flatMap(({ fallback, setting }) =>
    setting === null ? [] : [[setting.name, { ...setting.parameter, Default: fallback }] as const],
  );
  const known = Object.entries(packaged).map(([name, parameter]) => {
    const marker = markers.find(({ mark }) => mark === parameter.Default);
    return [name, { ...parameter, Default: marker?.fallback ?? parameter.Default }] as const;
  });
  return Object.fromEntries([...added, ...known]);
}

const codeSchema = z.object({ S3Bucket: z.unknown(), S3Key: z.string().regex(/\/[a-z]+\.zip$/) });

function withCode(
  resources: z.infer<typeof templateSchema>["Resources"],
  codeFile: ReleaseParts["codeFile"],
): unknown {
  return Object.fromEntries(
    Object.entries(resources).map(([name, resource]) => {
      if (resource.Type !== "AWS::Lambda::Function") return [name, resource];
      const properties = z.looseObject({ Code: codeSchema }).parse(resource["Properties"]);
      const file = codeFile(properties.Code.S3Key.replace(/^.*\//, ""));
      const Code = { S3Bucket: { Ref: "CodeBucket" }, S3Key: { "Fn::Sub": `\${CodePrefix}${file}` } };
      return [name, { ...resource, Properties: { ...properties, Code } }];
    }),
  );
}

/** The value with a reference to a parameter for each marker in it. */
function withParameters(value: unknown, names: ReadonlyMap<string | number, string>): unknown {
  if (typeof value === "string" || typeof value === "number") return referring(value, names);
  if (Array.isArray(value)) return value.map((item) => withParameters(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === "Fn::Sub" ? substituting(part, names) : withParameters(part, names),
    ]),
  );
}

function referring(value: string | number, names: ReadonlyMap<string | number, string>): unknown {
  const name = names.get(value);
  if (name !== undefined) return { Ref: name };
  if (typeof value === "number") return value;
  // Outside of Fn::Sub a text is taken as it is.
  const text = withVariables(value.replaceAll("${", "${!"), names);
  return text === value.replaceAll("${", "${!") ? value : { "Fn::Sub": text };
}

function substituting(operand: unknown, names: ReadonlyMap<string | number, string>): unknown {
  if (typeof operand === "string") return withVariables(operand, names);
  const [text, variables] = z.tuple([z.string(), z.record(z.string(), z.unknown())]).parse(operand);
  return [withVariables(text, names), withParameters(variables, names)];
}

function withVariables(text: string, names: ReadonlyMap<string | number, string>): string {
  return Array.from(names).reduce(
    (changed, [mark, name]) => (typeof mark === "string" ? changed.replaceAll(mark, `\${${name}}`) : changed),
    text,
  );
}
