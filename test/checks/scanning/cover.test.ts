import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverOf } from "../../../src/checks/scan-coverage/scanning.ts";

describe("coverOf", () => {
  it.each([
    { filter: "*", prefix: "docker-hub", cover: "all" },
    { filter: "**", prefix: "docker-hub", cover: "all" },
    { filter: "docker-hub/*", prefix: "docker-hub", cover: "all" },
    { filter: "docker-hub/*", prefix: "docker-hub/", cover: "all" },
    { filter: "docker-hub*", prefix: "docker-hub", cover: "all" },
    { filter: "docker*", prefix: "docker-hub", cover: "all" },
    { filter: "*hub*", prefix: "docker-hub", cover: "all" },
    { filter: "d*-*/*", prefix: "docker-hub", cover: "all" },
    { filter: "docker-hub", prefix: "docker-hub", cover: "all" },
    { filter: "docker-hub/", prefix: "docker-hub", cover: "all" },
    { filter: "hub", prefix: "docker-hub", cover: "all" },
    { filter: "team/docker*", prefix: "team/docker", cover: "all" },
    { filter: "*", prefix: "ROOT", cover: "all" },
    { filter: "docker-hub/library*", prefix: "docker-hub", cover: "some" },
    { filter: "docker-hub/library", prefix: "docker-hub", cover: "some" },
    { filter: "*prod", prefix: "docker-hub", cover: "some" },
    { filter: "docker-*/", prefix: "docker-hub", cover: "some" },
    { filter: "docker-hub/*-base", prefix: "docker-hub", cover: "some" },
    { filter: "docker*nginx", prefix: "docker-hub", cover: "some" },
    { filter: "docker*x*", prefix: "docker-hub", cover: "some" },
    { filter: "prod", prefix: "docker-hub", cover: "some" },
    { filter: "docker-hub/a*", prefix: "ROOT", cover: "some" },
    { filter: "root", prefix: "ROOT", cover: "some" },
    { filter: "quay/*", prefix: "docker-hub", cover: "none" },
    { filter: "docker/*", prefix: "docker-hub", cover: "none" },
    { filter: "docker-hub-old*", prefix: "docker-hub", cover: "none" },
    { filter: "hub*", prefix: "docker-hub", cover: "none" },
  ] as const)("says that $filter covers $cover of $prefix", ({ filter, prefix, cover }) => {
    expect(coverOf(filter, prefix)).toBe(cover);
  });

  it("says all exactly when every name that goes on by one character is matched", () => {
    fc.assert(
      fc.property(filters, prefixes, (filter, prefix) => {
        const matched = [...alphanumerics].every((end) => matches(filter, nameUnder(prefix, end)));
        expect(coverOf(filter, prefix) === "all").toBe(matched);
      }),
    );
  });

  it("says all only when every name is matched", () => {
    fc.assert(
      fc.property(filtersBeside, names, ({ filter, prefix }, rest) => {
        fc.pre(coverOf(filter, prefix) === "all");
        expect(matches(filter, nameUnder(prefix, rest))).toBe(true);
      }),
    );
  });

  it("says none only when no name is matched", () => {
    fc.assert(
      fc.property(filters, prefixes, names, (filter, prefix, rest) => {
        fc.pre(coverOf(filter, prefix) === "none");
        expect(matches(filter, nameUnder(prefix, rest))).toBe(false);
      }),
    );
  });

  it("does not say none of a filter that matches some name", () => {
    fc.assert(
      fc.property(filtersBeside, ({ filter, prefix }) => {
        expect(coverOf(filter, prefix)).not.toBe("none");
      }),
    );
  });
});

const alphanumerics = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Few different characters, so that filters, prefixes and names meet. */
const segments = fc.string({ unit: fc.constantFrom("a", "b", "1"), minLength: 1, maxLength: 3 });
const names = fc
  .array(fc.tuple(segments, fc.constantFrom("/", "-", ".")), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.flat().slice(0, -1).join(""));
const prefixes = fc.oneof(
  fc.constant("ROOT"),
  names,
  names.map((name) => `${name}/`),
);
const filters = fc
  .array(fc.oneof(segments, fc.constantFrom("*", "a/b", "a-1", "*/", "/*")), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(""));

/** A prefix with a filter that matches a name under it: a part of the name, or the name with stars in it. */
const filtersBeside = fc
  .tuple(prefixes, names, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([prefix, rest, cuts, starred]) => {
    const name = nameUnder(prefix, rest);
    const places = [0, ...cuts.map((cut) => cut % (name.length + 1)), name.length].toSorted((a, b) => a - b);
    const pieces = places.slice(1).map((end, index) => name.slice(places[index], end));
    const kept = pieces.map((piece, index) => (index % 2 === 0 ? piece : "*")).join("");
    return { prefix, filter: starred ? kept : (pieces.find((piece) => piece !== "") ?? name) };
  });

function nameUnder(prefix: string, rest: string): string {
  return prefix === "ROOT" ? rest : `${prefix.replace(/\/$/, "")}/${rest}`;
}

/** How ECR matches, written another way. */
function matches(filter: string, name: string): boolean {
  if (!filter.includes("*")) return name.includes(filter);
  const pattern = filter.replaceAll(".", "\\.").replaceAll("*", ".*");
  return new RegExp(`^${pattern}$`).test(name);
}
