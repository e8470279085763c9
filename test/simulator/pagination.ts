/** A request for one page of a list. */
export interface PageRequest<Item> {
  readonly items: readonly Item[];
  /** What the list is of: a token handed out for one list is no good for another. */
  readonly list: string;
  readonly token: string | undefined;
  readonly size: number;
  /** Answers no items but a token, as AWS may at any time: only a missing token ends a list. */
  readonly isEmpty: boolean;
}

/** One page; without a next token it is the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** Cuts one page out of a list; `undefined` when the token was not handed out for that list. */
export function pageOf<Item>({
  items,
  list,
  token,
  size,
  isEmpty,
}: PageRequest<Item>): Page<Item> | undefined {
  const start = token === undefined ? 0 : offsetIn(list, token);
  if (start === undefined || start > items.length) return undefined;
  const end = isEmpty ? start : start + size;
  const isLast = end >= items.length && !isEmpty;
  return { items: items.slice(start, end), nextToken: isLast ? undefined : tokenFor(list, end) };
}

function tokenFor(list: string, offset: number): string {
  return Buffer.from(`${offset} ${list}`).toString("base64url");
}

function offsetIn(list: string, token: string): number | undefined {
  const [, offset, tokenList] = /^(\d+) (.*)$/s.exec(Buffer.from(token, "base64url").toString()) ?? [];
  return tokenList === list ? Number(offset) : undefined;
}
