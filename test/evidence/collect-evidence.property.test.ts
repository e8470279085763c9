import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectEvidence } from "../../src/evidence/collect-evidence.ts";
import { evidenceCsv } from "../../src/formats/evidence/csv.ts";
import { evidenceHtml } from "../../src/formats/evidence/html.ts";
import type { Evidence } from "../../src/schemas/evidence.ts";
import { type Finding, severities } from "../../src/schemas/finding.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { memoryFiles } from "./chained-store.ts";
import { counted } from "./count-nights.ts";
import { type PlayedRound, played, rounds } from "./played-nights.ts";

/** For each night whether it was audited, and for each of its findings whether it fails. */
const nights = fc.array(
  fc.record({ audited: fc.boolean(), failing: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }) }),
  { minLength: 1, maxLength: 25 },
);

type Nights = readonly { readonly audited: boolean; readonly failing: readonly boolean[] }[];

const timeOf = (night: number) => new Date(Date.UTC(2026, 9, 1 + night, 2)).toISOString();
const dayOf = (night: number) => timeOf(night).slice(0, 10);
const severityOf = (which: number) => severities[which % severities.length] ?? "low";

/** Stores the reports of the nights that were audited, as an auditor with a memory writes them. */
async function stored(played: Nights) {
  const memory = memoryFiles();
  const since = new Map<number, string>();
  for (const [night, { audited, failing }] of played.entries()) {
    if (!audited) continue;
    const startedAt = timeOf(night);
    const findings = failing.flatMap((fails, which): Finding[] => {
      const before = since.get(which);
      if (!fails && before === undefined) return [];
      const firstSeenAt = before ?? startedAt;
      if (fails) since.set(which, firstSeenAt);
      else since.delete(which);
      const common = { id: `f-${which}`, severity: severityOf(which), firstSeenAt };
      if (!fails) return [aFinding({ ...common, status: "PASS", transition: "resolved" })];
      return [aFinding({ ...common, transition: before === undefined ? "opened" : "unchanged" })];
    });
    const auditId = `${startedAt.replace(/[-:]|\.\d+/g, "")}-${night.toString(16).padStart(8, "0")}`;
    await memory.store.keepReport(aReport({ auditId, startedAt, findings }), []);
  }
  return memory;
}

/** The spans of nights in which one finding failed, counted from the nights alone. */
function spansOf(played: Nights, which: number) {
  const audited = played.flatMap(({ failing, audited: is }, night) =>
    is ? [{ night, fails: failing[which] }] : [],
  );
  const spans: { opened: number; resolved: number | null }[] = [];
  for (const { night, fails } of audited) {
    const last = spans.at(-1);
    if (fails === true && (last === undefined || last.resolved !== null)) {
      spans.push({ opened: night, resolved: null });
    } else if (fails === false && last !== undefined) last.resolved ??= night;
  }
  return spans;
}

describe("the evidence of a period", () => {
  it("counts what an independent count of the nights counts", async () => {
    await fc.assert(
      fc.asyncProperty(nights, async (played) => {
        const memory = await stored(played);
        const period = { from: dayOf(0), to: dayOf(played.length - 1) };
        const evidence = await collectEvidence(memory.stored, period);
        expect(evidence.nights.missing).toEqual(
          played.flatMap(({ audited }, night) => (audited ? [] : [dayOf(night)])),
        );
        const lastAudited = played.findLastIndex(({ audited }) => audited);
        const spans = [0, 1, 2, 3, 4, 5].flatMap((which) =>
          spansOf(played, which).map(({ opened, resolved }) => ({
            id: `f-${which}`,
            severity: severityOf(which),
            opened: timeOf(opened),
            resolved: resolved === null ? null : timeOf(resolved),
            daysOpen: (resolved ?? lastAudited) - opened,
          })),
        );
        const found = evidence.findings.map(({ id, severity, opened, resolved, daysOpen }) => ({
          id,
          severity,
          opened,
          resolved,
          daysOpen,
        }));
        expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(
          new Set(spans.map((one) => JSON.stringify(one))),
        );
        expect(found).toHaveLength(spans.length);
        for (const { severity, resolved, open, worstDays, medianDays } of evidence.resolution) {
          const ofSeverity = spans.filter((span) => span.severity === severity);
          const taken = ofSeverity.filter((span) => span.resolved !== null).map(({ daysOpen }) => daysOpen);
          expect({ resolved, open }).toEqual({
            resolved: taken.length,
            open: ofSeverity.length - taken.length,
          });
          expect(worstDays).toBe(taken.length === 0 ? null : Math.max(...taken));
          // As many are above the median as below it.
          const above = taken.filter((days) => days > (medianDays ?? 0)).length;
          const below = taken.filter((days) => days < (medianDays ?? 0)).length;
          expect(Math.max(above, below)).toBeLessThanOrEqual(taken.length / 2);
        }
        expect(await collectEvidence(memory.stored, period)).toEqual(evidence);
      }),
      { numRuns: 100 },
    );
  });
});

