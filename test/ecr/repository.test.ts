import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coveringPrefix, liesUnder } from "../../src/ecr/repository.ts";

describe("the rule that covers a repository", () => {
  it.each([
    { name: "docker-hub/library/nginx", prefixes: ["docker-hub", "quay"], covers: "docker-hub" },
    {
      name: "docker-hub/library/nginx",
      prefixes: ["docker-hub", "docker-hub/library"],
      covers: "docker-hub/library",
    },
    { name: "docker-hub/library/nginx", prefixes: ["docker-hub/"], covers: "docker-hub/" },
    { name: "docker-hub-fork/nginx", prefixes: ["docker-hub"], covers: null },
    { name: "docker-hub", prefixes: ["docker-hub"], covers: null },
    { name: "docker-hub-fork/nginx", prefixes: ["docker-hub", "ROOT"], covers: "ROOT" },
    { name: "quay/a", prefixes: ["ROOT"], former: ["quay"], covers: "quay" },
    { name: "quay/a/b", prefixes: ["quay"], former: ["quay/a"], covers: "quay" },
    { name: "quay/a", prefixes: [], former: ["ROOT"], covers: null },
  ])("of $name with $prefixes and formerly $former is $covers", ({ name, prefixes, former, covers }) => {
    expect(coveringPrefix(name, prefixes, former)).toBe(covers);
  });

  it("is the longest one under which it lies, whatever the order", () => {
    const prefix = fc.constantFrom("a", "a/", "a/b", "b", "a/b/c/", "ab", "ROOT");
    const name = fc.array(fc.constantFrom("a", "b", "c", "ab"), { minLength: 1, maxLength: 4 });
    void fc.assert(
      fc.property(fc.uniqueArray(prefix), name, (prefixes, parts) => {
        const repository = parts.join("/");
        const found = coveringPrefix(repository, prefixes);
        const lengthOf = (one: string | null) =>
          one === null || one === "ROOT" ? 0 : one.replace(/\/$/, "").length;
        const around = prefixes.filter((one) => liesUnder(repository, one));
        expect(found === null).toBe(around.length === 0);
        expect(lengthOf(found)).toBe(Math.max(0, ...around.map(lengthOf)));
        const reversed = coveringPrefix(repository, prefixes.toReversed());
        expect(lengthOf(reversed)).toBe(lengthOf(found));
      }),
    );
  });
});
