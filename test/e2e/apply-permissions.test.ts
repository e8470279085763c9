import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { PlannedRule } from "../../src/ecr/rule.ts";
import { fingerprintOf } from "../../src/remediation/plan/fingerprint.ts";
import { type RemediationPlan, remediationPlanSchema } from "../../src/schemas/remediation-plan.ts";
import type { Fault } from "../simulator/faults.ts";
import {
  forbidden,
  narrowed,
  type RemediationRegistry,
  registryBefore,
  renamed,
  updated,
} from "./support/remediation.ts";

type Registry = RemediationPlan["registries"][number];
type Change = Registry["changes"][number];

/** Edits the only registry of the workspace's plan and updates its fingerprint. */
async function edit(
  { planFile }: RemediationRegistry,
  spoil: (registry: Registry) => unknown,
): Promise<void> {
  const plan = remediationPlanSchema.parse(JSON.parse(await readFile(planFile, "utf8")));
  const [registry] = plan.registries;
  if (registry === undefined) throw new Error("the plan has no registry");
  await writeFile(planFile, JSON.stringify({ ...plan, registries: [spoil(registry)] }));
}

function changesTo(edited: (changes: readonly Change[]) => readonly unknown[]) {
  return (registry: Registry) => ({ ...registry, changes: edited(registry.changes) });
}

const quay: PlannedRule = {
  ecrRepositoryPrefix: "quay",
  upstreamRegistryUrl: "quay.io",
  upstreamRepositoryPrefix: "ROOT",
  credentialArn: null,
  customRoleArn: null,
};

function ofAction(changes: readonly Change[], action: Change["action"]): Change {
  const found = changes.find((change) => change.action === action);
  if (found === undefined) throw new Error(`the plan has no ${action}`);
  return found;
}

const tamperings: Readonly<Record<string, readonly [(registry: Registry) => unknown, string]>> = {
  "an update whose after is another rule": [
    changesTo((changes) => [{ ...ofAction(changes, "update"), after: quay }]),
    'changes[0].action is "update", but before and after describe "replace"',
  ],
  "an update of the upstream": [
    changesTo((changes) => {
      const { before, ...rest } = ofAction(changes, "update");
      return [{ ...rest, before, after: { ...before, upstreamRegistryUrl: "quay.io" } }];
    }),
    'changes[0].action is "update", but before and after describe "replace"',
  ],
  "an update that takes the credential off": [
    changesTo((changes) => {
      const { before, ...rest } = ofAction(changes, "update");
      return [{ ...rest, before, after: { ...before, credentialArn: null } }];
    }),
    'changes[0].action is "update", but before and after describe "replace"',
  ],
  "an update that changes nothing": [
    changesTo((changes) => {
      const { before, ...rest } = ofAction(changes, "update");
      return [{ ...rest, before, after: before }];
    }),
    "changes[0] changes nothing",
  ],
  "a create at a prefix that exists": [
    changesTo((changes) => {
      const create = ofAction(changes, "create");
      return [{ ...create, after: { ...quay, ecrRepositoryPrefix: "ghcr" } }];
    }),
    "changes[0].after has the prefix of another rule in the registry",
  ],
  "a deletion and a creation that replace together": [
    changesTo((changes) => [
      ofAction(changes, "delete"),
      { ...ofAction(changes, "create"), after: { ...quay, ecrRepositoryPrefix: "ghcr" } },
    ]),
    "changes[1].after has the prefix of another rule in the registry",
  ],
  "a replacement that takes another rule's place": [
    changesTo((changes) => [
      { ...ofAction(changes, "replace"), after: { ...quay, ecrRepositoryPrefix: "ghcr" } },
    ]),
    "changes[0].after has the prefix of another rule in the registry",
  ],
  "a deletion that is called an update": [
    changesTo((changes) => [{ ...ofAction(changes, "delete"), action: "update" }]),
    "changes[0].after",
  ],
  "effects of another change": [
    changesTo((changes) => [{ ...ofAction(changes, "delete"), effects: ["Nothing happens."] }]),
    "changes[0].effects do not match the change",
  ],
  "one rule that is changed twice": [
    changesTo((changes) => [ofAction(changes, "delete"), ofAction(changes, "delete")]),
    "changes[1].before is a rule that an earlier change already changes",
  ],
  "one prefix that is made twice": [
    changesTo((changes) => [ofAction(changes, "create"), ofAction(changes, "create")]),
    "changes[1].after has the same prefix as the result of an earlier change",
  ],
  "a before that is no rule of the registry": [
    changesTo((changes) => [{ ...ofAction(changes, "delete"), before: quay }]),
    "changes[0].before is not one of the registry's rules",
  ],
  "a prefix that two rules have": [
    (registry) => {
      const rules = [...registry.rules, ...registry.rules.slice(0, 1)];
      return { ...registry, rules, fingerprint: fingerprintOf(rules) };
    },
    "rules[4] has the same prefix as an earlier rule",
  ],
};

