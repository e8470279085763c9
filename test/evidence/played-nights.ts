import fc from "fast-check";
import { clamped } from "../../src/audit/compare/clamp.ts";
import { compareFindings } from "../../src/audit/compare/findings.ts";
import type { AuditScope } from "../../src/audit/compare/scope.ts";
import type { Delivery } from "../../src/audit/deliver/deliver.ts";
import type { EvaluatedFinding } from "../../src/audit/evaluate/collect-findings.ts";
import { recordOf } from "../../src/audit/report/history.ts";
import { chained } from "../../src/audit/state/chain.ts";
import { persistState } from "../../src/audit/state/persist-state.ts";
import { severities } from "../../src/schemas/finding.ts";
import type { AuditState } from "../../src/schemas/state.ts";
import { aFinding, aGap, aReport } from "../support/report-builders.ts";
import { aState } from "../support/state-builders.ts";
import { memoryFiles } from "./chained-store.ts";

/** The accounts with findings: two each. */
export const accounts = ["111122223333", "222233334444", "333344445555"] as const;
const region = "eu-west-1";
export const notifiers = ["SNS topic digests", "Slack"] as const;
/** Which findings there can be, by their number. */
export const numbers = [0, 1, 2, 3, 4, 5] as const;
export const accountOf = (which: number) => accounts[Math.floor(which / 2)] ?? accounts[0];
/** A stricter policy makes each finding worse. */
export const severityOf = (which: number, policy: number) =>
  severities[Math.max(0, (which % severities.length) - (policy === 2 ? 1 : 0))] ?? "low";
export const requirementsOf = (which: number) => ["own-all", `own-${which % 3}`];
export const policyOf = (policy: number) => ({ version: 1, name: `p${policy}`, strict: policy === 2 });
export const waiverOf = (which: number) => ({
  reason: `reason ${which % 2}`,
  owner: "team-a",
  ticket: null,
  expires: "2027-01-31",
});
export const spareWaiver = { ...waiverOf(0), reason: "spare" };

/** What one audit is, sees and tells. */
const audit = fc.record({
  /** Hours after the time of its round. */
  offset: fc.integer({ min: -9, max: 9 }),
  trigger: fc.constantFrom("schedule", "event", "cli"),
  /** The number of the only account that it covers. */
  narrowed: fc.option(fc.nat(2), { freq: 3 }),
  seen: fc.array(fc.constantFrom("fail", "fail", "pass", "waived"), { minLength: 6, maxLength: 6 }),
  unreadable: fc.array(fc.constantFrom(false, false, false, true), { minLength: 3, maxLength: 3 }),
  policy: fc.nat(2),
  excluded: fc.nat(3),
  audited: fc.nat(40),
  partial: fc.nat(2),
  /** By notifier: the new alerts, and whether they are delivered. */
  told: fc.array(fc.record({ asked: fc.boolean(), arrives: fc.boolean(), news: fc.nat(3) }), {
    minLength: 2,
    maxLength: 2,
  }),
  hasSpareWaiver: fc.boolean(),
  /** False: it stores its report, and ends before it delivers and stores the state. */
  ends: fc.constantFrom(true, true, true, true, false),
});

