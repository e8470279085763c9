import { describe, expect, it } from "vitest";
import { makePolicyFolder } from "../e2e/support/policy-folder.ts";
import { collectText } from "./support/collected-text.ts";

const place = ["--account", "111122223333", "--region", "eu-west-1"];
const overrides = [
  { where: { accounts: ["111122223333"] }, set: { prefixes: { root: "allow" as const } } },
  { where: { organizationalUnits: ["ou-ab12-34567890"] }, set: { prefixes: { root: "forbid" as const } } },
];

describe("policy show", () => {
  it("prints the registry's policy, and on standard error what overrides changed", async () => {
    await using files = await makePolicyFolder({ overrides });
    const { code, output, errors } = await collectText([
      "policy",
      "show",
      ...place,
      "--policy",
      files.policyFile,
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ version: 1, prefixes: { root: "allow" } });
    expect(errors).toBe("Changed by overrides:\n  $.prefixes.root  from $.overrides[0].set.prefixes.root\n");
  });

  it("uses the given organizational units of the account", async () => {
    await using files = await makePolicyFolder({ overrides });
    const units = ["--organizational-units", "r-ab12,ou-ab12-34567890"];
    const words = ["policy", "show", ...place, ...units, "--policy", files.policyFile];
    const { output, errors } = await collectText(words);
    expect(JSON.parse(output)).toMatchObject({ prefixes: { root: "forbid" } });
    expect(errors).toContain("from $.overrides[1].set.prefixes.root");
  });

  it("shows the policy that the environment names, and else the one that comes along", async () => {
    await using files = await makePolicyFolder({ name: "Example Corp" });
    const named = await collectText(["policy", "show", ...place], { AUDIT_POLICY: files.policyFile });
    expect(JSON.parse(named.output)).toMatchObject({ name: "Example Corp" });
    const along = await collectText(["policy", "show", ...place]);
    expect(JSON.parse(along.output)).toMatchObject({ name: "default" });
    expect(along.errors).toBe("No override changes anything for this registry.\n");
  });

  it.each([
    [["--region", "eu-west-1"], 64, "required option '--account <id>' not specified"],
    [["--account", "111122223333"], 64, "required option '--region <name>' not specified"],
    [["--account", "payments", "--region", "eu-west-1"], 64, '"payments" must be a 12-digit AWS account id'],
    [["--account", "111122223333", "--region", "Ireland"], 64, '"Ireland" must be the code of an AWS region'],
    [
      [...place, "--organizational-units", "payments"],
      64,
      '"payments" must be the id of an organizational unit',
    ],
    [[...place, "--policy", "/no/such/policy.json"], 78, "/no/such/policy.json could not be read"],
  ])("refuses %j", async (words, code, explanation) => {
    const ended = await collectText(["policy", "show", ...words]);
    expect(ended).toMatchObject({ code, output: "" });
    expect(ended.errors).toContain(explanation);
  });
});
