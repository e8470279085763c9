import { describe, expect, it } from "vitest";
import { checkIds } from "../../src/checks/index.ts";
import { effectivePolicies } from "../../src/policy/effective.ts";
import { effectivePolicyOf } from "../../src/policy/effective-policy-file.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { aPolicy, aTarget, aWaiver } from "../support/builders.ts";

const target = aTarget({ account: "111122223333", region: "eu-west-1" });
const policy = aPolicy({
  $schema: "./policy.schema.json",
  name: "Example organization",
  requiredRules: [
    { prefix: "quay", registry: "quay" },
    { prefix: "k8s", registry: "k8s", regions: ["us-*"] },
  ],
  overrides: [
    { where: { accounts: ["444455556666"] }, set: { undeclaredRules: "forbid" } },
    { where: { regions: ["eu-*"] }, set: { prefixes: { root: "allow" }, scanning: {} } },
  ],
  waivers: [
    aWaiver({ ticket: "everywhere" }),
    aWaiver({ ticket: "here", accounts: ["111122223333"], regions: ["eu-west-1"], prefixes: ["legacy"] }),
    aWaiver({ ticket: "another account", accounts: ["444455556666"] }),
    aWaiver({ ticket: "another region", regions: ["us-east-1"] }),
  ],
});

describe("policyOfRegistry", () => {
  it("applies overrides, and says which", () => {
    const shown = effectivePolicyOf(policy, target);
    expect(shown.policy).toMatchObject({
      name: "Example organization",
      prefixes: { root: "allow" },
      scanning: {},
    });
    expect(shown.policy.undeclaredRules).toBe("allow");
    expect(shown.origins.map(({ from }) => from)).toEqual([
      "$.overrides[1].set.prefixes.root",
      "$.overrides[1].set.scanning",
    ]);
  });

  it("keeps of required rules and waivers those that name the registry", () => {
    const { requiredRules, waivers } = effectivePolicyOf(policy, target).policy;
    expect(requiredRules.map(({ prefix }) => prefix)).toEqual(["quay"]);
    expect(waivers.map(({ ticket }) => ticket)).toEqual(["everywhere", "here"]);
  });

  it("is a policy file that means the same for this registry", () => {
    const shown = effectivePolicyOf(policy, target);
    const read = parsePolicy(JSON.parse(JSON.stringify(shown.policy)), "shown", checkIds);
    const again = effectivePolicyOf(read, target);
    expect(again).toEqual({ policy: shown.policy, origins: [] });
    const { prefixes, scanning } = effectivePolicies(policy)(target).policy;
    expect(effectivePolicies(read)(target).policy).toMatchObject({ prefixes, scanning });
  });
});
