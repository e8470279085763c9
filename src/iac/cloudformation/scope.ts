import { partitionOf } from "../../ecr/partition.ts";
import type { SourceLocation } from "../declared-rule.ts";
import { type Entry, entriesOf, type Source, textOf, valueUnder } from "../source-tree.ts";
import { booleanSpellings, cloudFormationYaml } from "../yaml-dialect.ts";
import { textValue, unknownValue, type Value } from "./value.ts";

/** The parameters of the command line, by name. */
export type GivenParameters = ReadonlyMap<string, string>;

/** Resolves the names of a template. */
export type Scope = {
  readonly lookUp: (name: string) => Value;
  readonly condition: (name: string) => Source | undefined;
  readonly mapping: (name: string) => Source | undefined;
};

/** The name of the stack, which `--parameter` can give. */
export const stackName = "AWS::StackName";

/** What a template is deployed with. */
type StackContext = { readonly location: SourceLocation; readonly given: GivenParameters };

/**
 * The scope of a template: its parameters, pseudo parameters, conditions and mappings. `conditions` are those of the
 * template, with loops unrolled.
 */
export function scopeOf(
  template: Source,
  { location, given }: StackContext,
  conditions: () => Source | undefined,
): Scope {
  const parameters = named(
    Array.from(entriesOf(valueUnder(template, "Parameters")), ([name, { value }]) => [
      name,
      parameterValue(name, value, givenFor(name, given)),
    ]),
  );
  const mappings = sourcesIn(valueUnder(template, "Mappings"));
  let ofConditions: ((name: string) => Source | undefined) | null = null;
  return {
    lookUp: (name) =>
      pseudoParameter(name, location, given) ??
      parameters(name) ??
      unknownValue(`refers to ${name}, which is known only after deployment`, [
        { resource: name, attribute: null },
      ]),
    condition: (name) => {
      ofConditions ??= sourcesIn(conditions());
      return ofConditions(name);
    },
    mapping: mappings,
  };
}

function sourcesIn(map: Source | undefined): (name: string) => Source | undefined {
  return named(Array.from(entriesOf(map), ([name, { value }]: [string, Entry]) => [name, value]));
}

/**
 * Finds by name. A name such as `On` is a boolean for YAML where it is not quoted, and a name where a tag precedes it:
 * both find each other.
 */
function named<T>(entries: readonly (readonly [string, T])[]): (name: string) => T | undefined {
  const exact = new Map(entries);
  const byMeaning = new Map(entries.map(([name, value]) => [cloudFormationYaml(name), value]));
  return (name) => exact.get(name) ?? byMeaning.get(cloudFormationYaml(name));
}

function givenFor(name: string, given: GivenParameters): string | undefined {
  const spelling = spellingsOf(name).find((one) => given.has(one));
  return spelling === undefined ? undefined : given.get(spelling);
}

function spellingsOf(name: string): readonly string[] {
  return [name, ...(booleanSpellings.get(name) ?? [])];
}

/** The names of a template's parameters, and of the pseudo parameter that can be given. */
export function parameterNames(template: Source): readonly string[] {
  const own = Array.from(entriesOf(valueUnder(template, "Parameters")), ([name]) => name);
  return [...own.flatMap(spellingsOf), stackName];
}

/** The values of parameters with `NoEcho`, which no report shows. */
export function hiddenValues(template: Source, given: GivenParameters): readonly string[] {
  return Array.from(entriesOf(valueUnder(template, "Parameters"))).flatMap(([name, { value }]) => {
    const isHidden = textOf(valueUnder(value, "NoEcho")) === "true";
    const text = givenFor(name, given) ?? textOf(valueUnder(value, "Default"));
    return isHidden && text !== null && text !== "" ? [text] : [];
  });
}

function parameterValue(name: string, parameter: Source, given: string | undefined): Value {
  const type = textOf(valueUnder(parameter, "Type")) ?? "String";
  // The value of such a parameter is the name of an entry in the Parameter Store.
  if (type.startsWith("AWS::SSM::Parameter::Value")) {
    return unknownValue(`comes from the SSM Parameter Store by the parameter ${name}`);
  }
  const text = given ?? textOf(valueUnder(parameter, "Default"));
  if (text === null) {
    return unknownValue(`depends on the parameter ${name}, which has no default: see --parameter`);
  }
  if (type !== "CommaDelimitedList" && !type.startsWith("List<")) return textValue(text);
  return { kind: "list", items: text.split(",").map((item) => textValue(item.trim())) };
}

/**
 * Pseudo parameters. Without the account and region they are unknown (AWS CloudFormation user guide, "Get AWS values
 * using pseudo parameters", November 2026).
 */
function pseudoParameter(
  name: string,
  { account, region }: SourceLocation,
  given: GivenParameters,
): Value | null {
  const partition = region === null ? null : partitionOf(region);
  switch (name) {
    case "AWS::NoValue":
      return { kind: "nothing" };
    case "AWS::AccountId":
      return deploymentValue(name, account, "--account");
    case "AWS::Region":
      return deploymentValue(name, region, "--region");
    case "AWS::Partition":
      return deploymentValue(name, partition?.id ?? null, "--region");
    case "AWS::URLSuffix":
      return deploymentValue(name, partition?.dnsSuffix ?? null, "--region");
    case stackName:
      return deploymentValue(name, given.get(name) ?? null, `--parameter ${stackName}=NAME`);
    default:
      return name.startsWith("AWS::") ? unknownValue(`depends on ${name}`) : null;
  }
}

function deploymentValue(name: string, value: string | null, option: string): Value {
  if (value !== null) return textValue(value);
  return unknownValue(`depends on ${name}: see ${option}`, [{ pseudo: name }]);
}
