import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyOverride, effectivePolicies } from "../../src/policy/effective.ts";
import type { Policy } from "../../src/policy/schema.ts";
import type { Override } from "../../src/policy/sections/overrides.ts";
import { aDemandingPolicy, aPolicy, aTarget, type PolicyFile } from "../support/builders.ts";
import { deepFreeze } from "../support/check-table.ts";

type Where = Override["where"];
type OverrideInFile = NonNullable<PolicyFile["overrides"]>[number];

/** The policy that holds for the default target under overrides for everywhere. */
function under(set: OverrideInFile["set"], base: Partial<PolicyFile> = {}): Policy {
  const policy = aDemandingPolicy({ ...base, overrides: [{ where: {}, set }] });
  return effectivePolicies(policy)(aTarget()).policy;
}

/** Which of the overrides, by position, hold for the default target. */
function applied(...wheres: readonly Where[]): readonly number[] {
  const overrides = wheres.map((where) => ({ where, set: {} }));
  return effectivePolicies(aPolicy({ overrides }))(aTarget()).appliedOverrides;
}

describe("an override", () => {
  it("of nothing leaves the policy as it is", () => {
    const { overrides: _, ...effective } = under({});
    const { overrides: __, ...base } = aDemandingPolicy();
    expect(effective).toEqual(base);
  });

  it.each<{ list: keyof OverrideInFile["set"] & keyof Policy; set: OverrideInFile["set"]; holds: unknown }>([
    {
      list: "allowedUpstreams",
      set: { allowedUpstreams: [{ registry: "quay" }] },
      holds: [{ registry: "quay" }],
    },
    { list: "allowedUpstreams", set: { allowedUpstreams: [] }, holds: [] },
    { list: "requiredRules", set: { requiredRules: [] }, holds: [] },
    {
      list: "requiredRules",
      set: { requiredRules: [{ prefix: "quay", registry: "quay" }] },
      holds: [{ prefix: "quay", registry: "quay" }],
    },
    { list: "undeclaredRules", set: { undeclaredRules: "allow" }, holds: "allow" },
  ])("replaces $list", ({ list, set, holds }) => {
    expect(under(set)[list]).toEqual(holds);
  });

  it.each<{ section: keyof OverrideInFile["set"] & keyof Policy; set: OverrideInFile["set"] }>([
    { section: "prefixes", set: { prefixes: { root: "allow" } } },
    { section: "prefixes", set: { prefixes: { overlap: "allow" } } },
    { section: "prefixes", set: { prefixes: { duplicateUpstreams: "allow" } } },
    { section: "prefixes", set: { prefixes: { maxLength: 30 } } },
    { section: "secrets", set: { secrets: { maxAgeDays: 30 } } },
    { section: "creationTemplates", set: { creationTemplates: { required: false } } },
    { section: "creationTemplates", set: { creationTemplates: { encryption: ["AES256"] } } },
    { section: "scanning", set: { scanning: { frequencies: ["SCAN_ON_PUSH"] } } },
    { section: "registryPolicy", set: { registryPolicy: { trustOrganization: false } } },
    { section: "registryPolicy", set: { registryPolicy: { trustedAccounts: [] } } },
  ])("merges $section key by key, lists in it replaced: $set", ({ section, set }) => {
    const base = aDemandingPolicy();
    const { overrides: _, ...effective } = under(set);
    const { overrides: __, ...untouched } = base;
    const merged = Object.assign({}, base[section], set[section]);
    expect(effective).toEqual({ ...untouched, [section]: merged });
    expect(merged).not.toEqual(base[section]);
  });

  it.each(["secrets", "creationTemplates", "scanning", "registryPolicy"] as const)(
    "turns the section %s on that the policy does not have, and otherwise leaves it off",
    (section) => {
      const policy = aPolicy({ overrides: [{ where: { regions: ["us-*"] }, set: { [section]: {} } }] });
      const policyFor = effectivePolicies(policy);
      expect(policyFor(aTarget({ region: "us-east-1" })).policy[section]).toEqual({});
      expect(policyFor(aTarget()).policy[section]).toBeUndefined();
    },
  );

  it("merges the settings of each check", () => {
    const checks: PolicyFile["checks"] = {
      "root-prefix": { severity: "low" },
      "rule-validation": { enabled: true, severity: "critical" },
    };
    const set: OverrideInFile["set"] = {
      checks: {
        "root-prefix": { enabled: false },
        "rule-validation": { severity: "medium" },
        "allowed-upstream": { enabled: false },
      },
    };
    expect(under(set, { checks }).checks).toEqual({
      "root-prefix": { enabled: false, severity: "low" },
      "rule-validation": { enabled: true, severity: "medium" },
      "allowed-upstream": { enabled: false },
    });
  });

  it("leaves alone what no override may change", () => {
    const file: Partial<PolicyFile> = { name: "kept", scope: { excludeAccounts: ["999999999999"] } };
    const { name, scope, waivers, notifications, customChecks } = under({ undeclaredRules: "allow" }, file);
    const base = aDemandingPolicy(file);
    expect({ name, scope, waivers, notifications, customChecks }).toEqual({
      name: base.name,
      scope: base.scope,
      waivers: base.waivers,
      notifications: base.notifications,
      customChecks: base.customChecks,
    });
  });
});

