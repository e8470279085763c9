import { partitionOf } from "../../ecr/partition.ts";
import type { SourceLocation } from "../declared-rule.ts";
import { entriesOf, type Source, textOf, valueUnder } from "../source-tree.ts";
import { textValue, unknownValue, type Value } from "./value.ts";

/** The parameters of the command line, by name. */
export type GivenParameters = ReadonlyMap<string, string>;

/** Resolves the names of a template. */
export type Scope = {
  readonly lookUp: (name: string) => Value;
  readonly condition: (name: string) => Source | undefined;
  readonly mapping: (name: string) => Source | undefined;
};

/** The scope of a template: its parameters, pseudo parameters, conditions and mappings. */
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
      unknownValue(`refers to ${name}, which is known only after deployment`),
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
 * Pseudo parameters. Without the account and region they are unknown, with a placeholder in their template (AWS
 * CloudFormation user guide, "Get AWS values using pseudo parameters", November 2026).
 */
function pseudoParameter(name: string, { account, region }: SourceLocation): Value | null {
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
    default:
      return name.startsWith("AWS::") ? unknownValue(`depends on ${name}`) : null;
  }
}

function deploymentValue(name: string, value: string | null, option: string): Value {
  if (value !== null) return textValue(value);
  return unknownValue(`depends on ${name}: see ${option}`, `\${${name}}`);
}
