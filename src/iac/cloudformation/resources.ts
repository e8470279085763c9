import { type Entry, type Source, textOf, valueUnder } from "../source-tree.ts";
import { type LoopBudget, wholeBudget } from "../too-large.ts";
import type { Evaluator } from "./evaluate.ts";
import { unrolledEntries } from "./loops.ts";
import { macroCall } from "./macros.ts";

/** A resource of a template. */
export type TemplateResource = {
  readonly logicalId: string;
  readonly line: number;
  readonly body: Source;
  /** `null` if it is not a plain text. */
  readonly type: string | null;
};

/** The resources of a template, and the loops among them that cannot be unrolled. */
export type TemplateResources = {
  readonly resources: readonly TemplateResource[];
  readonly closed: readonly (readonly [string, Entry])[];
};

/**
 * The resources of a template, with loops unrolled. Loops without a resource that matters are left out.
 *
 * @param isWanted whether a type of resource matters
 */
export function resourcesOf(
  resources: Source | undefined,
  isWanted: (type: string) => boolean,
  { value }: Evaluator,
  budget: LoopBudget = wholeBudget(),
): TemplateResources {
  const { entries, closed } = unrolledEntries(resources, {
    value,
    budget,
    isWanted: (body) => mentions(body, isWanted),
  });
  return {
    closed,
    resources: entries
      .filter(([name]) => !name.startsWith("Fn::"))
      .map(([logicalId, { value: body, line }]) => ({
        logicalId,
        line,
        body,
        type: textOf(valueUnder(body, "Type")),
      })),
  };
}

/** Whether a part has a type that matters, or one that is not known. Visits each part once, regardless of aliases. */
function mentions(source: Source, isWanted: (type: string) => boolean, seen = new Set<Source>()): boolean {
  if (seen.has(source)) return false;
  seen.add(source);
  switch (source.kind) {
    case "scalar":
      return false;
    case "list":
      return source.items.some((item) => mentions(item, isWanted, seen));
    case "map": {
      const type = valueUnder(source, "Type");
      const text = textOf(type);
      if (type !== undefined && (text === null || text.includes("${") || isWanted(text))) return true;
      if (source.entries.has(macroCall)) return true;
      return source.entries.values().some(({ value }) => mentions(value, isWanted, seen));
    }
  }
}