describe("the effective policy", () => {
  it("is what the policy says where no override holds", () => {
    const policy = aPolicy({
      overrides: [{ where: { regions: ["us-*"] }, set: { undeclaredRules: "forbid" } }],
    });
    expect(effectivePolicies(policy)(aTarget())).toEqual({ policy, appliedOverrides: [] });
  });

  it("applies the overrides that name the registry, in their order", () => {
    const wheres: readonly Where[] = [
      { regions: ["us-*"] },
      {},
      { accounts: [], organizationalUnits: [], regions: [] },
      { organizationalUnits: ["ou-ab12-34567890"], regions: ["eu-*"] },
      { organizationalUnits: ["ou-ab12-99999999"] },
      { accounts: ["111122223333"] },
    ];
    expect(applied(...wheres)).toEqual([1, 2, 3, 5]);
  });

  it("lets later overrides win, key by key", () => {
    const policy = aPolicy({
      overrides: [
        { where: {}, set: { prefixes: { root: "allow", maxLength: 10 } } },
        { where: {}, set: { prefixes: { maxLength: 12, overlap: "allow" } } },
        { where: { regions: ["us-*"] }, set: { prefixes: { maxLength: 30 } } },
      ],
    });
    expect(effectivePolicies(policy)(aTarget()).policy.prefixes).toEqual({
      root: "allow",
      maxLength: 12,
      overlap: "allow",
      duplicateUpstreams: "allow",
    });
  });

  it("is shared by the registries that the same overrides name", () => {
    const policyFor = effectivePolicies(aPolicy({ overrides: [{ where: { regions: ["us-*"] }, set: {} }] }));
    const at = (region: string, account = "111122223333") => policyFor(aTarget({ region, account }));
    expect(at("us-east-1")).toBe(at("us-west-2", "444455556666"));
    expect(at("eu-west-1")).toBe(at("eu-west-2"));
    expect(at("us-east-1")).not.toBe(at("eu-west-1"));
  });
});

describe("applying overrides", () => {
  const allowance = fc.constantFrom("allow", "forbid");
  const severity = fc.constantFrom("low", "high");
  const sometimes: { readonly requiredKeys: [] } = { requiredKeys: [] };
  const set: fc.Arbitrary<OverrideInFile["set"]> = fc.record(
    {
      undeclaredRules: allowance,
      requiredRules: fc.constantFrom([], [{ prefix: "quay", registry: "quay" }]),
      prefixes: fc.record({ root: allowance, maxLength: fc.integer({ min: 2, max: 30 }) }, sometimes),
      secrets: fc.record(
        { maxAgeDays: fc.integer({ min: 1, max: 9 }), expiryTag: fc.constant("t") },
        sometimes,
      ),
      checks: fc.record(
        { "root-prefix": fc.record({ severity, enabled: fc.boolean() }, sometimes) },
        sometimes,
      ),
    },
    sometimes,
  );
  const somewhere: fc.Arbitrary<Where> = fc.constantFrom({}, { regions: ["us-*"] }, { accounts: ["1*"] });
  const overrides = fc.array(fc.record({ where: somewhere, set }), { maxLength: 4 });
  const base = fc.constantFrom(aPolicy(), aDemandingPolicy());

  function fixed({ set: changes }: { readonly set: OverrideInFile["set"] }): Override["set"] {
    const [override] = aPolicy({ overrides: [{ where: {}, set: changes }] }).overrides;
    if (override === undefined) throw new Error("there is one");
    return override.set;
  }

  it("changes nothing when it is done twice", () => {
    fc.assert(
      fc.property(base, set, (policy, changes) => {
        const once = applyOverride(policy, fixed({ set: changes }));
        expect(applyOverride(once, fixed({ set: changes }))).toEqual(once);
      }),
    );
  });

  it("is the same at once and one by one: later ones win", () => {
    fc.assert(
      fc.property(overrides, (list) => {
        const policy = aPolicy({ overrides: list });
        const { policy: effective, appliedOverrides } = effectivePolicies(policy)(aTarget());
        let oneByOne = policy;
        for (const position of appliedOverrides) {
          const override = policy.overrides[position];
          if (override !== undefined) oneByOne = applyOverride(oneByOne, override.set);
        }
        expect(effective).toEqual(oneByOne);
      }),
    );
  });

  it("lets the last value hold, and where none is given the policy's own", () => {
    fc.assert(
      fc.property(fc.array(set, { minLength: 1, maxLength: 4 }), (sets) => {
        const policy = aPolicy({ overrides: sets.map((changes) => ({ where: {}, set: changes })) });
        const { policy: effective } = effectivePolicies(policy)(aTarget());
        const lastRoot = sets.findLast(({ prefixes }) => prefixes?.root !== undefined)?.prefixes?.root;
        const lastRules = sets.findLast(({ requiredRules }) => requiredRules !== undefined)?.requiredRules;
        expect(effective.prefixes.root).toBe(lastRoot ?? "forbid");
        expect(effective.requiredRules).toEqual(lastRules ?? []);
      }),
    );
  });

  it("changes neither the policy nor the override", () => {
    fc.assert(
      fc.property(base, set, (policy, changes) => {
        const before = structuredClone(policy);
        applyOverride(deepFreeze(policy), deepFreeze(fixed({ set: changes })));
        expect(policy).toEqual(before);
      }),
    );
  });
});
