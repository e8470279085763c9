import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { checkIds } from "../../src/checks/index.ts";
import { lintPolicy } from "../../src/policy/lint/lint.ts";
import { policyFromSnapshot, starterPolicy } from "../../src/policy/starter.ts";
import { snapshotFileSchema } from "../../src/schemas/snapshot-file.ts";
import { smallWorld } from "../e2e/support/organization.ts";
import { rule } from "../simulator/world-builder.ts";
import { runAuditor } from "./support/run-auditor.ts";
import { setUpWorkspace } from "./support/workspace.ts";

const policySchema = z.looseObject({
  scope: z.looseObject({ accounts: z.unknown() }),
  allowedUpstreams: z.array(z.looseObject({ registry: z.string() })),
  waivers: z.array(z.looseObject({ check: z.string() })).optional(),
});

const readPolicy = async (file: string) => policySchema.parse(JSON.parse(await readFile(file, "utf8")));

/** A folder with the snapshot of an organization in which things fail. */
async function setUpSeen() {
  const workspace = await setUpWorkspace(
    smallWorld({
      rules: [
        rule("docker-hub", "docker-hub", { validation: { isValid: false, failure: "unauthorized" } }),
        rule("ROOT", "quay"),
        rule("quay", "quay"),
      ],
    }),
  );
  await workspace.audit(["--snapshot-out", "seen.json", "--collect-all"]);
  const run = (words: readonly string[]) => runAuditor(words, {}, { cwd: workspace.folder });
  return { ...workspace, run, file: join(workspace.folder, "my.json") };
}

describe("policy init", () => {
  it("writes from nothing a policy that passes lint, and its $schema works from anywhere", async () => {
    await using workspace = await setUpSeen();
    expect(await workspace.run(["policy", "init", "my.json"])).toMatchObject({ code: 0, output: "" });
    expect(await workspace.run(["policy", "lint", "my.json"])).toMatchObject({ code: 0 });
    const policy = await readPolicy(workspace.file);
    expect(policy["$schema"]).toMatch(/^https:\/\/.*\/policies\/policy\.schema\.json$/);
  });

  it("writes from a snapshot the scope and the upstreams that are in use", async () => {
    await using workspace = await setUpSeen();
    expect(await workspace.run(["policy", "init", "my.json", "--from", "seen.json"])).toMatchObject({
      code: 0,
    });
    expect(await workspace.run(["policy", "lint", "my.json"])).toMatchObject({ code: 0 });
    const policy = await readPolicy(workspace.file);
    expect(policy.allowedUpstreams).toEqual([
      { registry: "ecr-public", prefixes: ["ecr-public"] },
      { registry: "k8s", prefixes: ["k8s"] },
      { registry: "quay", prefixes: ["quay"] },
      { registry: "docker-hub", prefixes: ["docker-hub"] },
    ]);
    expect(policy.scope.accounts).toBe("organization");
    const words = ["evaluate", "--snapshot", "seen.json", "-p", "my.json", "--check", "allowed-upstream"];
    expect(await workspace.run(words)).toMatchObject({ code: 0 });
    expect((await workspace.run(["evaluate", "--snapshot", "seen.json", "-p", "my.json"])).code).toBe(1);
  });

  it("waives with --baseline what fails now, so that only what is new fails", async () => {
    await using workspace = await setUpSeen();
    const words = ["policy", "init", "my.json", "--from", "seen.json", "--baseline"];
    const { code, errors } = await workspace.run(words);
    expect({ code, errors }).toEqual({
      code: 0,
      errors: expect.stringMatching(/^Wrote my\.json, with \d+ waivers to work off and to assign\.\nNext: /),
    });
    expect(await workspace.run(["policy", "lint", "my.json"])).toMatchObject({ code: 0 });
    const { waivers = [] } = await readPolicy(workspace.file);
    expect(waivers.map(({ check }) => check)).toContain("root-prefix");
    expect(await workspace.run(["evaluate", "--snapshot", "seen.json", "-p", "my.json"])).toMatchObject({
      code: 0,
    });
  });

  it("replaces no file", async () => {
    await using workspace = await setUpSeen();
    const before = await stat(workspace.policyFile);
    const { code, errors } = await workspace.run(["policy", "init", workspace.policyFile]);
    expect(code).toBe(64);
    expect(errors).toContain("exists already, and is left as it is: name another file");
    expect((await stat(workspace.policyFile)).mtimeMs).toBe(before.mtimeMs);
  });

  it("writes to standard output, and refuses a baseline of nothing", async () => {
    const written = await runAuditor(["policy", "init", "-"]);
    expect(JSON.parse(written.output)).toEqual(starterPolicy());
    expect((await runAuditor(["policy", "init", "--baseline"])).code).toBe(64);
  });
});

it("the policy of any snapshot passes lint", async () => {
  await using workspace = await setUpSeen();
  const text = await readFile(join(workspace.folder, "seen.json"), "utf8");
  const seen = snapshotFileSchema.parse(JSON.parse(text));
  const [registry] = seen.registries;
  if (registry?.rules.state !== "present" || registry.rules.value[0] === undefined)
    throw new Error("no rule");
  const [observed] = registry.rules.value;
  const { rules } = registry;
  const urls = {
    "docker-hub": "registry-1.docker.io",
    "azure-container-registry": "contoso.azurecr.io",
    ecr: "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    new: "new.example.com",
  };
  const rulesArbitrary = fc.array(
    fc.tuple(
      fc.constantFrom(...Object.entries(urls)),
      fc.oneof(fc.constant("ROOT"), fc.stringMatching(/^[a-z]{2}[a-z0-9/_.-]{0,20}[a-z0-9]\/?$/)),
    ),
  );
  fc.assert(
    fc.property(rulesArbitrary, (drawn) => {
      const value = drawn.map(([[upstreamRegistry, upstreamRegistryUrl], ecrRepositoryPrefix]) => ({
        ...observed,
        rule: { ...observed.rule, upstreamRegistry, upstreamRegistryUrl, ecrRepositoryPrefix },
      }));
      const file = policyFromSnapshot({ ...seen, registries: [{ ...registry, rules: { ...rules, value } }] });
      const now = new Date("2026-11-28T00:00:00Z");
      expect(lintPolicy(JSON.stringify(file), "policy.json", checkIds, now).problems).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
