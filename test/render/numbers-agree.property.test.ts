/** Every rendering of a report counts the same: see `src/schemas/count-findings.ts`. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openLedger } from "../../src/audit/collect/coverage.ts";
import { noCounts } from "../../src/audit/evaluate/collect-findings.ts";
import { buildReport } from "../../src/audit/report/build-report.ts";
import { withUndelivered } from "../../src/audit/state/undelivered-alerts.ts";
import { heatMapOf } from "../../src/formats/html/heat-map.ts";
import { machineDigestSchema } from "../../src/notifiers/sns/machine-schema.ts";
import { type Finding, severities } from "../../src/schemas/finding.ts";
import type { Report } from "../../src/schemas/report.ts";
import { NOW } from "../support/builders.ts";
import { aFinding } from "../support/report-builders.ts";
import { everyRenderer } from "./every-renderer.ts";

/** How a finding may come out of a comparison: its status and transition. */
const outcomes = [
  { status: "FAIL", transition: "opened" },
  { status: "FAIL", transition: "changed" },
  { status: "FAIL", transition: "unchanged" },
  { status: "FAIL", transition: "reminded" },
  { status: "FAIL", transition: "unchanged", stale: true },
  { status: "FAIL", transition: "reminded", stale: true },
  { status: "PASS", transition: "resolved" },
  { status: "WAIVED", transition: "resolved" },
  { status: "NOT_APPLICABLE", transition: "resolved" },
  { status: "WAIVED", transition: null },
  { status: "UNKNOWN", transition: null },
] as const satisfies readonly Partial<Finding>[];

const waiver = { reason: "moves", owner: "team-payments", ticket: null, expires: "2027-01-31" };

const finding = fc.record({
  outcome: fc.constantFrom(...outcomes),
  severity: fc.constantFrom(...severities),
  account: fc.constantFrom("111122223333", "444455556666", "777788889999"),
  region: fc.constantFrom("eu-west-1", "us-east-1"),
  prefix: fc.constantFrom("docker-hub", "quay", null),
  check: fc.constantFrom("rule-validation", "creation-template", "secret-health"),
  cause: fc.constantFrom("one", "two", "three"),
});

const reports = fc.array(finding, { maxLength: 25 }).map((rows) => {
  const findings = rows.map(({ outcome, cause, ...place }, index) =>
    aFinding({
      id: `f-${index}`,
      ...place,
      ...outcome,
      waiver: outcome.status === "WAIVED" ? waiver : null,
      cause: { id: cause, kind: "secret", subject: cause },
    }),
  );
  return reportOf(findings);
});

function reportOf(findings: readonly Finding[]): Report {
  const counts = { ...noCounts(), PASS: 7 };
  return buildReport({
    auditId: "20261120T020000Z-0badcafe",
    startedAt: NOW.toISOString(),
    finishedAt: NOW.toISOString(),
    trigger: "schedule",
    policy: { name: "Example", digest: "sha256:0" },
    narrowedTo: null,
    coverage: { ...openLedger().total(), planned: 4, audited: 4, dropped: false },
    registries: [],
    baseline: false,
    findings,
    drift: [],
    lookupFailures: [],
    waivers: { expired: [], expiring: [], unused: [] },
    rules: 3,
    counts,
    notApplied: [],
  });
}

function sumOf(text: string | undefined): number {
  return (text?.match(/\d+/g) ?? []).reduce((sum, count) => sum + Number(count), 0);
}

/** The number of failures in a sentence such as `Non-compliant: 3 high, 2 medium failing`. */
function failingIn(text: string): number {
  return sumOf(/Non-compliant: ([\d\w,\s]*?) failing/.exec(text.replaceAll(/\s+/g, " "))?.[1]);
}

function first(text: string, pattern: RegExp): number {
  return sumOf(pattern.exec(text)?.[1]);
}

function countOf(text: string, pattern: RegExp): number {
  return Array.from(text.matchAll(pattern)).length;
}

