import { describe, expect, it } from "vitest";
import { isWholeScope, prefixFilter, wholeScope } from "../../../src/audit/plan/request.ts";

const everything = wholeScope("cli");

describe("isWholeScope", () => {
  it("is true of a request that names nothing", () => {
    expect(isWholeScope(everything)).toBe(true);
  });

  it.each(["accounts", "regions", "prefixes"])(
    "is false for a request that names %s, even an empty list",
    (narrowed) => {
      expect(isWholeScope({ ...everything, [narrowed]: ["x"] })).toBe(false);
      expect(isWholeScope({ ...everything, [narrowed]: [] })).toBe(false);
    },
  );
});

describe("prefixFilter", () => {
  it("lets everything pass where no prefix was named, registries as a whole included", () => {
    const inScope = prefixFilter(everything);
    expect(["docker-hub", "ROOT", null].map(inScope)).toEqual([true, true, true]);
  });

  it.each([
    { asked: "docker", prefix: "docker", evaluated: true },
    { asked: "docker/", prefix: "docker", evaluated: true },
    { asked: "docker", prefix: "docker/", evaluated: true },
    { asked: "docker/", prefix: "docker/", evaluated: true },
    { asked: "docker", prefix: "docker/library", evaluated: false },
    { asked: "docker/library", prefix: "docker", evaluated: false },
    { asked: "docker", prefix: "docker-hub", evaluated: false },
    { asked: "root", prefix: "ROOT", evaluated: false },
    { asked: "*", prefix: "docker", evaluated: false },
    { asked: "docker", prefix: null, evaluated: false },
  ])("asked for $asked lets $prefix pass: $evaluated", ({ asked, prefix, evaluated }) => {
    expect(prefixFilter({ ...everything, prefixes: ["quay", asked] })(prefix)).toBe(evaluated);
  });

  it("asked for none at all lets nothing pass", () => {
    expect(["docker", null].map(prefixFilter({ ...everything, prefixes: [] }))).toEqual([false, false]);
  });
});
