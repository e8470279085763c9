import * as z from "zod";

/** A CloudFormation template, as far as it is evaluated here. */
const sourceSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.coerce.string().default("") })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  Outputs: z
    .record(
      z.string(),
      z.object({
        Description: z.string().default(""),
        Condition: z.string().optional(),
        Value: z.unknown(),
      }),
    )
    .default({}),
});

export type Resource = {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The names of resources and parameters that it refers to. */
  readonly refersTo: ReadonlySet<string>;
};

/** What CloudFormation makes of a template with certain parameters: conditions are decided, all else stays as it is. */
export type Effective = {
  readonly parameters: Readonly<Record<string, string>>;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: ReadonlyMap<
    string,
    { readonly description: string; readonly refersTo: ReadonlySet<string> }
  >;
};

/** What a template is with these parameters, its defaults for the others. */
export function effective(template: unknown, given: Readonly<Record<string, string>> = {}): Effective {
  const { Parameters, Conditions, Resources, Outputs } = sourceSchema.parse(template);
  const defaults = Object.entries(Parameters).map(([name, { Default }]) => [name, Default] as const);
  const parameters = { ...Object.fromEntries(defaults), ...given };
  const holds = (condition: unknown): boolean => decide(condition, { parameters, conditions: Conditions });
  const isThere = ([, { Condition }]: readonly [string, { Condition?: string | undefined }]) =>
    Condition === undefined || holds({ Condition });
  return {
    parameters,
    resources: new Map(
      Object.entries(Resources)
        .filter(isThere)
        .map(([name, { Type, Condition: _condition, Properties, ...attributes }]) => {
          const properties = z.record(z.string(), z.unknown()).parse(settle(Properties, holds));
          return [name, { type: Type, properties, refersTo: namesIn([properties, attributes]) }];
        }),
    ),
    outputs: new Map(
      Object.entries(Outputs)
        .filter(isThere)
        .map(([name, { Description, Value }]) => [
          name,
          { description: Description, refersTo: namesIn(settle(Value, holds)) },
        ]),
    ),
  };
}

type Scope = {
  readonly parameters: Readonly<Record<string, string>>;
  readonly conditions: Readonly<Record<string, unknown>>;
};

/** Decides what conditions are made of in this project's templates. */
function decide(condition: unknown, scope: Scope): boolean {
  const [name, operand] = onlyEntry(condition);
  const operands = () => z.array(z.unknown()).parse(operand);
  switch (name) {
    case "Condition":
      return decide(scope.conditions[z.string().parse(operand)], scope);
    case "Fn::Not":
      return !operands().every((each) => decide(each, scope));
    case "Fn::Or":
      return operands().some((each) => decide(each, scope));
    case "Fn::And":
      return operands().every((each) => decide(each, scope));
    case "Fn::Equals": {
      const [one, other] = operands().map((each) => textOf(each, scope));
      return one === other;
    }
    default:
      throw new Error(`${name} is no condition that is known here`);
  }
}

function textOf(value: unknown, scope: Scope): string {
  if (typeof value === "string") return value;
  const [name, operand] = onlyEntry(value);
  if (name === "Fn::Join") return textOf(z.tuple([z.literal(""), z.unknown()]).parse(operand)[1], scope);
  const parameter = name === "Ref" ? scope.parameters[z.string().parse(operand)] : undefined;
  if (parameter === undefined) throw new Error(`${JSON.stringify(value)} is no parameter`);
  return parameter;
}

/** The value with each Fn::If decided, and without what is AWS::NoValue then. */
function settle(value: unknown, holds: (condition: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => settle(each, holds)).filter(isSomething);
  if (typeof value !== "object" || value === null) return value;
  if ("Fn::If" in value) {
    const [Condition, yes, no] = z.tuple([z.string(), z.unknown(), z.unknown()]).parse(value["Fn::If"]);
    return settle(holds({ Condition }) ? yes : no, holds);
  }
  const entries = Object.entries(value).map(([key, each]) => [key, settle(each, holds)] as const);
  return Object.fromEntries(entries.filter(([, each]) => isSomething(each)));
}

function isSomething(value: unknown): boolean {
  return JSON.stringify(value) !== '{"Ref":"AWS::NoValue"}';
}

/** The resources and parameters that Ref, Fn::GetAtt, Fn::Sub and DependsOn name in a value. */
export function namesIn(value: unknown): ReadonlySet<string> {
  if (Array.isArray(value)) return union(value.map(namesIn));
  if (typeof value !== "object" || value === null) return new Set();
  return union(
    Object.entries(value).map(([key, operand]) => {
      if (key === "Ref") return new Set(named([operand]));
      if (key === "Fn::GetAtt") return new Set(named([operand].flat().slice(0, 1)));
      if (key === "DependsOn") return new Set(named([operand].flat()));
      if (key === "Fn::Sub") return namesInSub(operand);
      return namesIn(operand);
    }),
  );
}

function namesInSub(operand: unknown): ReadonlySet<string> {
  const [text, own] =
    typeof operand === "string" ? [operand, {}] : z.tuple([z.string(), z.object({}).loose()]).parse(operand);
  const names = Array.from(text.matchAll(/\$\{(?<name>[\w:]+)/g), ({ groups }) => groups?.["name"] ?? "");
  return union([new Set(named(names.filter((name) => !(name in own)))), namesIn(own)]);
}

function named(names: readonly unknown[]): readonly string[] {
  return z
    .array(z.string())
    .parse(names)
    .flatMap((name) => (name.startsWith("AWS::") ? [] : [name.split(".")[0] ?? ""]));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function onlyEntry(value: unknown): readonly [string, unknown] {
  const entries = Object.entries(z.record(z.string(), z.unknown()).parse(value));
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw new Error(`${JSON.stringify(value)} is no function`);
  return entry;
}
