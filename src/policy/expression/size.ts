/** The sizes of the facts of an expression. */
export type FactSizes = {
  /** The number of rules in the registry. */
  readonly rules: number;
  /** The number of organizational units of the account. */
  readonly units: number;
  /** The length of the longest text among the facts, in characters. */
  readonly text: number;
};

/** An upper bound of the size of a value: its own characters or entries, and the size of its largest entry. */
export type Size = { readonly own: number; readonly item: Size | null };

/** The size of a value that an expression cannot enlarge: a number, a boolean, a time or a rule. */
export const plain: Size = { own: 0, item: null };

/** The maximum length of the text of a number or a time. */
export const anyText = 64;

/** The size of a text with `characters` characters. */
export function textOf(characters: number): Size {
  return { own: characters, item: null };
}

/** The size of a list with `entries` entries, none larger than `item`. */
export function listOf(entries: number, item: Size): Size {
  return { own: entries, item };
}

/** The size of a literal. */
export function sizeOfLiteral(value: unknown): Size {
  return typeof value === "string" || value instanceof Uint8Array ? textOf(value.length) : plain;
}

/** The smallest size that none of `sizes` exceeds. */
export function joinOf(sizes: readonly Size[]): Size {
  const items = sizes.flatMap(({ item }) => (item === null ? [] : [item]));
  return {
    own: Math.max(0, ...sizes.map(({ own }) => own)),
    item: items.length === 0 ? null : joinOf(items),
  };
}

/** The total size of a value, with every nested entry counted. */
export function totalOf({ own, item }: Size): number {
  return item === null ? own : own * (1 + totalOf(item));
}

/** The size of a field. A map literal has its own entries; all other values with fields are facts. */
export function fieldOf(of: Size, name: string, { rules, units, text }: FactSizes): Size {
  if (of.item !== null) return of.item;
  switch (name) {
    case "rules":
      return listOf(rules, plain);
    case "organizationalUnits":
      return listOf(units, textOf(text));
    default:
      return textOf(text);
  }
}
