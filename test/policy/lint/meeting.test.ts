import { describe, expect, it } from "vitest";
import { patternsMeet } from "../../../src/policy/lint/entries.ts";
import type { RegistryPatterns } from "../../../src/policy/sections/where.ts";

type Pair = readonly [one: RegistryPatterns, other: RegistryPatterns];

const accounts = ["1111*"];
const someUnit = ["ou-ab12-11111111"];
const otherUnit = ["ou-ab12-22222222"];
const bothUnits = [...someUnit, ...otherUnit];

function meetings({ one, other }: { readonly one: RegistryPatterns; readonly other: RegistryPatterns }) {
  return [patternsMeet(one, other), patternsMeet(other, one)];
}

function table(...pairs: readonly Pair[]) {
  return pairs.map(([one, other]) => ({ one, other }));
}

describe("two places", () => {
  it.each(
    table(
      [{}, {}],
      [{}, { accounts, regions: ["eu-*"] }],
      [{ accounts }, { accounts: ["*3333"] }],
      [
        { accounts: [], regions: ["eu-*"] },
        { accounts, regions: ["*-west-1"] },
      ],
      [{ organizationalUnits: [] }, { accounts, organizationalUnits: [] }],
      [{}, { accounts, organizationalUnits: someUnit }],
      [{ organizationalUnits: [] }, { organizationalUnits: someUnit }],
      [{ organizationalUnits: someUnit }, { organizationalUnits: bothUnits }],
    ),
  )("meet, whichever is first: $one and $other", (pair) => {
    expect(meetings(pair)).toEqual(["yes", "yes"]);
  });

  it.each(
    table(
      [{ accounts }, { accounts: ["2222*"] }],
      [{ regions: ["eu-*"] }, { regions: ["us-*", "ca-*"] }],
      [
        { accounts, regions: ["eu-*"] },
        { accounts, regions: ["us-*"] },
      ],
      [
        { accounts, organizationalUnits: someUnit },
        { accounts: ["2222*"], organizationalUnits: someUnit },
      ],
    ),
  )("do not meet, whichever is first: $one and $other", (pair) => {
    expect(meetings(pair)).toEqual(["no", "no"]);
  });

  it.each(
    table(
      [{ accounts }, { organizationalUnits: someUnit }],
      [{ accounts }, { accounts, organizationalUnits: someUnit }],
      [{ organizationalUnits: someUnit }, { organizationalUnits: otherUnit }],
    ),
  )("may meet or not, which depends on the organization: $one and $other", (pair) => {
    expect(meetings(pair)).toEqual(["unknown", "unknown"]);
  });
});
