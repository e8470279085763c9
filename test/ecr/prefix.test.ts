import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  coversPrefix,
  isNestedIn,
  isSamePrefix,
  matchesAnyPrefix,
  withoutSlash,
} from "../../src/ecr/prefix.ts";

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

describe("isSamePrefix", () => {
  it("distinguishes prefixes, but not by the slash that ECR assumes", () => {
    expect(isSamePrefix("quay", "quay/")).toBe(true);
    expect(isSamePrefix("quay/", "quay")).toBe(true);
    expect(isSamePrefix("quay", "quay/inner")).toBe(false);
  });
});

describe("isNestedIn", () => {
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
    expect(isNestedIn(inner, outer)).toBe(within);
  });

  const segment = fc.stringMatching(/^[a-z0-9]{1,4}([._-][a-z0-9]{1,3})?$/);
  const prefix = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));

  it("is true only if the longer prefix continues with a slash", () => {
    fc.assert(
      fc.property(prefix, prefix, segment, (outer, inner, tail) => {
        expect(isNestedIn(`${outer}/${inner}`, outer)).toBe(true);
        expect(isNestedIn(`${outer}${tail}`, outer)).toBe(false);
      }),
    );
  });

  it("is true both ways only of equal prefixes", () => {
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        expect(isNestedIn(a, b) && isNestedIn(b, a)).toBe(a === b);
      }),
    );
  });

  it("ignores a trailing slash", () => {
    fc.assert(
      fc.property(prefix, prefix, (inner, outer) => {
        expect(isNestedIn(`${inner}/`, outer)).toBe(isNestedIn(inner, outer));
        expect(isNestedIn(inner, `${outer}/`)).toBe(isNestedIn(inner, outer));
      }),
    );
  });
});

describe("matchesAnyPrefix", () => {
  it.each([
    { patterns: ["base"], prefix: "base", names: true },
    { patterns: ["base"], prefix: "base/", names: true },
    { patterns: ["base/"], prefix: "base", names: true },
    { patterns: ["base/*"], prefix: "base", names: true },
    { patterns: ["base/*"], prefix: "base/team", names: true },
    { patterns: ["tools", "ba*"], prefix: "base", names: true },
    { patterns: ["base"], prefix: "base/team", names: false },
    { patterns: ["base/*"], prefix: "base-old", names: false },
    { patterns: ["base/?*"], prefix: "base", names: false },
    { patterns: [], prefix: "base", names: false },
    { patterns: ["ROOT"], prefix: "ROOT", names: true },
    { patterns: ["*"], prefix: "ROOT", names: true },
    { patterns: ["base", "*/", "*/*"], prefix: "ROOT", names: false },
    { patterns: ["ROOT"], prefix: "base", names: false },
  ])("of $patterns and $prefix is $names", ({ patterns, prefix, names }) => {
    expect(matchesAnyPrefix(patterns, prefix)).toBe(names);
  });
});

describe("coversPrefix", () => {
  it.each([
    { patterns: ["base"], prefix: "base/", covers: true },
    { patterns: ["base"], prefix: "base/team", covers: true },
    { patterns: ["base/"], prefix: "base/team/web", covers: true },
    { patterns: ["base/*"], prefix: "base", covers: true },
    { patterns: ["base/team-?"], prefix: "base/team-a/web", covers: true },
    { patterns: ["ROOT"], prefix: "base/team", covers: true },
    { patterns: ["ROOT"], prefix: "ROOT", covers: true },
    { patterns: ["*"], prefix: "ROOT", covers: true },
    { patterns: ["base"], prefix: "base-old", covers: false },
    { patterns: ["base/team"], prefix: "base", covers: false },
    { patterns: ["team"], prefix: "base/team", covers: false },
    { patterns: ["base/*"], prefix: "base-old", covers: false },
    { patterns: ["base/*"], prefix: "ROOT", covers: false },
    { patterns: [], prefix: "base", covers: false },
  ])("of $patterns and $prefix is $covers", ({ patterns, prefix, covers }) => {
    expect(coversPrefix(patterns, prefix)).toBe(covers);
  });
});
