import { IncompleteAnswerError } from "./answer.ts";

/** One page of a list. The last page has no next token. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** Options for reading a list over its pages. */
export type Listing<Item> = {
  /** The IAM action of the operation. */
  readonly name: string;
  readonly page: (token: string | undefined) => Promise<Page<Item>>;
  /** The maximum number of pages: more than AWS can return, including empty ones. */
  readonly mostPages: number;
  /** The unique key of an item. */
  readonly keyOf: (item: Item) => string;
  /**
   * How to treat a repeated item: `same-or-error` keeps one and rejects the list if the two differ. `first-counts` keeps
   * the first, for lists whose items are processed before the list ends.
   */
  readonly again: "same-or-error" | "first-counts";
};

/**
 * Yields all items of a list over all its pages, each once.
 *
 * @throws IncompleteAnswerError if a token is repeated, if there are too many pages, or if the list contradicts itself
 * @throws the errors of reading a page
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
      const contents = again === "first-counts" ? "" : JSON.stringify(item);
      if (before === undefined) {
        seen.set(key, contents);
        yield item;
      } else if (before !== contents) {
        throw new IncompleteAnswerError(`${name}: AWS listed ${key} twice with different contents`);
      }
    }
    if (next === null) return;
    if (tokens.has(next)) {
      throw new IncompleteAnswerError(`${name}: the list does not end because its pages form a cycle`);
    }
    tokens.add(next);
    token = next;
  }
  throw new IncompleteAnswerError(`${name}: the list does not end after ${mostPages} pages`);
}

/** Collects all items of a list, as {@link itemsOf}. */
export async function allItems<Item>(listing: Listing<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of itemsOf(listing)) items.push(item);
  return items;
}

/** The token of the next page; `null` on the last page, where it is absent or empty. @throws IncompleteAnswerError */
export function nextToken(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") return value;
  throw new IncompleteAnswerError("AWS returned a next token that is not a text");
}