/** Every count of failing findings that a rendering has, by what shows it. */
const counters: Readonly<Record<string, (texts: readonly string[], report: Report) => object>> = {
  text: ([text = ""]) => ({
    verdict: failingIn(text),
    results: first(text, /(\d+) fail\b/),
    heading: first(text, /^FAILING: (.*?)(?: from .*)?$/m),
  }),
  json: ([text = ""]) => {
    const { summary } = JSON.parse(text);
    return {
      answers: summary.findings.FAIL,
      severities: sumOf(JSON.stringify(Object.values(summary.failing))),
    };
  },
  markdown: ([text = ""]) => ({
    verdict: failingIn(text),
    table: first(text, /^\| \d+ of \d+ \| \d+ \| (\d+) \|/m),
    heading: first(text, /^### Failing: (\d+)/m),
  }),
  html: ([text = ""], report) => ({
    verdict: sumOf(/class="sentence">([^<]*) failing/.exec(text)?.[1]),
    heading: first(text, /<h3>Failing \((\d+)\)/),
    map: heatMapOf(report)
      .rows.flatMap(({ cells }) => cells.flatMap(({ failing }) => failing))
      .reduce((sum, { count }) => sum + count, 0),
  }),
  csv: ([text = ""]) => ({ rows: countOf(text, /^f-\d+,[\w-]+,FAIL,/gm) }),
  junit: ([text = ""]) => ({
    root: first(text, /<testsuites [^>]*failures="(\d+)"/),
    cases: countOf(text, /<failure /g),
  }),
  sarif: ([text = ""]) => ({ results: countOf(text, /"kind": "fail"/g) - suppressedIn(text) }),
  ocsf: newFailuresIn,
  "ocsf-1.3": newFailuresIn,
  slack: ([text = ""]) => {
    const figure = (name: string) => first(text, new RegExp(`\\*${name}\\*\\\\n(\\d+)`));
    return {
      verdict: failingIn(text),
      ...(text.includes("*Still failing*")
        ? { figures: figure("New or changed") + figure("Still failing") }
        : {}),
    };
  },
  sns: (texts) => {
    const [subject = "", ...messages] = texts;
    const digest = machineDigestSchema.parse(messages.flatMap(digestIn)[0]);
    const failing = digest.problems.filter(({ outcome }) => outcome === "failing");
    return {
      subject: sumOf(/([^;:]*) failing/.exec(subject)?.[1]),
      verdicts: messages.filter((text) => text.includes("Non-compliant: ")).map(failingIn),
      answers: digest.summary.findings.FAIL,
      problems: failing.reduce((sum, { findings }) => sum + findings, 0),
      findings: digest.findings.filter(
        ({ status, transition }) => status === "FAIL" && transition !== "resolved",
      ).length,
    };
  },
  eventbridge: (texts) => {
    const [summary] = texts
      .filter((text) => text.includes('"planned"'))
      .map((text) => JSON.parse(text).summary);
    return {
      answers: summary.findings.FAIL,
      severities: sumOf(JSON.stringify(Object.values(summary.failing))),
    };
  },
};

function digestIn(text: string): readonly unknown[] {
  return text.startsWith("{") && text.includes('"problems"') ? [JSON.parse(text)] : [];
}

function suppressedIn(text: string): number {
  return countOf(text, /"suppressions": \[\n/g);
}

describe("the number of failing findings", () => {
  it.each(Object.entries(counters))("is the same everywhere in %s", async (name, counter) => {
    const render = everyRenderer[name];
    if (render === undefined) throw new Error(`there is no renderer ${name}`);
    await fc.assert(
      fc.asyncProperty(reports, async (report) => {
        const expected = report.findings.filter(({ status }) => status === "FAIL").length;
        const counts = counter(await render(report), report);
        for (const [what, count] of Object.entries(counts)) {
          for (const one of [count].flat()) expect({ [what]: one }).toEqual({ [what]: expected });
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is that of the findings, stale ones included, in the summary", () => {
    fc.assert(
      fc.property(reports, ({ summary, findings, status }) => {
        const failing = findings.filter((one) => one.status === "FAIL");
        expect(summary.findings.FAIL).toBe(failing.length);
        expect(summary.findings.UNKNOWN).toBe(findings.filter((one) => one.status === "UNKNOWN").length);
        expect(summary.findings.PASS).toBe(7);
        expect(summary.causes).toBe(new Set(failing.map(({ cause }) => cause?.id)).size);
        expect(status).toBe(failing.length > 0 ? "non-compliant" : "compliant");
      }),
    );
  });

  it("includes the alerts that a notifier is still owed", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const owed = aFinding({ id: "owed", eventId: "e-owed" });
        const { summary, status } = withUndelivered(report, { findings: [owed], drift: [] });
        expect(summary.findings.FAIL).toBe(report.summary.findings.FAIL + 1);
        expect(summary.failing.high).toBe(report.summary.failing.high + 1);
        expect(status).toBe("non-compliant");
      }),
    );
  });

  it("has a count here for every renderer that counts", () => {
    const uncounted = Object.keys(everyRenderer).filter((name) => !Object.hasOwn(counters, name));
    // Both list findings one by one, with waived and closed ones, and have no count.
    expect(uncounted.sort()).toEqual(["asff", "security-hub"]);
  });
});

/** Counts the OCSF events of new findings that fail. */
function newFailuresIn([text = ""]: readonly string[]) {
  const isNew = ({ compliance, status }: { compliance: { status: string }; status: string }) =>
    compliance.status === "Fail" && status === "New";
  return { events: JSON.parse(text).filter(isNew).length };
}