/** How much of what is played the period leaves out, in days, at its beginning and its end. */
const cuts = fc.record({ first: fc.integer({ min: -2, max: 6 }), last: fc.integer({ min: -6, max: 2 }) });

function periodOf(history: readonly PlayedRound[], { first, last }: { first: number; last: number }) {
  const times = history.flatMap(({ audits }) => audits.map(({ startedAt }) => Date.parse(startedAt)));
  const dayAfter = (time: number, days: number) =>
    new Date(time + days * 86_400_000).toISOString().slice(0, "2026-10-02".length);
  return { from: dayAfter(Math.min(...times), first), to: dayAfter(Math.max(...times), last) };
}

/** Compares every number of the evidence with the count of what was played. */
function expectCounted(evidence: Evidence, count: ReturnType<typeof counted>) {
  const { nights: found, audits, findings, resolution, requirements, waivers, policies, limits } = evidence;
  expect(found).toEqual({
    days: count.days,
    audited: count.days - count.missing.length,
    missing: count.missing,
  });
  expect(audits.map(({ narrowedTo: _1, sha256: _2, status: _3, ...one }) => one)).toEqual(count.audits);
  const spanOf = ({ id, severity, opened, resolved, end, stale, daysOpen }: (typeof findings)[number]) =>
    JSON.stringify([id, opened, resolved, end, stale, daysOpen, severity]);
  const expected = count.spans.map(({ id, severity, opened, resolved, end, stale, daysOpen }) =>
    JSON.stringify([id, opened, resolved, end, stale, daysOpen, severity]),
  );
  expect(findings.map(spanOf).toSorted()).toEqual(expected.toSorted());
  expect(resolution).toEqual(count.resolution);
  const drawn = new Set(count.requirements.map(({ requirement }) => requirement));
  const rows = requirements.filter(({ requirement }) => drawn.has(requirement));
  expect(rows.map(({ checks: _checks, ...row }) => row)).toEqual(
    count.requirements.filter(({ findings: many }) => many > 0),
  );
  expect(
    requirements.filter(({ requirement, findings: many }) => many > 0 && !drawn.has(requirement)),
  ).toEqual([]);
  expect(
    waivers.map(({ reason, findings: accepted, firstUsed, lastUsed }) => ({
      reason,
      findings: accepted,
      firstUsed,
      lastUsed,
    })),
  ).toEqual(count.waivers.filter(({ isListed }) => isListed).map(({ isListed: _is, ...waiver }) => waiver));
  expect(
    policies.map(({ digest, audits: many, from, to, changes }) => ({
      digest,
      audits: many,
      from,
      to,
      sections: changes?.map(({ section }) => section),
    })),
  ).toEqual(count.policies);
  expect(evidence.unread.map(({ accountName: _name, ...one }) => one)).toEqual(count.unread);
  const gaps = limits.find((limit) => limit.includes("could not be read in full"));
  expect(Number(/\d+/.exec(gaps ?? "0")?.[0])).toBe(count.withGaps);
  const before = limits.find((limit) => limit.includes("first seen before the period"));
  expect(Number(/\d+/.exec(before ?? "0")?.[0])).toBe(count.before);
}

const toldIn = (deliveries: readonly { auditId: string; notifier: string; alerts: number; owed: number }[]) =>
  deliveries
    .map(({ auditId, notifier, alerts, owed }) => JSON.stringify([auditId, notifier, alerts, owed]))
    .toSorted();

