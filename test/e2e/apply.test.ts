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

function prefixesAt(desk: RemediationRegistry): readonly string[] {
  return desk.rules().map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix);
}

describe("audit, plan, apply", () => {
  it("ends compliant for every action, leaves another run nothing to do, and can be said twice", async () => {
    await using desk = await registryBefore([updated, renamed, forbidden, narrowed]);
    expect((await desk.run("audit", "--quiet")).code).toBe(1);
    expect(await desk.plan()).toMatchObject({ code: 1 });
    const { code, output, errors } = await desk.apply();
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output).toContain(`${MEMBER} us-east-1 applied: Update docker-hub`);
    expect(output).toContain("applied: Replace red-hat by quay");
    expect(desk.rules()).toMatchObject([
      { ecrRepositoryPrefix: "base", upstreamRepositoryPrefix: "base", role: ROLE },
      { ecrRepositoryPrefix: "docker-hub", credential: OFFERED },
      { ecrRepositoryPrefix: "kubernetes", upstreamRegistryUrl: "registry.k8s.io" },
      { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" },
    ]);
    expect((await desk.run("audit", "--quiet")).code).toBe(0);
    const changing = () =>
      desk.stage.simulator.calls.filter(({ operation }) => /^(Create|Update|Delete)/.test(operation));
    const before = changing().length;
    expect((await desk.apply()).code).toBe(0);
    expect(changing()).toHaveLength(before);
    expect((await desk.plan("next.json")).code).toBe(0);
  });

  it("neither replaces nor deletes unless that is allowed", async () => {
    await using desk = await registryBefore([renamed, forbidden]);
    await desk.plan();
    const { code, output } = await desk.apply("--yes");
    expect(code).toBe(1);
    expect(output).toContain("skipped: Delete ghcr (rules are deleted only with --allow-delete)");
    expect(output).toContain(
      "skipped: Replace red-hat by quay (rules are replaced only with --allow-replace)",
    );
    expect(prefixesAt(desk)).toEqual(["ghcr", "kubernetes", "red-hat"]);
  });

  it("wants somebody to agree", async () => {
    await using desk = await registryBefore([renamed]);
    await desk.plan();
    const { code, errors } = await desk.apply("--allow-replace");
    expect(code).toBe(64);
    expect(errors).toContain("--yes");
    expect(prefixesAt(desk)).toEqual(["red-hat"]);
  });

  it("refuses a registry that somebody else changed", async () => {
    await using desk = await registryBefore([renamed]);
    await desk.plan();
    desk.stage.simulator.world.accounts[MEMBER]?.regions["us-east-1"]?.rules.push(rule("mine", "ecr-public"));
    const { code, output } = await desk.apply();
    expect(code).toBe(1);
    expect(output).toContain("rules changed since the plan was made (mine)");
    expect(prefixesAt(desk)).toEqual(["mine", "red-hat"]);
  });

  it("refuses a plan whose rules were edited by hand, and another plan's journal", async () => {
    await using desk = await registryBefore([renamed]);
    await desk.plan();
    const file = desk.planFile;
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replaceAll('"quay.io"', '"ghcr.io"'));
    expect(await desk.apply()).toMatchObject({
      code: 78,
      errors: expect.stringContaining("$.registries[0].fingerprint"),
    });
    await writeFile(file, text);
    expect((await desk.apply()).code).toBe(0);
    await writeFile(file, text.replace('"plannedAt": "', '"plannedAt": "').concat("\n"));
    expect(await desk.apply()).toMatchObject({
      code: 78,
      errors: expect.stringContaining("journal of another plan"),
    });
  });
});

describe("a step that fails is taken back", () => {
  it("when an updated rule does not validate", async () => {
    await using desk = await registryBefore([updated, rule("kubernetes", "k8s")], { login: "rejected" });
    await desk.plan();
    const { code, output } = await desk.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Update docker-hub (the rule does not validate");
    expect(desk.rules()[0]?.credential).toContain("ecr-pullthroughcache/old");
  });

  it("when a replacement is refused, by making the old rule again", async () => {
    const refusal: Fault = {
      on: { operation: "CreatePullThroughCacheRule", prefix: "base" },
      effect: { kind: "refuse", code: "UnsupportedUpstreamRegistryException", message: "no", status: 400 },
      times: 1,
    };
    await using desk = await registryBefore([narrowed, rule("kubernetes", "k8s")], { faults: [refusal] });
    await desk.plan();
    const { code, output } = await desk.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Replace base");
    expect(desk.rules()[0]).toMatchObject({ ecrRepositoryPrefix: "base", upstreamRepositoryPrefix: "ROOT" });
  });

  it("when a rule that was created does not validate, by deleting it", async () => {
    const required = [{ prefix: "docker-hub", registry: "docker-hub" }];
    await using desk = await registryBefore([], { login: "rejected", required });
    await desk.plan();
    const { code, output } = await desk.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Create docker-hub (the rule does not validate: Authentication");
    expect(desk.rules()).toEqual([]);
  });

  it("when a renamed rule does not validate, and the old one is there all the while", async () => {
    const docker = rule("docker", "docker-hub", { credential: OFFERED });
    await using desk = await registryBefore([docker], { login: "rejected", required: [] });
    await desk.plan();
    const { code, output } = await desk.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Replace docker by docker-hub");
    expect(desk.rules()).toMatchObject([{ ecrRepositoryPrefix: "docker", credential: OFFERED }]);
    const deleted = desk.stage.callsOf("DeletePullThroughCacheRule");
    expect(deleted).toHaveLength(1);
  });

  it("or it is said that ECR can not take it back", async () => {
    const failure = { isValid: false, failure: "role can not be assumed" } as const;
    const bare = { ...narrowed, upstreamRepositoryPrefix: "base", validation: failure };
    await using desk = await registryBefore([bare], { required: [] });
    await desk.plan();
    const { code, output } = await desk.apply();
    expect(code).toBe(1);
    expect(output).toContain("failed: Update base (the rule does not validate: role can not be assumed");
    expect(output).toContain("ECR takes neither a credential nor a role off a rule");
    expect(desk.rules()).toMatchObject([{ role: ROLE }]);
  });
});

describe("a step that can not be validated", () => {
  it("stays, unconfirmed, and is confirmed by another run", async () => {
    await using desk = await registryBefore([]);
    await desk.plan();
    const denied: Fault = {
      on: { operation: "ValidatePullThroughCacheRule" },
      effect: { kind: "deny", by: "missing-permission" },
    };
    desk.stage.simulator.world.faults.push(denied);
    const first = await desk.apply();
    expect(first).toMatchObject({
      code: 1,
      output: expect.stringContaining("unconfirmed: Create kubernetes"),
    });
    expect(prefixesAt(desk)).toEqual(["kubernetes"]);
    desk.stage.simulator.world.faults.length = 0;
    expect(await desk.apply()).toMatchObject({ code: 0 });
    expect(desk.stage.callsOf("CreatePullThroughCacheRule")).toHaveLength(1);
  });

  it("is applied where AWS declines to validate such rules, which is no failure of theirs", async () => {
    await using desk = await registryBefore([]);
    await desk.plan();
    desk.stage.simulator.world.validation.credentialless = "InvalidParameterException";
    const { code, output } = await desk.apply();
    expect(code).toBe(0);
    expect(output).toContain("applied: Create kubernetes (AWS does not validate it");
  });
});
