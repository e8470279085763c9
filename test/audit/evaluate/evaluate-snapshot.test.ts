import { describe, expect, it } from "vitest";
import { snapshotFileOf } from "../../../src/audit/collect/snapshot-file.ts";
import { evaluateSnapshotFile } from "../../../src/audit/evaluate/evaluate-snapshot.ts";
import { type AuditRequest, type Narrowing, wholeScope } from "../../../src/audit/plan/request.ts";
import { evaluateScope } from "../../../src/audit/run.ts";
import { present, unreadable } from "../../../src/facts/evidence.ts";
import { nothingCollected, type RegistrySnapshot, unreadSnapshot } from "../../../src/facts/snapshot.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { reportSchema } from "../../../src/schemas/report.ts";
import type { SnapshotFile } from "../../../src/schemas/snapshot-file.ts";
import {
  aClock,
  anAccount,
  anObservedRule,
  aPolicy,
  aReader,
  aRule,
  aSnapshot,
  aTarget,
  NOW,
  sourcesOf,
} from "../../support/builders.ts";
import { aReport } from "../../support/report-builders.ts";

const [HUB, MEMBER, CLOSED] = ["111122223333", "444455556666", "777788889999"];
const nothing: Narrowing = { accounts: null, regions: null, prefixes: null };

