import { describe, expect, it } from "vitest";
import { namesOne, namesPrefix, namesRegistry } from "../../../src/policy/matching/where.ts";
import { aTarget } from "../../support/builders.ts";

const target = aTarget({
  account: "111122223333",
  region: "eu-west-1",
  organizationalUnits: ["r-ab12", "ou-ab12-11111111", "ou-ab12-22222222"],
});

describe("namesRegistry", () => {
  it.each([
    { why: "nothing is asked", patterns: {} },
    { why: "every list is empty", patterns: { accounts: [], organizationalUnits: [], regions: [] } },
    { why: "its account is named", patterns: { accounts: ["444455556666", "111122223333"] } },
    { why: "its account fits a pattern", patterns: { accounts: ["1111*"] } },
    { why: "its region fits a pattern", patterns: { regions: ["eu-*"] } },
    { why: "it lies right in a unit", patterns: { organizationalUnits: ["ou-ab12-22222222"] } },
    { why: "it lies somewhere below a unit", patterns: { organizationalUnits: ["ou-ab12-11111111"] } },
    { why: "it lies below the root", patterns: { organizationalUnits: ["r-ab12"] } },
    {
      why: "one unit of several is around it",
      patterns: { organizationalUnits: ["ou-ab12-99999999", "ou-ab12-22222222"] },
    },
    {
      why: "all that is asked fits",
      patterns: { accounts: ["111122223333"], organizationalUnits: ["r-ab12"], regions: ["eu-west-1"] },
    },
    { why: "one list fits and the others are empty", patterns: { accounts: [], regions: ["eu-west-1"] } },
  ])("is true where $why", ({ patterns }) => {
    expect(namesRegistry(patterns, target)).toBe(true);
  });

  it.each([
    { why: "another account is named", patterns: { accounts: ["444455556666"] } },
    { why: "another region is named", patterns: { regions: ["eu-west-2"] } },
    { why: "another unit is named", patterns: { organizationalUnits: ["ou-ab12-99999999"] } },
    { why: "a unit is only begun", patterns: { organizationalUnits: ["ou-ab12-1111"] } },
    { why: "the account fits and the region does not", patterns: { accounts: ["*"], regions: ["us-*"] } },
    {
      why: "account and region fit and the unit does not",
      patterns: { accounts: ["*"], organizationalUnits: ["ou-ab12-99999999"], regions: ["*"] },
    },
  ])("is false where $why", ({ patterns }) => {
    expect(namesRegistry(patterns, target)).toBe(false);
  });

  it("is false of units where the organization was not asked", () => {
    const alone = aTarget({ organizationalUnits: [] });
    expect(namesRegistry({ organizationalUnits: ["r-ab12"] }, alone)).toBe(false);
  });
});

describe("namesOne", () => {
  it.each([
    { patterns: undefined, named: true },
    { patterns: [], named: true },
    { patterns: ["*"], named: true },
    { patterns: ["other", "na?e"], named: true },
    { patterns: ["other"], named: false },
  ])("$patterns name the name: $named", ({ patterns, named }) => {
    expect(namesOne(patterns, "name")).toBe(named);
  });
});

describe("namesPrefix", () => {
  it.each([
    { patterns: undefined, prefix: "docker", named: true },
    { patterns: [], prefix: "docker", named: true },
    { patterns: ["docker"], prefix: "docker", named: true },
    { patterns: ["docker/"], prefix: "docker", named: true },
    { patterns: ["docker"], prefix: "docker/", named: true },
    { patterns: ["doc*"], prefix: "docker", named: true },
    { patterns: ["docker/*"], prefix: "docker", named: true },
    { patterns: ["docker/*"], prefix: "docker/library", named: true },
    { patterns: ["ROOT"], prefix: "ROOT", named: true },
    { patterns: ["*"], prefix: "ROOT", named: true },
    { patterns: ["docker/*"], prefix: "docker-hub", named: false },
    { patterns: ["docker"], prefix: "docker/library", named: false },
    { patterns: ["docker"], prefix: "docker-hub", named: false },
    { patterns: ["quay"], prefix: "docker", named: false },
  ])("$patterns name $prefix: $named", ({ patterns, prefix, named }) => {
    expect(namesPrefix(patterns, prefix)).toBe(named);
  });

  it.each([
    { patterns: undefined, named: true },
    { patterns: [], named: true },
    { patterns: ["*"], named: true },
    { patterns: ["docker", "*"], named: true },
    { patterns: ["docker"], named: false },
    { patterns: ["d*"], named: false },
    { patterns: ["?"], named: false },
  ])("$patterns name a registry as a whole: $named", ({ patterns, named }) => {
    expect(namesPrefix(patterns, null)).toBe(named);
  });
});
