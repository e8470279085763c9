import { IncompleteAnswerError } from "./answer.ts";

/** One page of a list; without a next token it is the last. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** How a list is read over its pages. */
export type Listing<Item> = {
  /** As IAM names the operation. */
  readonly name: string;
  readonly page: (token: string | undefined) => Promise<Page<Item>>;
  /** More pages than there can be, even if some of them are empty. */
  readonly mostPages: number;
  /** What an item is the only one with. */
  readonly keyOf: (item: Item) => string;
  /**
   * What becomes of an item that comes again: `same-or-error` takes it once and refuses the list where the two differ;
   * `first-counts` is for lists whose items are worked on before the list ends.
   */
  readonly again: "same-or-error" | "first-counts";
};

/**
 * All items of a list, each once, over all its pages.
 *
 * @throws IncompleteAnswerError when a token comes again, when there are more pages than there can be, or when the
 *   list contradicts itself; and whatever a page throws
 */
export async function* itemsOf<Item>(listing: Listing<Item>): AsyncGenerator<Item> {
  const { name, page, mostPages, keyOf, again } = listing;
  const tokens = new Set<string>();
  const seen = new Map<string, string>();
  let token: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { items, next } = await page(token);
    for (const item of items) {
      const key = keyOf(item);
      const before = seen.get(key);
      const essence = again === "first-counts" ? "" : JSON.stringify(item);
      if (before === undefined) {
        seen.set(key, essence);
        yield item;
      } else if (before !== essence) {
        throw new IncompleteAnswerError(`${name}: AWS listed ${key} twice, and differently`);
      }
    }
    if (next === null) return;
    if (tokens.has(next)) {
      throw new IncompleteAnswerError(`${name}: the list does not end, its pages lead in a circle`);
    }
    tokens.add(next);
    token = next;
  }
  throw new IncompleteAnswerError(`${name}: the list does not end after ${mostPages} pages`);
}

/** All items of a list, as {@link itemsOf}. */
export async function allItems<Item>(listing: Listing<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of itemsOf(listing)) items.push(item);
  return items;
}

/** The token of the next page: `null` on the last, where it is left out or empty. @throws IncompleteAnswerError */
export function nextToken(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") return value;
  throw new IncompleteAnswerError("AWS answered with a next token that is no text");
}
