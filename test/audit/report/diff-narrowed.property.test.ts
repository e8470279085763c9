import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snapshotFileOf } from "../../../src/audit/collect/snapshot-file.ts";
import { evaluateSnapshotFile } from "../../../src/audit/evaluate/evaluate-snapshot.ts";
import { type Narrowing, wholeScope } from "../../../src/audit/plan/request.ts";
import { diffReports } from "../../../src/audit/report/diff-reports.ts";
import { parseReport } from "../../../src/audit/report/report-file.ts";
import { checkIds } from "../../../src/checks/index.ts";
import { withChosenChecks } from "../../../src/cli/chosen-checks.ts";
import { present } from "../../../src/facts/evidence.ts";
import type { Finding } from "../../../src/schemas/finding.ts";
import type { Report } from "../../../src/schemas/report.ts";
import { anObservedRule, aPolicy, aRule, aSnapshot, aTarget, NOW } from "../../support/builders.ts";
import { aReport } from "../../support/report-builders.ts";

const accounts = ["111122223333", "444455556666"];
const regions = ["eu-west-1", "us-east-1"];
const hosts = ["quay.io", "registry.k8s.io", "registry.example.com", "evil.example.com"];

/** Rules by prefix, of which some have another upstream elsewhere, a prefix that is not allowed, or do not work. */
const rules = fc.uniqueArray(
  fc.record({
    ecrRepositoryPrefix: fc.constantFrom("quay", "quay/inner", "k8s", "ROOT", "odd_one"),
    upstreamRegistryUrl: fc.constantFrom(...hosts),
    works: fc.boolean(),
  }),
  { maxLength: 4, selector: ({ ecrRepositoryPrefix }) => ecrRepositoryPrefix },
);

const fleet = fc.array(rules, { minLength: 4, maxLength: 4 });

const narrowings: fc.Arbitrary<Narrowing> = fc.record({
  accounts: fc.option(fc.subarray(accounts, { minLength: 1 })),
  regions: fc.option(fc.subarray(regions, { minLength: 1 })),
  prefixes: fc.option(fc.subarray(["quay", "k8s/", "ROOT"], { minLength: 1 })),
});

const choices = fc.option(
  fc.subarray(["allowed-upstream", "root-prefix", "rule-validation", "fleet-consistency"], { minLength: 1 }),
);

const policy = aPolicy({ allowedUpstreams: [{ registry: "quay", prefixes: ["quay"] }, { registry: "k8s" }] });
const nothing: Narrowing = { accounts: null, regions: null, prefixes: null };

type Fleet = readonly (readonly {
  readonly ecrRepositoryPrefix: string;
  readonly upstreamRegistryUrl: string;
  readonly works: boolean;
}[])[];

/** Evaluates a fleet of two accounts in two regions. */
function audit(registries: Fleet, narrowing: Narrowing, check: readonly string[] | null): Report {
  const { coverage } = aReport();
  const snapshots = registries.map((held, at) =>
    aSnapshot({
      target: aTarget({ account: accounts[at % 2] ?? "", region: regions[Math.floor(at / 2)] ?? "" }),
      rules: present(
        held.map(({ works, ...rule }) =>
          anObservedRule({
            rule: aRule({ ...rule, credentialArn: null }),
            ...(works ? {} : { validation: present({ outcome: "invalid" as const, failure: "expired" }) }),
          }),
        ),
      ),
    }),
  );
  const report = { startedAt: NOW.toISOString(), coverage: { ...coverage, excludedAccounts: [] } };
  const file = snapshotFileOf(wholeScope("cli"), report, snapshots);
  const loaded = withChosenChecks({ policy, digest: "sha256:0" }, { check: check ?? [], skipCheck: [] });
  const found = evaluateSnapshotFile(file, narrowing, loaded, { now: NOW, includePassing: false });
  return parseReport(JSON.stringify(found), "report.json");
}

const fails = ({ findings }: Report) =>
  new Set(findings.flatMap(({ id, status }) => (status === "FAIL" ? [id] : [])));

describe("a comparison with a narrowed audit", () => {
  it("calls nothing resolved that still fails, and nothing that was not looked at", () => {
    fc.assert(
      fc.property(fleet, fleet, narrowings, choices, (before, after, narrowing, check) => {
        const narrowed = audit(after, narrowing, check);
        const whole = fails(audit(after, nothing, null));
        const { resolved, unseen } = diffReports(audit(before, nothing, null), narrowed);
        for (const finding of resolved) {
          expect(whole).not.toContain(finding.id);
          expect(isOutside(finding, narrowing, check), finding.id).toBe(false);
        }
        // Of what was looked at, nothing is left open.
        for (const finding of unseen) expect(isOutside(finding, narrowing, check), finding.id).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("says what the audit was narrowed to", () => {
    const empty = [[], [], [], []];
    expect(audit(empty, nothing, null).narrowedTo).toBeNull();
    const narrowing = { accounts: ["111122223333"], regions: null, prefixes: ["quay"] };
    expect(audit(empty, narrowing, ["root-prefix"]).narrowedTo).toEqual({
      ...narrowing,
      checks: ["root-prefix"],
    });
  });

  it("counts a check that the policy no longer asks for as not looked at", () => {
    const held: Fleet = [
      [{ ecrRepositoryPrefix: "ROOT", upstreamRegistryUrl: "quay.io", works: true }],
      [],
      [],
      [],
    ];
    const before = audit(held, nothing, null);
    const others = checkIds.filter((id) => id !== "root-prefix");
    const after = { ...audit([[], [], [], []], nothing, others), narrowedTo: null };
    const diff = diffReports(before, after);
    expect(diff.unseen.map(({ check }) => check)).toEqual(["root-prefix"]);
    expect(diff.resolved.map(({ check }) => check)).not.toContain("root-prefix");
  });
});

/** Whether an audit says nothing about a finding. Written without the code of the audit. */
function isOutside(
  { account, region, prefix, check }: Finding,
  narrowing: Narrowing,
  chosen: readonly string[] | null,
) {
  const isNarrowed = Object.values(narrowing).some((names) => names !== null);
  const bare = (name: string) => name.replace(/\/$/, "");
  return (
    narrowing.accounts?.includes(account) === false ||
    narrowing.regions?.includes(region) === false ||
    (narrowing.prefixes !== null &&
      !(prefix !== null && narrowing.prefixes.map(bare).includes(bare(prefix)))) ||
    chosen?.includes(check) === false ||
    (isNarrowed && check === "fleet-consistency")
  );
}
