import { readFile, rm, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import * as z from "zod";
import type { PlannedRule } from "../../src/ecr/rule.ts";
import { effectsOf } from "../../src/remediation/plan/change.ts";
import { fingerprintOf } from "../../src/remediation/plan/fingerprint.ts";
import { operationOf } from "../../src/remediation/rule-operation.ts";
import { type RuleChange, remediationPlanSchema } from "../../src/schemas/remediation-plan.ts";
import type { Fault } from "../simulator/faults.ts";
import type { Rule } from "../simulator/world.ts";
import { MEMBER } from "./support/organization.ts";
import {
  forbidden,
  narrowed,
  OFFERED,
  ROLE,
  registryBefore,
  renamed,
  updated,
} from "./support/remediation.ts";

const initial = [updated, renamed, forbidden, narrowed];

const parts: fc.Arbitrary<Partial<PlannedRule>> = fc.record(
  {
    ecrRepositoryPrefix: fc.constantFrom("ghcr", "quay", "base", "docker-hub", "red-hat", "new"),
    upstreamRegistryUrl: fc.constantFrom("quay.io", "public.ecr.aws", "ghcr.io", "registry-1.docker.io"),
    upstreamRepositoryPrefix: fc.constantFrom("ROOT", "base"),
    credentialArn: fc.constantFrom(null, OFFERED),
    customRoleArn: fc.constantFrom(null, ROLE),
  },
  { requiredKeys: [] },
);

const index = fc.nat({ max: 4 });
const side = fc.constantFrom("before" as const, "after" as const);

/** One thing that somebody does to a plan by hand. */
const mutation = fc.oneof(
  fc.record({
    how: fc.constant("word" as const),
    index,
    word: fc.constantFrom("create", "update", "replace", "delete"),
  }),
  fc.record({ how: fc.constant("parts" as const), index, side, parts }),
  fc.record({ how: fc.constant("none" as const), index, side }),
  fc.record({ how: fc.constant("other" as const), index, side, from: index, fromSide: side }),
  fc.record({ how: fc.constant("twice" as const), index }),
  fc.record({ how: fc.constant("rule" as const), index, parts }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;
type Loose = Omit<RuleChange, "action" | "before" | "after" | "effects"> & {
  action: string;
  effects: readonly string[];
  before: PlannedRule | null;
  after: PlannedRule | null;
};

function mutate(rules: PlannedRule[], changes: Loose[], one: Mutation): void {
  if (one.how === "rule") {
    const rule = rules[one.index];
    if (rule !== undefined) rules[one.index] = { ...rule, ...one.parts };
    return;
  }
  const change = changes[one.index];
  if (change === undefined) return;
  if (one.how === "word") change.action = one.word;
  else if (one.how === "twice") changes.push(structuredClone(change));
  else if (one.how === "none") change[one.side] = null;
  else if (one.how === "other") change[one.side] = structuredClone(changes[one.from]?.[one.fromSide] ?? null);
  else {
    const rule = change[one.side];
    if (rule !== null) change[one.side] = { ...rule, ...one.parts };
  }
}

/** Makes all descriptions match the contents, or only the effects, as an attacker who knows the checks would. */
function truthful(change: Loose, words: "all" | "effects"): void {
  const operation = operationOf(change.before, change.after);
  if (operation === null) return;
  if (words === "all") change.action = operation.kind;
  change.effects = effectsOf(operation);
}

const troubles: Fault[] = (["Create", "Update"] as const).map((verb) => ({
  on: { operation: `${verb}PullThroughCacheRule` },
  effect: { kind: "without-effect" },
  probability: 0.5,
}));

const journalLine = z.object({ step: z.number(), event: z.string() });

function asPlanned(rule: Rule | undefined): unknown {
  if (rule === undefined) return null;
  const { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix, credential, role } = rule;
  return { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix, credential, role };
}

function wanted(rule: PlannedRule | null): unknown {
  if (rule === null) return null;
  const { credentialArn, customRoleArn, ...rest } = rule;
  return { ...rest, credential: credentialArn ?? undefined, role: customRoleArn ?? undefined };
}

it("no edited plan deletes or replaces without leave, and what is called applied is so", async () => {
  await using workspace = await registryBefore(initial, { faults: troubles });
  await workspace.plan();
  const original = remediationPlanSchema.parse(JSON.parse(await readFile(workspace.planFile, "utf8")));
  const region = workspace.stage.simulator.world.accounts[MEMBER]?.regions["us-east-1"];
  const journal = `${workspace.planFile}.journal`;
  const seen = { applied: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutation, { maxLength: 3 }),
      fc.constantFrom("all" as const, "effects" as const, "none" as const),
      fc.boolean(),
      async (mutations, words, isFitting) => {
        if (region === undefined) throw new Error("the world has no such registry");
        region.rules.splice(0, region.rules.length, ...structuredClone(initial));
        const before = new Map(region.rules.map((rule) => [rule.ecrRepositoryPrefix, structuredClone(rule)]));
        const [registry] = structuredClone(original.registries);
        if (registry === undefined) throw new Error("the plan has no registry");
        const rules = [...registry.rules];
        const changes = registry.changes.map((change): Loose => ({ ...change }));
        for (const one of mutations) mutate(rules, changes, one);
        if (words !== "none") for (const change of changes) truthful(change, words);
        const fingerprint = isFitting ? fingerprintOf(rules) : registry.fingerprint;
        const plan = { ...original, registries: [{ ...registry, rules, changes, fingerprint }] };
        await writeFile(workspace.planFile, JSON.stringify(plan));
        await rm(journal, { force: true });
        const { code } = await workspace.apply("--yes");
        expect([0, 1, 78]).toContain(code);
        for (const [prefix, old] of before) {
          const now = region.rules.find((rule) => rule.ecrRepositoryPrefix === prefix);
          expect(now).toMatchObject({
            createdAt: old.createdAt,
            upstreamRegistryUrl: old.upstreamRegistryUrl,
            upstreamRepositoryPrefix: old.upstreamRepositoryPrefix,
          });
        }
        if (code === 78) {
          seen.refused += 1;
          return;
        }
        const lines = (await readFile(journal, "utf8"))
          .trim()
          .split("\n")
          .filter((line) => line !== "");
        const entries = lines.map((line) => journalLine.parse(JSON.parse(line)));
        for (const { step } of entries.filter(({ event }) => event === "applied")) {
          seen.applied += 1;
          const after = changes[step]?.after ?? null;
          const live = region.rules.find((rule) => rule.ecrRepositoryPrefix === after?.ecrRepositoryPrefix);
          expect(asPlanned(live)).toEqual(wanted(after));
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(seen.applied).toBeGreaterThan(0);
  expect(seen.refused).toBeGreaterThan(0);
}, 120_000);
