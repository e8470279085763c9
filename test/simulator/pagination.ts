/** A request for one page of a list. */
export interface PageRequest<Item> {
  readonly items: readonly Item[];
  /** Identifies the list. A token of one list is invalid for another. */
  readonly list: string;
  readonly token: string | undefined;
  readonly size: number;
  readonly shape: PageShape;
}

/**
 * The shape of a page. `empty`: no items but a token, as AWS may return at any time; only a missing token ends a list.
 * `overlapping`: two items, of which the first is the last item of the previous page. The other shapes never end.
 */
export type PageShape = "whole" | "empty" | "overlapping" | "same-token" | "circle" | "fresh-tokens";

/** One page. The last page has no next token. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** Returns one page of a list; `undefined` if the token was not issued for that list. */
export function pageOf<Item>({ items, list, token, size, shape }: PageRequest<Item>): Page<Item> | undefined {
  const start = token === undefined ? 0 : offsetIn(list, token);
  if (start === undefined || start > items.length) return undefined;
  const end = start + sizeOf(shape, size);
  const isLast = end >= items.length && shape !== "empty";
  const next = isLast ? undefined : tokenFor(list, shape === "overlapping" ? end - 1 : end);
  return { items: items.slice(start, end), nextToken: oddToken(shape, list, token) ?? next };
}

function sizeOf(shape: PageShape, size: number): number {
  if (shape === "empty") return 0;
  return shape === "overlapping" ? 2 : size;
}

/**
 * A token that leads back to the beginning or, after an empty page, to the same position. Its number of zeros makes each
 * token unique.
 */
function oddToken(shape: PageShape, list: string, token: string | undefined): string | undefined {
  const zeros = token === undefined ? 0 : (/^0*/.exec(digitsIn(token) ?? "")?.[0].length ?? 0);
  switch (shape) {
    case "empty":
      return tokenFor(list, `0${token === undefined ? "" : (digitsIn(token) ?? "")}`);
    case "same-token":
      return tokenFor(list, "0");
    case "circle":
      return tokenFor(list, zeros === 1 ? "00" : "0");
    case "fresh-tokens":
      return tokenFor(list, "0".repeat(zeros + 1));
    default:
      return undefined;
  }
}

function tokenFor(list: string, offset: number | string): string {
  return Buffer.from(`${offset} ${list}`).toString("base64url");
}

function digitsIn(token: string): string | undefined {
  return /^(\d+) /.exec(Buffer.from(token, "base64url").toString())?.[1];
}

function offsetIn(list: string, token: string): number | undefined {
  const [, offset, tokenList] = /^(\d+) (.*)$/s.exec(Buffer.from(token, "base64url").toString()) ?? [];
  return tokenList === list ? Number(offset) : undefined;
}
