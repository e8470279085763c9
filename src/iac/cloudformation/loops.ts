import { type Entry, entriesOf, type Source, textOf, valueUnder } from "../source-tree.ts";
import { type LoopBudget, takeCopy, takeTurn } from "../too-large.ts";
import type { Value } from "./value.ts";

const loop = "Fn::ForEach::";

/** Whether an entry of this name is a loop. */
export function isLoop(name: string): boolean {
  return name.startsWith(loop);
}

/** The entries of a map with its loops unrolled. */
export type UnrolledEntries = {
  readonly entries: readonly (readonly [string, Entry])[];
  /** The loops over values that are not known, or that are malformed. */
  readonly closed: readonly (readonly [string, Entry])[];
};

/** What unrolling a loop needs. */
export type LoopContext = {
  readonly value: (source: Source) => Value;
  readonly budget: LoopBudget;
  /** Whether a loop matters. Others are left out, so that they do not use the budget. */
  readonly isWanted?: (body: Source) => boolean;
};

/**
 * Unrolls the loops of a map, in its sections, in properties and within one another (AWS CloudFormation user guide,
 * "Fn::ForEach", November 2026).
 *
 * @throws TooLargeError if they have too many iterations
 */
export function unrolledEntries(map: Source | undefined, context: LoopContext): UnrolledEntries {
  const entries: (readonly [string, Entry])[] = [];
  const closed: (readonly [string, Entry])[] = [];
  for (const [name, entry] of entriesOf(map)) {
    if (!isLoop(name)) {
      entries.push([name, entry]);
      continue;
    }
    if (context.isWanted?.(entry.value) === false) continue;
    const unrolled = unroll([name, entry], context);
    entries.push(...unrolled.entries);
    closed.push(...unrolled.closed);
  }
  return { entries, closed };
}

function unroll(whole: readonly [string, Entry], context: LoopContext): UnrolledEntries {
  const { value: source } = whole[1];
  const [identifier, collection, body] = source.kind === "list" ? source.items : [];
  const variable = textOf(identifier);
  const items = collection === undefined ? undefined : context.value(collection);
  if (variable === null || body === undefined || items?.kind !== "list") {
    return { entries: [], closed: [whole] };
  }
  const turns = items.items.map((item): UnrolledEntries => {
    takeTurn(context.budget);
    if (item.kind !== "text") return { entries: [], closed: [whole] };
    return unrolledEntries(replacedIn(body, variable, item.text, context.budget), context);
  });
  return {
    entries: turns.flatMap((turn) => turn.entries),
    // Each turn may leave the same loop closed.
    closed: [...new Map(turns.flatMap((turn) => turn.closed)).entries()],
  };
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