describe("the evidence of any history", () => {
  it("has the numbers of an independent count", async () => {
    await fc.assert(
      fc.asyncProperty(rounds, cuts, async (drawn, cut) => {
        const { memory, history } = await played(drawn);
        const period = periodOf(history, cut);
        fc.pre(period.from <= period.to);
        const evidence = await collectEvidence(memory.stored, period);
        const count = counted(history, { ...period, isStored: () => true });
        expect(evidence.verification.problems).toEqual([]);
        expectCounted(evidence, count);
        expect(toldIn(evidence.deliveries)).toEqual(toldIn(count.deliveries));
        expect(await collectEvidence(memory.stored, period)).toEqual(evidence);
      }),
      { numRuns: 150 },
    );
  });

  it("counts what is left when a report was removed", async () => {
    await fc.assert(
      fc.asyncProperty(rounds, fc.nat(), async (drawn, which) => {
        // Of a clock that was set back, only the report that is gone could tell.
        const forward = drawn.map((one) => ({ ...one, hours: Math.abs(one.hours) + 20 }));
        const { memory, history } = await played(forward);
        const period = periodOf(history, { first: 0, last: 0 });
        const paths = [...memory.files.keys()].filter((path) => path.endsWith("report.json"));
        const removed = paths[which % paths.length] ?? "";
        memory.files.delete(removed);
        const evidence = await collectEvidence(memory.stored, period);
        const count = counted(history, { ...period, isStored: (auditId) => !removed.includes(auditId) });
        expectCounted(evidence, count);
        const told = new Set(toldIn(count.deliveries));
        expect(toldIn(evidence.deliveries).filter((one) => !told.has(one))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("the evidence of two nights", () => {
  const period = { from: dayOf(0), to: dayOf(1) };
  const all = { audited: true, failing: [true, true, true, true, true, true] };

  it("names what changed in the policy, from the files beside the reports", async () => {
    const memory = memoryFiles();
    const texts = ['{ "version": 1, "name": "old" }', '{ "version": 1, "name": "new" }'];
    for (const [night, text] of texts.entries()) {
      const auditId = `${timeOf(night).replace(/[-:]|\.\d+/g, "")}-0000000${night}`;
      const report = aReport({
        auditId,
        startedAt: timeOf(night),
        policy: { name: "p", digest: `sha256:${night}` },
      });
      await memory.store.keepReport(report, [{ name: "policy.json", contentType: "application/json", text }]);
    }
    const { policies } = await collectEvidence(memory.stored, period);
    expect(policies).toMatchObject([
      { digest: "sha256:0", audits: 1, changes: [] },
      { digest: "sha256:1", changes: [{ section: "name", before: '"old"', after: '"new"' }] },
    ]);
  });

  it("counts the findings that a waiver accepted, and names a waiver that was not needed", async () => {
    const memory = memoryFiles();
    const waiver = { reason: "legacy", owner: "team-a", ticket: null, expires: "2027-01-31" };
    const report = aReport({
      auditId: "20261001T020000Z-00000001",
      startedAt: timeOf(0),
      findings: [aFinding({ status: "WAIVED", transition: null, waiver })],
      waivers: { expired: [], expiring: [], unused: [{ ...waiver, reason: "spare", check: "*" }] },
    });
    await memory.store.keepReport(report, []);
    expect((await collectEvidence(memory.stored, period)).waivers).toMatchObject([
      { reason: "legacy", findings: 1, firstUsed: "2026-10-01", lastUsed: "2026-10-01" },
      { reason: "spare", findings: 0, firstUsed: null },
    ]);
  });

  it("says what it does not show, on a page without markup of others and a table safe for spreadsheets", async () => {
    const memory = await stored([all, { ...all, audited: false }]);
    const path = [...memory.files.keys()].find((name) => name.endsWith("report.json")) ?? "";
    const text = memory.files.get(path)?.toString() ?? "";
    memory.files.set(path, Buffer.from(text.replaceAll("ECR cannot reach", "=1+1<script>x</script>")));
    const evidence = await collectEvidence(memory.stored, period);
    expect(evidence.limits).toContain("On 1 of 2 days no audit of the whole scope is stored.");
    expect(evidence.verification.problems).toMatchObject([{ kind: "altered", path }]);
    const html = evidenceHtml(evidence);
    expect(html).toContain("&lt;script>x");
    expect(html).not.toContain("<script");
    expect(html).toContain("1 stored file is missing, altered or out of order");
    expect(evidenceCsv(evidence).split("\r\n")).toHaveLength(8);
    expect(evidenceCsv(evidence)).toContain(",'=1+1<script>");
  });
});
