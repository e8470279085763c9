import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import { rule } from "../simulator/world-builder.ts";
import { MEMBER } from "./support/organization.ts";
import {
  forbidden,
  narrowed,
  OFFERED,
  type RemediationRegistry,
  ROLE,
  registryBefore,
  renamed,
  updated,
} from "./support/remediation.ts";

function prefixesAt(workspace: RemediationRegistry): readonly string[] {
  return workspace.rules().map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix);
}

describe("audit, plan, apply", () => {
  it("ends compliant for every action, leaves another run nothing to do, and can be repeated", async () => {
    await using workspace = await registryBefore([updated, renamed, forbidden, narrowed]);
    expect((await workspace.run("audit", "--quiet")).code).toBe(1);
    expect(await workspace.plan()).toMatchObject({ code: 1 });
    const { code, output, errors } = await workspace.apply();
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output).toContain(`${MEMBER} us-east-1 applied: Update docker-hub`);
    expect(output).toContain("applied: Replace red-hat with quay");
    expect(workspace.rules()).toMatchObject([
      { ecrRepositoryPrefix: "base", upstreamRepositoryPrefix: "base", role: ROLE },
      { ecrRepositoryPrefix: "docker-hub", credential: OFFERED },
      { ecrRepositoryPrefix: "kubernetes", upstreamRegistryUrl: "registry.k8s.io" },
      { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" },
    ]);
    expect((await workspace.run("audit", "--quiet")).code).toBe(0);
    const changing = () =>
      workspace.stage.simulator.calls.filter(({ operation }) => /^(Create|Update|Delete)/.test(operation));
    const before = changing().length;
    expect((await workspace.apply()).code).toBe(0);
    expect(changing()).toHaveLength(before);
    expect((await workspace.plan("next.json")).code).toBe(0);
  });

  it("neither replaces nor deletes unless that is allowed", async () => {
    await using workspace = await registryBefore([renamed, forbidden]);
    await workspace.plan();
    const { code, output } = await workspace.apply("--yes");
    expect(code).toBe(1);
    expect(output).toContain("skipped: Delete ghcr (rules are deleted only with --allow-delete)");
    expect(output).toContain(
      "skipped: Replace red-hat with quay (rules are replaced only with --allow-replace)",
    );
    expect(prefixesAt(workspace)).toEqual(["ghcr", "kubernetes", "red-hat"]);
  });

  it("requires a confirmation", async () => {
    await using workspace = await registryBefore([renamed]);
    await workspace.plan();
    const { code, errors } = await workspace.apply("--allow-replace");
    expect(code).toBe(64);
    expect(errors).toContain("--yes");
    expect(prefixesAt(workspace)).toEqual(["red-hat"]);
  });

  it("refuses a registry that somebody else changed", async () => {
    await using workspace = await registryBefore([renamed]);
    await workspace.plan();
    workspace.stage.simulator.world.accounts[MEMBER]?.regions["us-east-1"]?.rules.push(
      rule("mine", "ecr-public"),
    );
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain("rules changed since the plan was made (mine)");
    expect(prefixesAt(workspace)).toEqual(["mine", "red-hat"]);
  });

  it("refuses a plan whose rules were edited by hand, and another plan's journal", async () => {
    await using workspace = await registryBefore([renamed]);
    await workspace.plan();
    const file = workspace.planFile;
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replaceAll('"quay.io"', '"ghcr.io"'));
    expect(await workspace.apply()).toMatchObject({
      code: 78,
      errors: expect.stringContaining("$.registries[0].fingerprint"),
    });
    await writeFile(file, text);
    expect((await workspace.apply()).code).toBe(0);
    await writeFile(file, text.replace('"plannedAt": "', '"plannedAt": "').concat("\n"));
    expect(await workspace.apply()).toMatchObject({
      code: 78,
      errors: expect.stringContaining("journal of another plan"),
    });
  });
});

