import { describe, expect, it } from "vitest";
import { lintProblems } from "../../../src/policy/lint/lint.ts";
import { aPolicyFile, NOW } from "../../support/builders.ts";

const checkIds = ["root-prefix", "rule-validation"];
const [here, everywhere, west, ireland, unit] = [
  { accounts: ["111122223333"] },
  {},
  { regions: ["eu-west-*"] },
  { accounts: ["1111*"], regions: ["eu-west-1"] },
  { organizationalUnits: ["ou-ab12-34567890"] },
];

type Override = readonly [where: object, set: object];

function idle(base: object, overrides: readonly Override[]) {
  const file = {
    ...aPolicyFile(),
    ...base,
    scope: { accounts: "organization" },
    overrides: overrides.map(([where, set]) => ({ where, set })),
  };
  return lintProblems(file, checkIds, NOW).map(({ rule, path, message }) =>
    rule === "idle-override" ? `${path} ${message}` : `${rule} ${path}`,
  );
}

const root = (allowance: string) => ({ prefixes: { root: allowance } });
const already = "has no effect: it is what applies without the override";

describe("an override without effect", () => {
  it.each<{ what: string; base?: object; overrides: readonly Override[]; found: readonly string[] }>([
    {
      what: "sets nothing",
      overrides: [[here, {}]],
      found: ["$.overrides[0].set is empty, so the override has no effect"],
    },
    {
      what: "sets nothing of a section that there is",
      base: { secrets: { maxAgeDays: 9 } },
      overrides: [[here, { secrets: {} }]],
      found: ["$.overrides[0].set.secrets is empty, so it has no effect"],
    },
    {
      what: "sets a default",
      overrides: [[here, root("forbid")]],
      found: [`$.overrides[0].set.prefixes.root ${already}`],
    },
    {
      what: "sets a single value that the policy has",
      base: { undeclaredRules: "allow" },
      overrides: [[here, { undeclaredRules: "allow" }]],
      found: [`$.overrides[0].set.undeclaredRules ${already}`],
    },
    {
      what: "sets the list that the policy has",
      base: { allowedUpstreams: [{ registry: "quay", prefixes: ["quay"] }] },
      overrides: [[here, { allowedUpstreams: [{ prefixes: ["quay"], registry: "quay" }] }]],
      found: [`$.overrides[0].set.allowedUpstreams ${already}`],
    },
    {
      what: "enables a check that is enabled",
      overrides: [[here, { checks: { "root-prefix": { enabled: true, severity: "low" } } }]],
      found: [`$.overrides[0].set.checks["root-prefix"].enabled ${already}`],
    },
    {
      what: "changes one setting and repeats another",
      base: { secrets: { maxAgeDays: 90, warnDays: 7 } },
      overrides: [[here, { secrets: { maxAgeDays: 90, warnDays: 9 } }]],
      found: [`$.overrides[0].set.secrets.maxAgeDays ${already}`],
    },
    {
      what: "repeats an earlier one",
      overrides: [
        [west, root("allow")],
        [ireland, root("allow")],
      ],
      found: [
        "$.overrides[1].set.prefixes.root has no effect: $.overrides[0].set.prefixes.root sets the same",
      ],
    },
    {
      what: "is replaced by a later one",
      overrides: [
        [ireland, root("allow")],
        [west, root("forbid")],
      ],
      found: [
        "$.overrides[0].set.prefixes.root has no effect: $.overrides[1].set.prefixes.root replaces it wherever it applies",
      ],
    },
    {
      what: "is replaced by a later one everywhere",
      overrides: [
        [unit, { secrets: { warnDays: 3 } }],
        [everywhere, { secrets: { warnDays: 5 } }],
      ],
      found: [
        "$.overrides[0].set.secrets.warnDays has no effect: $.overrides[1].set.secrets.warnDays replaces it wherever it applies",
      ],
    },
  ])("$what", ({ base = {}, overrides, found }) => {
    expect(idle(base, overrides)).toEqual(found);
  });
});

describe("an override with an effect", () => {
  it.each<{ what: string; base?: object; overrides: readonly Override[] }>([
    { what: "sets another value", overrides: [[here, root("allow")]] },
    { what: "enables a section", overrides: [[here, { secrets: {} }]] },
    {
      what: "restores what an earlier one changed",
      overrides: [
        [west, root("allow")],
        [ireland, root("forbid")],
      ],
    },
    {
      what: "restores what one of a unit may have changed",
      overrides: [
        [unit, root("allow")],
        [here, root("forbid")],
      ],
    },
    {
      what: "is replaced by a later one in part",
      overrides: [
        [west, root("allow")],
        [ireland, root("forbid")],
      ],
    },
    {
      what: "sets the same as one elsewhere",
      overrides: [
        [{ regions: ["us-*"] }, root("allow")],
        [west, root("allow")],
      ],
    },
    {
      what: "sets another key of the same section as a later one",
      overrides: [
        [here, root("allow")],
        [everywhere, { prefixes: { maxLength: 9 } }],
      ],
    },
    {
      what: "disables a check, and another changes its severity",
      overrides: [
        [here, { checks: { "root-prefix": { enabled: false } } }],
        [everywhere, { checks: { "root-prefix": { severity: "low" } } }],
      ],
    },
  ])("$what", ({ base = {}, overrides }) => {
    expect(idle(base, overrides)).toEqual([]);
  });

  it("is not guessed at beside one that cannot be read", () => {
    expect(
      idle({}, [
        [here, root("forbid")],
        [here, { prefixes: 1 }],
      ]),
    ).toEqual(["invalid-value $.overrides[1].set.prefixes"]);
  });
});