const dead = anObservedRule({ validation: present({ outcome: "invalid", failure: "expired" }) });
const quay = anObservedRule({
  rule: aRule({ ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io", credentialArn: null }),
});
const hub = aSnapshot({ target: aTarget({ account: HUB }), rules: present([dead, quay]) });
const member = aSnapshot({ target: aTarget({ account: MEMBER, region: "us-east-1" }) });
const closed = { account: CLOSED, accountName: null, reason: "not-active", detail: "SUSPENDED" } as const;

function recorded(
  registries: readonly RegistrySnapshot[],
  request: Partial<AuditRequest> = {},
): SnapshotFile {
  const { coverage } = aReport();
  const report = { startedAt: NOW.toISOString(), coverage: { ...coverage, excludedAccounts: [closed] } };
  return snapshotFileOf({ ...wholeScope("schedule"), ...request }, report, registries);
}

type Asked = { readonly narrowing?: Partial<Narrowing>; readonly policy?: Policy; readonly now?: Date };

function evaluate(snapshotFile: SnapshotFile, { narrowing = {}, policy = aPolicy(), now = NOW }: Asked = {}) {
  const loaded = { policy, digest: "sha256:0" };
  return evaluateSnapshotFile(snapshotFile, { ...nothing, ...narrowing }, loaded, {
    now,
    includePassing: false,
  });
}

const gist = ({ account, region, prefix, check }: Record<string, unknown>) =>
  `${account} ${region} ${prefix} ${check}`;

describe("a snapshot file is evaluated", () => {
  const report = evaluate(recorded([hub, member]));

  it("with every registry and every account left out", () => {
    expect(report.coverage).toMatchObject({ planned: 2, audited: 2, excluded: 1, gaps: [] });
    expect(report.summary.rules).toBe(3);
    expect(report.findings.map(gist)).toEqual([
      `${HUB} eu-west-1 docker-hub rule-validation`,
      `${MEMBER} us-east-1 docker-hub upstream-credentials`,
    ]);
  });

  it("into a report of the published shape, as of now", () => {
    const later = evaluate(recorded([hub]), { now: new Date("2026-12-24T12:00:00.000Z") });
    expect(reportSchema.parse(later)).toEqual(later);
    expect(later).toMatchObject({ trigger: "cli", startedAt: "2026-12-24T12:00:00.000Z" });
    expect(later.auditId).toMatch(/^20261224T120000Z-/);
  });

  it("as the audit that wrote it evaluated it", async () => {
    const sources = sourcesOf(
      [anAccount({ id: HUB }), anAccount({ id: MEMBER }), anAccount({ id: CLOSED, state: "SUSPENDED" })],
      {
        openRegistry: ({ account }) =>
          aReader({
            validateRule: async () => (account === MEMBER ? dead.validation : quay.validation),
            describeScanning: async () =>
              unreadable("access-denied", "ecr:GetRegistryScanningConfiguration", "no"),
          }),
      },
    );
    const policy = aPolicy({ scope: { accounts: "organization", regions: ["eu-west-1"] }, scanning: {} });
    const registries: RegistrySnapshot[] = [];
    const seen = await evaluateScope(wholeScope("cli"), policy, sources, aClock(), {
      callsPerRegistry: 2,
      confirmAfterMs: 0,
      includePassing: false,
      onProgress: () => undefined,
      onSnapshot: (snapshot) => registries.push(snapshot),
    });
    const again = evaluate(recorded(registries), { policy });
    expect(seen.findings).not.toEqual([]);
    expect(again.findings.map(({ id }) => id).toSorted()).toEqual(
      seen.findings.map(({ id }) => id).toSorted(),
    );
    expect(again.summary.findings).toEqual(seen.counts);
    expect(again.coverage.gaps).toEqual(seen.coverage.gaps);
  });

  it("by another policy than then", () => {
    const strict = aPolicy({ allowedUpstreams: [{ registry: "docker-hub" }] });
    const { findings } = evaluate(recorded([hub]), { policy: strict });
    expect(findings.map(gist)).toEqual([
      `${HUB} eu-west-1 docker-hub rule-validation`,
      `${HUB} eu-west-1 quay allowed-upstream`,
    ]);
  });

  it("whatever the policy's scope holds", () => {
    const elsewhere = aPolicy({ scope: { accounts: ["222222222222"], regions: ["ap-south-1"] } });
    expect(evaluate(recorded([hub]), { policy: elsewhere }).coverage.planned).toBe(1);
  });
});

describe("a snapshot file is evaluated in part", () => {
  const all = recorded([hub, member]);

  it.each<[string, Partial<Narrowing>, number, number]>([
    ["by account", { accounts: [MEMBER] }, 1, 1],
    ["by region", { regions: ["eu-west-1"] }, 1, 2],
    ["by prefix", { prefixes: ["quay"] }, 2, 1],
  ])("%s", (_by, narrowing, planned, rules) => {
    const report = evaluate(all, { narrowing });
    expect(report.coverage.planned).toBe(planned);
    expect(report.summary.rules).toBe(rules);
  });

  it("and leaves out accounts that were not asked for", () => {
    expect(evaluate(all, { narrowing: { accounts: [MEMBER] } }).coverage.excluded).toBe(0);
    expect(evaluate(all, { narrowing: { accounts: [CLOSED] } }).coverage).toMatchObject({
      planned: 0,
      excluded: 1,
    });
  });

  it("and no further than it was recorded", () => {
    const part = recorded([hub], { prefixes: ["quay"] });
    expect(evaluate(part).summary.rules).toBe(1);
  });

  it("and keeps an account without known regions, for any requested region", () => {
    const lost = unreadSnapshot(
      aTarget({ account: MEMBER, region: "*" }),
      unreadable("role-not-assumable", "sts:AssumeRole", "no"),
      NOW,
    );
    const { coverage } = evaluate(recorded([hub, lost]), { narrowing: { regions: ["eu-west-1"] } });
    expect(coverage).toMatchObject({ planned: 2, unreachable: 1 });
  });

  it.each<[Partial<Narrowing>, Partial<AuditRequest>, string]>([
    [{ accounts: ["222222222222", HUB] }, {}, "account 222222222222 is not in the snapshot"],
    [{ regions: ["ap-south-1"] }, {}, "region ap-south-1 is not in the snapshot"],
    [{ prefixes: ["quay", "k8s"] }, { prefixes: ["quay"] }, "prefix k8s is not in the snapshot"],
  ])("but not what was not recorded: %j", (narrowing, request, problem) => {
    expect(() => evaluate(recorded([hub], request), { narrowing })).toThrow(
      `The request cannot be carried out:\n  ${problem}`,
    );
  });
});

it("a fact that was not collected is UNKNOWN and a gap", () => {
  const bare = aSnapshot({ ...nothingCollected, rules: present([quay]) });
  const unseen = aSnapshot({
    ...nothingCollected,
    rules: present([
      { ...quay, validation: unreadable("not-collected", "ecr:ValidatePullThroughCacheRule", "x") },
    ]),
  });
  expect(evaluate(recorded([bare])).status).toBe("compliant");
  const report = evaluate(recorded([unseen]));
  expect(report.findings).toMatchObject([{ status: "UNKNOWN", check: "rule-validation" }]);
  expect(report).toMatchObject({
    status: "incomplete",
    coverage: { partial: 1, gaps: [{ reason: "not-collected" }] },
  });
});