describe("a step that fails is rolled back", () => {
  it("when an updated rule does not validate", async () => {
    await using workspace = await registryBefore([updated, rule("kubernetes", "k8s")], { login: "rejected" });
    await workspace.plan();
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Update docker-hub (the rule does not validate");
    expect(workspace.rules()[0]?.credential).toContain("ecr-pullthroughcache/old");
  });

  it("when a replacement is refused, by making the old rule again", async () => {
    const refusal: Fault = {
      on: { operation: "CreatePullThroughCacheRule", prefix: "base" },
      effect: { kind: "refuse", code: "UnsupportedUpstreamRegistryException", message: "no", status: 400 },
      times: 1,
    };
    await using workspace = await registryBefore([narrowed, rule("kubernetes", "k8s")], {
      faults: [refusal],
    });
    await workspace.plan();
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Replace base");
    expect(workspace.rules()[0]).toMatchObject({
      ecrRepositoryPrefix: "base",
      upstreamRepositoryPrefix: "ROOT",
    });
  });

  it("when a rule that was created does not validate, by deleting it", async () => {
    const required = [{ prefix: "docker-hub", registry: "docker-hub" }];
    await using workspace = await registryBefore([], { login: "rejected", required });
    await workspace.plan();
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Create docker-hub (the rule does not validate: Authentication");
    expect(workspace.rules()).toEqual([]);
  });

  it("when a renamed rule does not validate, and the old one is there all the while", async () => {
    const docker = rule("docker", "docker-hub", { credential: OFFERED });
    await using workspace = await registryBefore([docker], { login: "rejected", required: [] });
    await workspace.plan();
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Replace docker with docker-hub");
    expect(workspace.rules()).toMatchObject([{ ecrRepositoryPrefix: "docker", credential: OFFERED }]);
    const deleted = workspace.stage.callsOf("DeletePullThroughCacheRule");
    expect(deleted).toHaveLength(1);
  });

  it("or reports that ECR cannot roll it back", async () => {
    const failure = { isValid: false, failure: "role cannot be assumed" } as const;
    const bare = { ...narrowed, upstreamRepositoryPrefix: "base", validation: failure };
    await using workspace = await registryBefore([bare], { required: [] });
    await workspace.plan();
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain("failed: Update base (the rule does not validate: role cannot be assumed");
    expect(output).toContain("ECR cannot remove a credential or a role from a rule");
    expect(workspace.rules()).toMatchObject([{ role: ROLE }]);
  });
});

describe("a step that cannot be validated", () => {
  it("stays, unconfirmed, and is confirmed by another run", async () => {
    await using workspace = await registryBefore([]);
    await workspace.plan();
    const denied: Fault = {
      on: { operation: "ValidatePullThroughCacheRule" },
      effect: { kind: "deny", by: "missing-permission" },
    };
    workspace.stage.simulator.world.faults.push(denied);
    const first = await workspace.apply();
    expect(first).toMatchObject({
      code: 1,
      output: expect.stringContaining("unconfirmed: Create kubernetes"),
    });
    expect(prefixesAt(workspace)).toEqual(["kubernetes"]);
    workspace.stage.simulator.world.faults.length = 0;
    expect(await workspace.apply()).toMatchObject({ code: 0 });
    expect(workspace.stage.callsOf("CreatePullThroughCacheRule")).toHaveLength(1);
  });

  it.each([
    "Credential validation is not supported for this upstream registry",
    "The upstream registry does not require authentication; no credential to validate",
  ])("is applied without a credential where AWS calls it invalid: %s", async (failure) => {
    await using workspace = await registryBefore([]);
    await workspace.plan();
    const on = { operation: "ValidatePullThroughCacheRule" };
    workspace.stage.simulator.world.faults.push(
      { on, effect: { kind: "change", member: "isValid", value: false } },
      { on, effect: { kind: "change", member: "failure", value: failure } },
    );
    const { code, output } = await workspace.apply();
    expect(output).toContain(`applied: Create kubernetes (AWS does not validate it: ${failure.slice(0, 10)}`);
    expect(code).toBe(0);
  });

  it("is applied where AWS declines to validate such rules, which is no failure of theirs", async () => {
    await using workspace = await registryBefore([]);
    await workspace.plan();
    workspace.stage.simulator.world.validation.credentialless = "InvalidParameterException";
    const { code, output } = await workspace.apply();
    expect(code).toBe(0);
    expect(output).toContain("applied: Create kubernetes (AWS does not validate it");
  });
});
