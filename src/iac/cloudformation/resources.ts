import { type Entry, entriesOf, type Source, textOf, valueUnder } from "../source-tree.ts";
import { type LoopBudget, takeCopy, takeTurn, wholeBudget } from "../too-large.ts";
import type { Evaluator } from "./evaluate.ts";

/** A resource of a template, or a part that may contain resources but cannot be evaluated. */
export type TemplateResource = {
  readonly logicalId: string;
  readonly line: number;
  /** `null` if the contents are known only after deployment. */
  readonly body: Source | null;
};

const loop = "Fn::ForEach::";

/**
 * The resources of a template that may have `type`, with loops unrolled (AWS CloudFormation user guide, "Fn::ForEach",
 * November 2026). A macro, or a loop over unknown values, becomes a resource without a body.
 */
export function resourcesOf(
  resources: Source | undefined,
  type: string,
  evaluator: Evaluator,
  budget: LoopBudget = wholeBudget(),
): readonly TemplateResource[] {
  return Array.from(entriesOf(resources)).flatMap(([name, { value, line }]) => {
    if (name.startsWith(loop))
      return unrolled({ logicalId: name, line, body: value }, type, evaluator, budget);
    if (name.startsWith("Fn::")) return [{ logicalId: name, line, body: null }];
    return textOf(valueUnder(value, "Type")) === type ? [{ logicalId: name, line, body: value }] : [];
  });
}

function unrolled(
  { logicalId, line, body: loopBody }: TemplateResource & { readonly body: Source },
  type: string,
  evaluator: Evaluator,
  budget: LoopBudget,
): readonly TemplateResource[] {
  if (!mentions(loopBody, type)) return [];
  const closed = [{ logicalId, line, body: null }];
  const [identifier, collection, body] = loopBody.kind === "list" ? loopBody.items : [];
  const variable = textOf(identifier);
  const items = collection === undefined ? undefined : evaluator.value(collection);
  if (variable === null || body === undefined || items?.kind !== "list") return closed;
  return items.items.flatMap((item) => {
    takeTurn(budget);
    if (item.kind !== "text") return closed;
    return resourcesOf(replacedIn(body, variable, item.text, budget), type, evaluator, budget);
  });
}

/** Visits each part once, regardless of how many aliases refer to it. */
function mentions(source: Source, text: string, seen = new Set<Source>()): boolean {
  if (seen.has(source)) return false;
  seen.add(source);
  switch (source.kind) {
    case "scalar":
      return source.text === text;
    case "list":
      return source.items.some((item) => mentions(item, text, seen));
    case "map":
      return source.entries.values().some(({ value }) => mentions(value, text, seen));
  }
}

/** Replaces a loop variable in the names, texts and `Ref`s of `source`. */
function replacedIn(source: Source, variable: string, by: string, budget: LoopBudget): Source {
  const bare = by.replaceAll(/[^A-Za-z0-9]/g, "");
  const replaced = (text: string) => {
    // Each occurrence of the variable has at least four characters.
    takeCopy(budget, text.length + (text.includes("{") ? (text.length * by.length) / 4 : 0));
    return text.replaceAll(`\${${variable}}`, by).replaceAll(`&{${variable}}`, bare);
  };
  takeCopy(budget, 1);
  switch (source.kind) {
    case "scalar":
      return { ...source, text: replaced(source.text) };
    case "list":
      return { ...source, items: source.items.map((item) => replacedIn(item, variable, by, budget)) };
    case "map": {
      if (source.entries.size === 1 && textOf(valueUnder(source, "Ref")) === variable) {
        return { kind: "scalar", text: by, isNull: false, line: source.line };
      }
      const entries = Array.from(source.entries, ([key, { value, line }]): [string, Entry] => [
        replaced(key),
        { value: replacedIn(value, variable, by, budget), line },
      ]);
      return { ...source, entries: new Map(entries) };
    }
  }
}