describe("a plan whose descriptions and contents differ", () => {
  it.each(Object.entries(tamperings))("is refused whole: %s", async (_name, [spoil, problem]) => {
    await using workspace = await registryBefore([updated, renamed, forbidden, narrowed]);
    await workspace.plan();
    await edit(workspace, spoil);
    const before = structuredClone(workspace.rules());
    expect(await workspace.apply()).toMatchObject({ code: 78, errors: expect.stringContaining(problem) });
    expect(workspace.rules()).toEqual(before);
  });

  it("is refused with all of its contradictions at once, and for a registry that appears twice", async () => {
    await using workspace = await registryBefore([updated, renamed, forbidden, narrowed]);
    await workspace.plan();
    const plan = remediationPlanSchema.parse(JSON.parse(await readFile(workspace.planFile, "utf8")));
    const spoilt = plan.registries.map((registry) => ({
      ...registry,
      changes: registry.changes.map((change) => ({ ...change, effects: [] })),
    }));
    await writeFile(workspace.planFile, JSON.stringify({ ...plan, registries: [...spoilt, ...spoilt] }));
    const { code, errors } = await workspace.apply();
    expect(code).toBe(78);
    expect(errors).toContain("$.registries[1] appears twice in the plan");
    expect(errors.match(/effects do not match the change/g)).toHaveLength(10);
  });

  it("and so is one whose before is not what is there", async () => {
    await using workspace = await registryBefore([forbidden]);
    await workspace.plan();
    const [live] = workspace.rules();
    if (live !== undefined) live.upstreamRegistryUrl = "quay.io";
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain("rules changed since the plan was made (ghcr)");
    expect(workspace.rules()).toHaveLength(1);
  });
});

const without = (operation: string): Fault => ({ on: { operation }, effect: { kind: "without-effect" } });

describe("only what was read back counts as applied", () => {
  it.each([
    ["Update", updated, "Update docker-hub", "ecr-pullthroughcache/old"],
    ["Create", null, "Create kubernetes", "the rule does not exist"],
    ["Delete", forbidden, "Delete ghcr", "the rule exists with upstream ghcr.io"],
  ] as const)("%s that is answered as done and changes nothing", async (verb, planned, title, seen) => {
    const faults = [without(`${verb}PullThroughCacheRule`)];
    await using workspace = await registryBefore(planned === null ? [] : [planned], { faults });
    await workspace.plan();
    const before = structuredClone(workspace.rules());
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain(`unconfirmed: ${title} (AWS reported success, but`);
    expect(output).toContain(seen);
    expect(output).not.toContain(`applied: ${title}`);
    if (verb !== "Create") expect(workspace.rules()).toEqual(expect.arrayContaining([...before]));
    workspace.stage.simulator.world.faults.length = 0;
    expect((await workspace.apply()).code).toBe(0);
  });

  it("but a rule that is replaced stays when its deletion changes nothing", async () => {
    await using workspace = await registryBefore([narrowed], {
      faults: [without("DeletePullThroughCacheRule")],
      required: [],
    });
    await workspace.plan();
    const before = structuredClone(workspace.rules());
    const { code, output } = await workspace.apply();
    expect(code).toBe(1);
    expect(output).toContain("undone: Replace base");
    expect(workspace.rules()).toEqual(before);
  });

  it("however long, up to six reads, the reads lag behind", async () => {
    const lag: Fault = {
      on: { operation: "DescribePullThroughCacheRules" },
      effect: { kind: "lag", reads: 4 },
    };
    await using workspace = await registryBefore([updated, renamed, forbidden, narrowed], { faults: [lag] });
    await workspace.plan();
    const { code, output } = await workspace.apply();
    expect({ code, unconfirmed: output.includes("unconfirmed") }).toEqual({ code: 0, unconfirmed: false });
    expect(workspace.rules().map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix)).toEqual([
      "base",
      "docker-hub",
      "kubernetes",
      "quay",
    ]);
  });

  it("and what lags for longer is unconfirmed", async () => {
    const lag: Fault = {
      on: { operation: "DescribePullThroughCacheRules" },
      effect: { kind: "lag", reads: 6 },
    };
    await using workspace = await registryBefore([], { faults: [lag] });
    await workspace.plan();
    expect(await workspace.apply()).toMatchObject({
      code: 1,
      output: expect.stringContaining("unconfirmed: Create kubernetes"),
    });
  });
});
