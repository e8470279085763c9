import { expect, it } from "vitest";
import { storageOf, storageText } from "../../../src/checks/cached-repositories/storage.ts";
import { notCollected, present } from "../../../src/facts/evidence.ts";
import { aCachedRepository, aSnapshot, aTarget } from "../../support/builders.ts";

const names = ["docker-hub/library/nginx", "docker-hub/library/redis"];
const repositories = names.map((name) => aCachedRepository({ name }));

function textWith(
  sizes: readonly { images: number; bytes: number; isWhole: boolean }[],
  region = "eu-west-1",
  all = sizes.length,
) {
  const of = Object.fromEntries(sizes.map((size, index) => [names[index] ?? "", size]));
  const registry = aSnapshot({ target: aTarget({ region }), repositorySizes: present(of) });
  return storageText(storageOf(repositories, registry).storage, all);
}

const price = "USD 0.10 per GB, list price of November 2026; shared layers cost once";

it.each([
  {
    name: "all images of several repositories",
    text: textWith([
      { images: 300, bytes: 2_000_000_000_000, isWhole: true },
      { images: 2, bytes: 130_000_000_000, isWhole: true },
    ]),
    says: ` Estimate: their 302 images add up to 2.13 TB, which costs at most USD 213.00 a month (${price}).`,
  },
  {
    name: "the first images of some",
    text: textWith([
      { images: 1_000, bytes: 9_990_000_000, isWhole: false },
      { images: 1, bytes: 10_000_000, isWhole: true },
    ]),
    says: ` Estimate: the first 1001 of their images add up to 10 GB, which costs about USD 1.00 a month (${price}).`,
  },
  {
    name: "one image",
    text: textWith([{ images: 1, bytes: 4_321_000, isWhole: true }]),
    says: ` Estimate: its 1 image adds up to 4.32 MB, which costs at most USD 0.00 a month (${price}).`,
  },
  {
    name: "a region with another list price",
    text: textWith([{ images: 2, bytes: 5_000_000_000, isWhole: true }], "cn-north-1"),
    says: " Estimate: its 2 images add up to 5 GB.",
  },
  {
    name: "a part of the repositories",
    text: textWith([{ images: 3, bytes: 5_000_000_000, isWhole: true }], "eu-west-1", 40),
    says: ` Estimate for 1 of them: its 3 images add up to 5 GB, which costs about USD 0.50 a month (${price}).`,
  },
  { name: "nothing that was measured", text: textWith([]), says: "" },
])("says what $name add up to", ({ text, says }) => {
  expect(text).toBe(says);
});

it("is not part of a finding where nothing was measured", () => {
  const registry = aSnapshot({ repositorySizes: notCollected("ecr:DescribeImages") });
  expect(storageOf(repositories, registry)).toEqual({});
});
