import { describe, expect, it } from "vitest";
import { originsOf } from "../../src/policy/effective-policy-file.ts";
import type { Override } from "../../src/policy/sections/overrides.ts";
import { aPolicy } from "../support/builders.ts";

const everywhere = { where: {} };

function origins(sets: readonly Override["set"][], applied = sets.map((_, index) => index)) {
  const policy = aPolicy({ overrides: sets.map((set) => ({ ...everywhere, set })) });
  return originsOf(policy, applied).map(({ path, from }) => `${path} ${from}`);
}

describe("originsOf", () => {
  it("names each value that is merged, and lists and single values as a whole", () => {
    const set: Override["set"] = {
      allowedUpstreams: [{ registry: "quay" }],
      prefixes: { maxLength: 12, root: "allow" },
      undeclaredRules: "forbid",
      creationTemplates: { tagMutability: ["MUTABLE"] },
      checks: { "root-prefix": { severity: "low" } },
    };
    expect(origins([set])).toEqual([
      "$.allowedUpstreams $.overrides[0].set.allowedUpstreams",
      "$.prefixes.maxLength $.overrides[0].set.prefixes.maxLength",
      "$.prefixes.root $.overrides[0].set.prefixes.root",
      "$.undeclaredRules $.overrides[0].set.undeclaredRules",
      "$.creationTemplates.tagMutability $.overrides[0].set.creationTemplates.tagMutability",
      '$.checks["root-prefix"].severity $.overrides[0].set.checks["root-prefix"].severity',
    ]);
  });

  it("names a section that is turned on with nothing in it", () => {
    expect(origins([{ scanning: {} }])).toEqual(["$.scanning $.overrides[0].set.scanning"]);
  });

  it("names nothing that is left undefined", () => {
    const set = { undeclaredRules: undefined, prefixes: { root: "allow" } } as const;
    expect(origins([set])).toEqual(["$.prefixes.root $.overrides[0].set.prefixes.root"]);
  });

  it("names the last override where several give the same value", () => {
    const sets: readonly Override["set"][] = [
      { prefixes: { root: "allow", overlap: "allow" } },
      { prefixes: { root: "forbid" } },
    ];
    expect(origins(sets)).toEqual([
      "$.prefixes.root $.overrides[1].set.prefixes.root",
      "$.prefixes.overlap $.overrides[0].set.prefixes.overlap",
    ]);
  });

  it("names only overrides that were applied", () => {
    const sets: readonly Override["set"][] = [{ undeclaredRules: "forbid" }, { undeclaredRules: "allow" }];
    expect(origins(sets, [0])).toEqual(["$.undeclaredRules $.overrides[0].set.undeclaredRules"]);
    expect(origins(sets, [])).toEqual([]);
  });
});