/** Audits that run at once: all read the state before any of them stores a report. */
const round = fc.record({
  /** Hours since the round before. The clock may jump back. */
  hours: fc.integer({ min: -60, max: 70 }),
  audits: fc.oneof(
    { weight: 4, arbitrary: fc.array(audit, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(audit, { minLength: 2, maxLength: 3 }) },
  ),
  lastEndsFirst: fc.boolean(),
});

/** A history of audits. */
export const rounds = fc.array(round, { minLength: 1, maxLength: 14 });

type Drawn = typeof rounds extends fc.Arbitrary<infer Rounds> ? Rounds : never;
type DrawnAudit = Drawn[number]["audits"][number];

/** An audit as it was played. */
export type PlayedAudit = DrawnAudit & { readonly auditId: string; readonly startedAt: string };

/** Rounds as they were played; `ended` are the audits that stored the state, in that order. */
export type PlayedRound = { readonly audits: readonly PlayedAudit[]; readonly ended: readonly PlayedAudit[] };

/** Whether an audit looks at a finding, and could read its registry. */
export const looksAt = ({ narrowed }: DrawnAudit, which: number) =>
  narrowed === null || accounts[narrowed] === accountOf(which);
export const canRead = ({ unreadable }: DrawnAudit, which: number) =>
  unreadable[accounts.indexOf(accountOf(which))] !== true;

/** Plays a history on a store. The auditor's own functions compare, chain and store. */
export async function played(drawn: Drawn) {
  const memory = memoryFiles();
  const history: PlayedRound[] = [];
  let time = Date.UTC(2026, 9, 10, 2);
  let latest = time;
  let count = 0;
  let wasCut = false;
  for (const { hours, audits, lastEndsFirst } of drawn) {
    // Nothing says when an audit that did not end was, but the clock.
    time = wasCut ? latest + (Math.abs(hours) + 10) * 3_600_000 : time + hours * 3_600_000;
    wasCut = audits.some(({ ends }) => !ends);
    const here = audits.map((one): PlayedAudit => {
      count += 1;
      const startedAt = new Date(time + one.offset * 3_600_000).toISOString();
      latest = Math.max(latest, Date.parse(startedAt));
      const auditId = `${startedAt.replace(/[-:]|\.\d+/g, "")}-${count.toString(16).padStart(8, "0")}`;
      return { ...one, auditId, startedAt };
    });
    const running = [];
    for (const one of here) running.push({ one, audit: await started(memory, one) });
    for (const { audit } of running) await audit.keep();
    const ending = running.filter(({ one }) => one.ends);
    if (lastEndsFirst) ending.reverse();
    for (const { audit } of ending) await audit.end();
    history.push({ audits: here, ended: ending.map(({ one }) => one) });
  }
  return { memory, history };
}

async function started({ store }: ReturnType<typeof memoryFiles>, one: PlayedAudit) {
  const stored = await store.readState();
  const now = new Date(one.startedAt);
  const found = evaluated(one);
  const compared = (state: AuditState | null) =>
    compareFindings(found, scopeOf(one), state ?? { findings: {}, waived: {} }, {
      now,
      remindAfterDays: 0,
      escalate: null,
    });
  const known = stored === null ? null : clamped(stored.state, now);
  const policy = policyOf(one.policy);
  const files = [{ name: "policy.json", contentType: "application/json", text: JSON.stringify(policy) }];
  const report = chained(
    aReport({
      auditId: one.auditId,
      startedAt: one.startedAt,
      finishedAt: one.startedAt,
      trigger: one.trigger,
      policy: { name: policy.name, digest: `sha256:${one.policy}` },
      narrowedTo:
        one.narrowed === null
          ? null
          : { accounts: [accounts[one.narrowed] ?? ""], regions: null, prefixes: null, checks: null },
      findings: compared(known).findings,
      waivers: {
        expired: [],
        expiring: [],
        unused: one.hasSpareWaiver ? [{ ...spareWaiver, check: "*" }] : [],
      },
      coverage: coverageOf(one),
    }),
    stored?.state ?? null,
    files,
  );
  const deliveries = notifiers.flatMap((name, index): Delivery[] => {
    const told = one.told[index];
    if (told?.asked !== true) return [];
    const alerts = Array.from({ length: told.news }, (_none, number) => {
      const id = `${one.auditId} ${index} ${number}`;
      return aFinding({ id, eventId: id });
    });
    const owed = stored?.state.pending[name]?.findings ?? [];
    const notifier = { name, deliver: async () => undefined, listeners: null };
    const share = { ...report, findings: [...owed, ...alerts], drift: [] };
    return [
      { notifier, report: share, ...(told.arrives ? {} : { error: new Error("The channel is closed.") }) },
    ];
  });
  let link: Awaited<ReturnType<typeof store.keepReport>> | null = null;
  return {
    keep: async () => {
      link = await store.keepReport(report, files);
    },
    end: async () => {
      const record = recordOf(report, one.narrowed === null, `/store/audits/${one.auditId}`);
      const { pending: _owed, history: _past, chain: _end, ...rest } = aState(aMoment(one));
      const compareWith = (state: AuditState | null) => ({
        next: { ...rest, ...compared(state).next },
        addressees: [],
      });
      const kept = link === null ? null : { report, ...link };
      await persistState({ store, stored, deliveries, record, link: kept, compareWith });
    },
  };
}

function aMoment({ auditId, startedAt }: PlayedAudit) {
  return { auditId, updatedAt: startedAt };
}

function evaluated(one: PlayedAudit): readonly EvaluatedFinding[] {
  return numbers.flatMap((which) => {
    if (!looksAt(one, which) || !canRead(one, which) || one.seen[which] === "pass") return [];
    const {
      firstSeenAt: _1,
      lastSeenAt: _2,
      transition: _3,
      eventId: _4,
      flapping: _5,
      stale: _6,
      ...finding
    } = aFinding({
      id: `f-${which}`,
      account: accountOf(which),
      prefix: `prefix-${which}`,
      severity: severityOf(which, one.policy),
      requirements: requirementsOf(which),
      ...(one.seen[which] === "waived" ? { status: "WAIVED", waiver: waiverOf(which) } : {}),
    });
    return [finding];
  });
}

function scopeOf(one: PlayedAudit): AuditScope {
  const covered = accounts.filter((_account, index) => one.narrowed === null || one.narrowed === index);
  return {
    wholeScope: one.narrowed === null,
    narrowing: { accounts: one.narrowed === null ? null : covered, regions: null, prefixes: null },
    inScope: () => true,
    checksLeftOut: new Set(),
    registries: new Map(
      covered.map((account) => [
        `${account}/${region}`,
        one.unreadable[accounts.indexOf(account)] === true ? null : [],
      ]),
    ),
  };
}

function coverageOf(one: PlayedAudit) {
  const covered = accounts.filter((_account, index) => one.narrowed === null || one.narrowed === index);
  const unreadable = covered.filter((account) => one.unreadable[accounts.indexOf(account)] === true);
  const { audited, partial, excluded } = one;
  return {
    planned: audited + partial + unreadable.length,
    audited,
    partial,
    unreachable: unreadable.length,
    excluded,
    dropped: false,
    gaps: [
      ...unreadable.map((account) => aGap({ account, region })),
      ...Array.from({ length: partial }, (_none, index) =>
        aGap({ account: `99990000000${index}`, state: "partial", reason: "throttled" }),
      ),
    ],
    excludedAccounts: Array.from({ length: excluded }, (_none, index) => ({
      account: `88880000000${index}`,
      accountName: null,
      reason: index === 0 ? ("not-active" as const) : ("excluded-by-policy" as const),
      detail: "",
    })),
  };
}
