/** How large the facts are that an expression sees. */
export type FactSizes = {
  /** The rules of the registry. */
  readonly rules: number;
  /** The organizational units of the account. */
  readonly units: number;
  /** The characters of the longest text among the facts. */
  readonly text: number;
};

/** The most that a value holds: characters or entries of its own, and the largest of its entries. */
export type Size = { readonly own: number; readonly item: Size | null };

/** What has no size that an expression could make larger: a number, a truth, a time, a rule. */
export const plain: Size = { own: 0, item: null };

/** The longest text of a number or a time. */
export const anyText = 64;

/** A text of so many characters. */
export function textOf(characters: number): Size {
  return { own: characters, item: null };
}

/** A list of so many entries, none larger than `item`. */
export function listOf(entries: number, item: Size): Size {
  return { own: entries, item };
}

/** The size of what is written out. */
export function sizeOfLiteral(value: unknown): Size {
  return typeof value === "string" || value instanceof Uint8Array ? textOf(value.length) : plain;
}

/** A size that none of `sizes` is beyond. */
export function joinOf(sizes: readonly Size[]): Size {
  const items = sizes.flatMap(({ item }) => (item === null ? [] : [item]));
  return {
    own: Math.max(0, ...sizes.map(({ own }) => own)),
    item: items.length === 0 ? null : joinOf(items),
  };
}

/** All that a value holds, each entry counted as often as it is there. */
export function totalOf({ own, item }: Size): number {
  return item === null ? own : own * (1 + totalOf(item));
}

/** The size of a field. A map that is written out has entries of its own; all else that has fields are facts. */
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
