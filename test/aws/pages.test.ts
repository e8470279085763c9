import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { allItems, type Listing, nextToken, type Page } from "../../src/aws/pages.ts";
import type { PageShape } from "../simulator/pagination.ts";
import { defaultsFor, everyCall, organizationWith } from "./every-call.ts";

type Item = { readonly id: string; readonly state?: string };

function listing(page: (token: string | undefined) => Page<Item>, parts: Partial<Listing<Item>> = {}) {
  return allItems<Item>({
    name: "test:List",
    page: async (token) => page(token),
    mostPages: 20,
    keyOf: ({ id }) => id,
    again: "same-or-error",
    ...parts,
  });
}

describe("a list over pages", () => {
  test("has each item once, whatever pages it comes on", async () => {
    const pagesOf = fc.array(
      fc.array(
        fc.nat(9).map((n) => ({ id: `${n}` })),
        { maxLength: 4 },
      ),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    await fc.assert(
      fc.asyncProperty(pagesOf, async (pages) => {
        const items = await listing((token = "0") => {
          const number = Number(token);
          const next = number + 1 < pages.length ? `${number + 1}` : null;
          return { items: pages[number] ?? [], next };
        });
        expect(items).toEqual([...new Map(pages.flat().map((item) => [item.id, item])).values()]);
      }),
    );
  });

  test.each([1, 2, 3, 7])("ends with an error when its tokens form a cycle of %i", async (length) => {
    const asked = vi.fn((token = "-1") => ({ items: [], next: `${(Number(token) + 1) % length}` }));
    await expect(listing(asked)).rejects.toThrow(
      "test:List: the list does not end because its pages form a cycle",
    );
    expect(asked).toHaveBeenCalledTimes(length + 1);
  });

  test("ends with an error after more pages than there can be", async () => {
    const asked = vi.fn((token = "0") => ({ items: [], next: `${Number(token) + 1}` }));
    await expect(listing(asked)).rejects.toThrow("test:List: the list does not end after 20 pages");
    expect(asked).toHaveBeenCalledTimes(20);
  });

  const [active, closed] = [
    { id: "1", state: "ACTIVE" },
    { id: "1", state: "CLOSED" },
  ] as const;
  const twice = (token?: string) =>
    token === undefined ? { items: [active], next: "2" } : { items: [closed], next: null };

  test("is refused when it contradicts itself", async () => {
    await expect(listing(twice)).rejects.toThrow("test:List: AWS listed 1 twice with different contents");
  });

  test("whose items are worked on at once has each as it was first", async () => {
    expect(await listing(twice, { again: "first-counts" })).toEqual([active]);
  });

  test("ends where no token, or an empty one, leads on; any other than a text is an error", () => {
    expect([undefined, null, "", "on"].map(nextToken)).toEqual([null, null, null, "on"]);
    for (const token of [1, {}, true]) expect(() => nextToken(token)).toThrow("not a text");
  });
});

const lists = [
  "organizations:ListAccounts",
  "account:ListRegions",
  "ecr:DescribePullThroughCacheRules",
  "ecr:DescribeRepositoryCreationTemplates",
  "s3:ListObjectsV2",
];

async function outcome(name: string, shape: PageShape): Promise<string> {
  const fault = { on: { operation: name.split(":")[1] ?? "" }, effect: { kind: "page", shape } } as const;
  const simulator = await organizationWith([fault]);
  const answer = await everyCall[name]?.make(defaultsFor(simulator)).catch(String);
  return JSON.stringify(answer);
}

describe.each(lists)("%s over HTTP", (name) => {
  test.each(["same-token", "circle"] as const)("ends as an error: %s", async (shape) => {
    expect(await outcome(name, shape)).toContain(`${name}: the list does not end`);
  });

  test("has each item once where pages overlap", async () => {
    const whole = await outcome(name, "whole");
    expect(await outcome(name, "overlapping")).toBe(whole);
    expect(whole).not.toMatch(/^"|unreadable/);
  });
});

test.each(["ecr:DescribePullThroughCacheRules", "account:ListRegions"])(
  "%s over HTTP ends as an error when each page names another",
  async (name) => {
    expect(await outcome(name, "fresh-tokens")).toContain(`${name}: the list does not end after 200 pages`);
  },
);
