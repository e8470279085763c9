import { regionSchema } from "../../ecr/target.ts";
import { originIn, type TemplateContext } from "../cloudformation/context.ts";
import { fileOfVariable } from "../cloudformation/elsewhere.ts";
import { rulesOfTemplate } from "../cloudformation/template.ts";
import type { NotRead, ReadRules } from "../declared-rule.ts";
import { type Entry, entriesOf, entryUnder, type Source, valueUnder } from "../source-tree.ts";
import { variableIn, variableResolver } from "./variables.ts";

/** Whether a file configures the Serverless Framework: it names a service and its provider. */
export function isServerless(source: Source): boolean {
  return valueUnder(source, "service") !== undefined && valueUnder(source, "provider") !== undefined;
}

/**
 * The rules in the `resources` of a serverless.yml (Serverless Framework guide, "Resources", November 2026): one
 * CloudFormation template, or a list of parts that the framework merges into one.
 */
export function rulesOfServerless(source: Source, given: TemplateContext): ReadRules {
  const { account, region } = given.location;
  const context = { ...given, location: { account, region: region ?? regionNamedIn(source, given) } };
  const resources = entryUnder(source, "resources");
  if (resources === undefined) return { rules: [], departing: [], notRead: [] };
  const resolve = variableResolver(source, context);
  const whole = resolve(resources.value);
  const parts: readonly Part[] =
    whole.kind === "list"
      ? whole.items.map((value, at) => ({ value, line: value.line, address: `resources[${at}]` }))
      : [{ value: whole, line: resources.line, address: "resources" }];
  const unread = parts.flatMap((part) => unreadIn(part, context));
  const template = mergedOf(parts.map(({ value }) => value).filter((value) => variableIn(value) === null));
  const read = rulesOfTemplate(template, context);
  return { ...read, notRead: [...unread, ...read.notRead] };
}

/** The region that the file deploys to, unless the command that deploys it names another; `null` if it is unknown. */
function regionNamedIn(source: Source, context: TemplateContext): string | null {
  const named = valueUnder(valueUnder(source, "provider"), "region");
  if (named === undefined) return null;
  const value = variableResolver(source, context)(named);
  if (value.kind !== "scalar" || variableIn(value) !== null) return null;
  return regionSchema.safeParse(value.text).data ?? null;
}

/** A part of `resources`. */
type Part = Entry & { readonly address: string };

/** What a part has in another place: all of it, or all of its resources. */
function unreadIn({ value, line, address }: Part, context: TemplateContext): readonly NotRead[] {
  const section = entryUnder(value, "Resources");
  const candidates = [
    { part: value, at: line, name: address },
    ...(section === undefined
      ? []
      : [{ part: section.value, at: section.line, name: `${address}.Resources` }]),
  ];
  return candidates.flatMap(({ part, at, name }) => {
    const variable = variableIn(part);
    if (variable === null) return [];
    return [
      {
        ...originIn(context, name, at),
        why: `is in another place: ${variable}`,
        remedy: "Check what it resolves to: serverless package writes the whole template.",
        heldBy: fileOfVariable(variable),
      },
    ];
  });
}

/** One template with the sections of all parts. */
function mergedOf(parts: readonly Source[]): Source {
  const sections = new Map<string, Entry>();
  for (const [name, entry] of parts.flatMap((part) => [...entriesOf(part)])) {
    const before = sections.get(name);
    const isMap = entry.value.kind === "map" && variableIn(entry.value) === null;
    if (before === undefined && isMap) sections.set(name, entry);
    else if (before?.value.kind === "map" && entry.value.kind === "map" && isMap) {
      const entries = new Map([...before.value.entries, ...entry.value.entries]);
      sections.set(name, { ...before, value: { ...before.value, entries } });
    } else if (before === undefined) sections.set(name, entry);
  }
  // What is in another place is reported by itself.
  const isThere = ([, { value }]: readonly [string, Entry]) => variableIn(value) === null;
  return { kind: "map", line: 1, entries: new Map([...sections].filter(isThere)) };
}
