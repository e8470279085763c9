import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openAccumulator } from "../../../src/audit/evaluate/accumulator.ts";
import { evaluateFleetFiles } from "../../../src/audit/fleet/finalize-fleet.ts";
import { type FleetAudit, pathsOf } from "../../../src/audit/fleet/fleet-files.ts";
import { wholeScope } from "../../../src/audit/plan/request.ts";
import { StoreError } from "../../../src/audit/ports.ts";
import { checksOf } from "../../../src/checks/index.ts";
import { unreadable } from "../../../src/facts/evidence.ts";
import { type RegistrySnapshot, unreadSnapshot } from "../../../src/facts/snapshot.ts";
import { aPolicy, aRegistryOf, aTarget, NOW } from "../../support/builders.ts";
import { aFleetStorage } from "./storages.ts";

const policy = aPolicy();
const paths = pathsOf("1");

const audit: FleetAudit = {
  auditId: "1",
  startedAt: NOW.toISOString(),
  request: wholeScope("schedule"),
  dryRun: false,
  formerPrefixes: {},
  lastParts: {},
  notify: null,
  policy: { source: "policy.json", text: "{}" },
};

/** Eight registries, whose rules for the prefix `quay` do not all mean the same. */
const registries: readonly RegistrySnapshot[] = Array.from({ length: 8 }, (_nothing, index) => ({
  ...aRegistryOf({
    ecrRepositoryPrefix: "quay",
    upstreamRegistryUrl: index < 6 ? "quay.io" : "registry.k8s.io",
  }),
  target: aTarget({ account: String(100_000_000_000 + index) }),
}));

const excluded = {
  account: "999999999999",
  accountName: null,
  reason: "not-active",
  detail: "SUSPENDED",
} as const;
const denied = unreadSnapshot(
  aTarget({ account: "888888888888", region: "*" }),
  unreadable("access-denied", "account:ListRegions", "denied"),
  NOW,
);

type Batches = readonly (readonly RegistrySnapshot[])[];

/** The work of an audit of all registries, as its functions leave it. */
function workOf(batches: Batches, more: Readonly<Record<string, unknown>> = {}) {
  const files = batches.flatMap((batch): readonly (readonly [string, unknown])[] => {
    const [first] = batch;
    return first === undefined ? [] : [[paths.batch(first.target), { registries: batch }]];
  });
  return aFleetStorage({
    [paths.targets]: registries.map(({ target }) => target),
    [paths.planOutcome]: { excludedAccounts: [excluded], unreachable: [denied] },
    ...Object.fromEntries(files),
    ...more,
  });
}

/** The evaluation of the same registries in one audit, with `lost` unread. */
function atOnce(lost: readonly RegistrySnapshot[] = []) {
  const accumulator = openAccumulator(policy, checksOf(policy), audit.request, {
    now: NOW,
    includePassing: false,
  });
  accumulator.addExcluded(excluded);
  accumulator.addSnapshot(denied);
  for (const snapshot of registries) {
    const { target } = snapshot;
    const batchFailure = unreadable("service-error", "lambda:Invoke", expect.any(String));
    accumulator.addSnapshot(lost.includes(snapshot) ? unreadSnapshot(target, batchFailure, NOW) : snapshot);
  }
  return seen(accumulator.result());
}

/** What two assessments have in common whatever order registries came in; a filter is compared by what it lets in. */
function seen({
  findings,
  auditScope: { registries: rules, inScope: _, ...auditScope },
  ...rest
}: AuditEvaluation) {
  return {
    ...rest,
    findings: findings.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    auditScope,
    rules: [...rules].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}

type AuditEvaluation = ReturnType<ReturnType<typeof openAccumulator>["result"]>;

/** Any order of all registries, cut anywhere. */
const anyBatches: fc.Arbitrary<Batches> = fc
  .tuple(
    fc.shuffledSubarray([...registries], { minLength: registries.length }),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: registries.length, maxLength: registries.length }),
  )
  .map(([order, sizes]) => {
    const rest = [...order];
    return sizes.map((size) => rest.splice(0, size)).filter((batch) => batch.length > 0);
  });

describe("what a fleet read", () => {
  it("is evaluated as in a single audit, whatever the batches", () =>
    fc.assert(
      fc.asyncProperty(anyBatches, async (batches) => {
        expect(seen(await evaluateFleetFiles(audit, policy, workOf(batches)))).toEqual(atOnce());
      }),
      { numRuns: 30 },
    ));

  it("has a gap for each registry of the batches that were lost, whichever they are", () =>
    fc.assert(
      fc.asyncProperty(anyBatches, fc.nat(), async (batches, which) => {
        const lost = batches[which % batches.length] ?? [];
        const left = batches.filter((batch) => batch !== lost);
        const evaluation = await evaluateFleetFiles(audit, policy, workOf(left));
        expect(evaluation.coverage).toMatchObject({ planned: 9, unreachable: lost.length + 1 });
        expect(evaluation.coverage).toEqual(atOnce(lost).coverage);
      }),
      { numRuns: 30 },
    ));

  it("counts each registry once, even if it is in several batches", async () => {
    const again = { "fleet/1/batches/again.json": { registries } };
    expect(seen(await evaluateFleetFiles(audit, policy, workOf([registries], again)))).toEqual(atOnce());
  });

  it("does not count what was not planned", async () => {
    const stranger = { ...aRegistryOf({}), target: aTarget({ account: "777777777777" }) };
    const evaluation = await evaluateFleetFiles(audit, policy, workOf([[...registries, stranger]]));
    expect(seen(evaluation)).toEqual(atOnce());
  });

  it.each([
    ["the registries to read", { [paths.targets]: [{}] }, /targets\.json is damaged or from another version/],
    [
      "what planning found out",
      { [paths.planOutcome]: "…" },
      /foreknown\.json is damaged or from another version/,
    ],
    [
      "a batch",
      { [`${paths.batches}/a.json`]: { registries: [{}] } },
      /a\.json is damaged or from another version/,
    ],
  ])("cannot be evaluated if %s cannot be read", async (_what, spoiled, message) => {
    const evaluating = evaluateFleetFiles(audit, policy, workOf([registries], spoiled));
    await expect(evaluating).rejects.toThrow(StoreError);
    await expect(evaluating).rejects.toThrow(message);
  });

  it("cannot be evaluated if the files are gone", async () => {
    await expect(evaluateFleetFiles(audit, policy, aFleetStorage())).rejects.toThrow(
      /foreknown\.json does not exist \(any more\)/,
    );
  });
});
