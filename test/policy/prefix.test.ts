import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liesWithin, withoutSlash } from "../../src/policy/prefix.ts";

describe("withoutSlash", () => {
  it.each([
    { prefix: "docker-hub", bare: "docker-hub" },
    { prefix: "docker-hub/", bare: "docker-hub" },
    { prefix: "docker/library/", bare: "docker/library" },
    { prefix: "ROOT", bare: "ROOT" },
  ])("of $prefix is $bare", ({ prefix, bare }) => {
    expect(withoutSlash(prefix)).toBe(bare);
  });
});

describe("liesWithin", () => {
  it.each([
    { inner: "docker/library", outer: "docker", within: true },
    { inner: "docker/library/", outer: "docker/", within: true },
    { inner: "docker/library", outer: "docker/library", within: true },
    { inner: "docker/", outer: "docker", within: true },
    { inner: "docker", outer: "docker/library", within: false },
    { inner: "docker-hub", outer: "docker", within: false },
    { inner: "docker/library2", outer: "docker/library", within: false },
    { inner: "my/docker", outer: "docker", within: false },
    { inner: "docker", outer: "ROOT", within: false },
  ])("$inner lies within $outer: $within", ({ inner, outer, within }) => {
    expect(liesWithin(inner, outer)).toBe(within);
  });

  const segment = fc.stringMatching(/^[a-z0-9]{1,4}([._-][a-z0-9]{1,3})?$/);
  const prefix = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));

  it("is true of whatever goes on after a slash, and of nothing that goes on otherwise", () => {
    fc.assert(
      fc.property(prefix, prefix, segment, (outer, inner, tail) => {
        expect(liesWithin(`${outer}/${inner}`, outer)).toBe(true);
        expect(liesWithin(`${outer}${tail}`, outer)).toBe(false);
      }),
    );
  });

  it("is true both ways only of equal prefixes", () => {
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        expect(liesWithin(a, b) && liesWithin(b, a)).toBe(a === b);
      }),
    );
  });

  it("does not heed a slash at the end", () => {
    fc.assert(
      fc.property(prefix, prefix, (inner, outer) => {
        expect(liesWithin(`${inner}/`, outer)).toBe(liesWithin(inner, outer));
        expect(liesWithin(inner, `${outer}/`)).toBe(liesWithin(inner, outer));
      }),
    );
  });
});
