import { inputLimits } from "../../core/input-limits.ts";
import { unresolvedVariable } from "../cloudformation/intrinsics.ts";
import { properties, rulesOfTemplate, type TemplateContext } from "../cloudformation/template.ts";
import { allUnknown, type DeclaredRule, type ReadRules } from "../declared-rule.ts";
import { type Entry, entryUnder, type Source, textOf, valueUnder } from "../source-tree.ts";

/** Whether a file configures the Serverless Framework: it names a service and its provider. */
export function isServerless(source: Source): boolean {
  return valueUnder(source, "service") !== undefined && valueUnder(source, "provider") !== undefined;
}

/**
 * The rules in the `resources` of a serverless.yml (Serverless Framework guide, "Resources", November 2026): one
 * CloudFormation template, or a list of them. A reference to another file becomes one rule with unknown contents.
 */
export function rulesOfServerless(source: Source, context: TemplateContext): ReadRules {
  const resources = entryUnder(source, "resources");
  if (resources === undefined) return { rules: [], departing: [], notRead: [] };
  const { value, line } = resources;
  const rules =
    value.kind !== "list"
      ? rulesOfPart({ value, line }, "resources", source, context)
      : value.items.flatMap((item, index) =>
          rulesOfPart({ value: item, line: item.line }, `resources[${index}]`, source, context),
        );
  return { rules, departing: [], notRead: [] };
}

function rulesOfPart(
  { value: part, line }: Entry,
  address: string,
  source: Source,
  context: TemplateContext,
): readonly DeclaredRule[] {
  if (part.kind === "map") return rulesOfTemplate(resolved(part, source, context), context).rules;
  const text = textOf(part);
  if (text === null) return [];
  const { file, location } = context;
  const parameters = allUnknown(`is in another file: ${text}`);
  const head = {
    file,
    line,
    address,
    location,
    registryKey: file,
    call: "create" as const,
    names: properties,
  };
  return [{ ...head, parameters, isCertain: false, replaces: null, secret: null, role: null, waivers: [] }];
}

/** A variable of the framework. Those of CloudFormation, such as `${AWS::Region}`, have no single colon. */
const variable = /\$\{(?<source>[\w]+)(?:\([^)]*\))?:(?!:)(?<path>[^${}]*)\}|\$\{\w+\([^)]*\)\}/g;

/**
 * Replaces variables with the values of this file, the deployment and `--parameter`. A text with an unresolved variable
 * becomes a pseudo function with an unknown value.
 */
function resolved(
  part: Source,
  root: Source,
  context: TemplateContext,
  known = new Map<Source, Source>(),
): Source {
  // A value that several aliases refer to is resolved once.
  const before = known.get(part);
  if (before !== undefined) return before;
  const whole = resolvedOnce(part, root, context, known);
  known.set(part, whole);
  return whole;
}

function resolvedOnce(
  part: Source,
  root: Source,
  context: TemplateContext,
  known: Map<Source, Source>,
): Source {
  switch (part.kind) {
    case "list":
      return { ...part, items: part.items.map((item) => resolved(item, root, context, known)) };
    case "map": {
      const entries = Array.from(part.entries, ([key, { value, line }]): [string, Entry] => [
        key,
        { value: resolved(value, root, context, known), line },
      ]);
      return { ...part, entries: new Map(entries) };
    }
    case "scalar": {
      let left: number = inputLimits.textLength;
      const text = part.text.replaceAll(variable, (whole, source: string = "", path: string = "") => {
        const value = plainValue(source, path.trim(), root, context) ?? whole;
        left -= value.length;
        return left < 0 ? whole : value;
      });
      if (!new RegExp(variable.source).test(text)) return { ...part, text };
      return {
        kind: "map",
        line: part.line,
        entries: new Map([[unresolvedVariable, { value: part, line: part.line }]]),
      };
    }
  }
}

function plainValue(
  source: string,
  path: string,
  root: Source,
  { location, given }: TemplateContext,
): string | null {
  switch (source) {
    case "self": {
      const found = path.split(".").reduce<Source | undefined>(valueUnder, root);
      const text = textOf(found);
      return text === null || new RegExp(variable.source).test(text) ? null : text;
    }
    case "param":
      return given.get(path) ?? null;
    case "aws":
      if (path === "accountId") return location.account;
      return path === "region" ? location.region : null;
    default:
      return null;
  }
}
