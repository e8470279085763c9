import { partitionOf } from "../../ecr/partition.ts";
import type { SourceLocation } from "../declared-rule.ts";
import { entriesOf, type Source, textOf, valueUnder } from "../source-tree.ts";
import { textValue, unknownValue, type Value } from "./value.ts";

/** The parameters that were named on the command line, by name. */
export type GivenParameters = ReadonlyMap<string, string>;

/** What `Ref` can name in a template. */
export type Scope = {
  readonly lookUp: (name: string) => Value;
  readonly condition: (name: string) => Source | undefined;
  readonly mapping: (name: string) => Source | undefined;
};

/** The names that mean something in a template: its parameters, AWS's own, and what its resources are called. */
export function scopeOf(template: Source, location: SourceLocation, given: GivenParameters): Scope {
  const parameters = new Map(
    Array.from(entriesOf(valueUnder(template, "Parameters")), ([name, { value }]) => [
      name,
      parameterValue(name, value, given.get(name)),
    ]),
  );
  return {
    lookUp: (name) =>
      pseudoParameter(name, location) ??
      parameters.get(name) ??
      unknownValue(`is what ${name} turns out to be, which is known only after deployment`),
    condition: (name) => valueUnder(valueUnder(template, "Conditions"), name),
    mapping: (name) => valueUnder(valueUnder(template, "Mappings"), name),
  };
}

/** The names of a template's parameters. */
export function parameterNames(template: Source): readonly string[] {
  return Array.from(entriesOf(valueUnder(template, "Parameters")), ([name]) => name);
}

function parameterValue(name: string, parameter: Source, given: string | undefined): Value {
  const type = textOf(valueUnder(parameter, "Type")) ?? "String";
  // What is given for such a parameter is the name of a value in the Parameter Store.
  if (type.startsWith("AWS::SSM::Parameter::Value")) {
    return unknownValue(`is what the parameter ${name} finds in the SSM Parameter Store`);
  }
  const text = given ?? textOf(valueUnder(parameter, "Default"));
  if (text === null) {
    return unknownValue(`depends on the parameter ${name}, which has no default: see --parameter`);
  }
  if (type !== "CommaDelimitedList" && !type.startsWith("List<")) return textValue(text);
  return { kind: "list", items: text.split(",").map((item) => textValue(item.trim())) };
}

/**
 * AWS's own parameters. Without a place they are unknown, with a hole that the place will fill (AWS
 * CloudFormation user guide, "Get AWS values using pseudo parameters", November 2026).
 */
function pseudoParameter(name: string, { account, region }: SourceLocation): Value | null {
  const partition = region === null ? null : partitionOf(region);
  switch (name) {
    case "AWS::NoValue":
      return { kind: "nothing" };
    case "AWS::AccountId":
      return placed(name, account, "--account");
    case "AWS::Region":
      return placed(name, region, "--region");
    case "AWS::Partition":
      return placed(name, partition?.id ?? null, "--region");
    case "AWS::URLSuffix":
      return placed(name, partition?.dnsSuffix ?? null, "--region");
    default:
      return name.startsWith("AWS::") ? unknownValue(`depends on ${name}`) : null;
  }
}

function placed(name: string, value: string | null, option: string): Value {
  if (value !== null) return textValue(value);
  return unknownValue(`depends on ${name}: see ${option}`, `\${${name}}`);
}
