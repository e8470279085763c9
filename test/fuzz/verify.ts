import type { FinalizedAudit } from "../../src/audit/options.ts";
import { mostCollectedBytes } from "../../src/core/collected.ts";
import { renderJson } from "../../src/formats/json.ts";
import type { Report } from "../../src/schemas/report.ts";
import { schemaProblems } from "../e2e/support/report-schema.ts";
import type { RecordedCall } from "../simulator/ledger.ts";
import { hasCause } from "./causes.ts";
import { SIGNATURE } from "./conditions.ts";
import { differences } from "./differences.ts";
import { passesWithoutEvidence } from "./evidence-of-passes.ts";
import { type Expectation, expectationOf } from "./oracle/expectation.ts";
import type { Gap } from "./oracle/gaps.ts";
import { callsAsking } from "./oracle/ledger.ts";
import type { Evidence } from "./oracle/registries.ts";
import type { Played } from "./play.ts";
import type { Scenario } from "./scenario.ts";
import { unconfirmedFailures } from "./unconfirmed-failures.ts";

/** An audit that was compared with the world. */
export type Evaluated = {
  readonly problems: readonly string[];
  /** What it had to report, and what it reported; `null` if it could not start. */
  readonly audit: { readonly expectation: Expectation; readonly finalized: FinalizedAudit } | null;
};

/** Compares one audit with the world that it read. */
export function evaluate(scenario: Scenario, played: Played, evidence: Evidence): Evaluated {
  const { end } = played;
  const hindrance = hindranceIn(scenario, played.calls);
  if ("error" in end)
    return { problems: errorProblems(end.error, scenario, evidence, hindrance), audit: null };
  const { finalized } = end;
  const { report } = finalized;
  const expectation = expectationOf(scenario.policy, evidence, report.startedAt.slice(0, 10));
  if (expectation === null || hindrance !== null) {
    return {
      problems: [`the audit started although ${hindrance ?? "its scope contains no account"}`],
      audit: null,
    };
  }
  const problems = [
    ...ledgerProblems(report, played, expectation),
    ...differences("gap", expectation.gaps.map(gapLine), report.coverage.gaps.map(gapLine)),
    ...expectation.gaps
      .filter((gap) => !hasCause(gap, scenario.world))
      .map((gap) => `gap without cause: ${gapLine(gap)}`),
    ...passesWithoutEvidence(report, played.calls, scenario),
    ...unconfirmedFailures(report, played.calls),
    ...noticeProblems(report, expectation),
    ...failureProblems(finalized, played),
    ...schemaProblems(JSON.parse(renderJson(report))),
    ...textProblems(report),
  ];
  return { problems, audit: { expectation, finalized } };
}

/** The texts of AWS in a report are cut and contain no signatures. */
function textProblems(report: Report): readonly string[] {
  const long = report.coverage.gaps.filter(({ detail }) => Buffer.byteLength(detail) > mostCollectedBytes);
  return [
    ...long.map((gap) => `a detail longer than ${mostCollectedBytes} bytes: ${gapLine(gap)}`),
    ...(JSON.stringify(report).includes(SIGNATURE) ? ["a signature in the report"] : []),
  ];
}

/** Why an audit cannot start: its identity, its state or its accounts could not be read. */
function hindranceIn({ policy }: Scenario, calls: readonly RecordedCall[]): string | null {
  const lastOf = (service: string, operation: string) => callsAsking(calls, { service, operation });
  const hasFailed = (asked: readonly RecordedCall[], at: number) =>
    (asked.at(at)?.httpStatus ?? 200) !== 200 || isUnanswered(asked.at(at));
  if (hasFailed(lastOf("sts", "GetCallerIdentity"), -1)) return "the AWS identity could not be determined";
  const states = lastOf("s3", "GetObject").filter(({ input }) =>
    String(Object(input)["Key"]).endsWith("state.json"),
  );
  const answered = states.findIndex(
    ({ httpStatus, errorCode }) => httpStatus === 200 || errorCode === "NoSuchKey",
  );
  if (states.length > 0 && answered < 0) return "the state could not be read";
  const isListed = policy.scope?.accounts === "organization";
  return isListed && hasFailed(lastOf("organizations", "ListAccounts"), -1)
    ? "the organization could not be listed"
    : null;
}

function isUnanswered(call: RecordedCall | undefined): boolean {
  return call !== undefined && call.httpStatus === undefined;
}

function errorProblems(
  error: unknown,
  { policy }: Scenario,
  evidence: Evidence,
  hindrance: string | null,
): readonly string[] {
  const isForeseen = hindrance !== null || expectationOf(policy, evidence, "2026-01-01") === null;
  if (isForeseen && error instanceof Error && error.name === "CannotStartError") return [];
  return [`the audit threw: ${error instanceof Error ? error.stack : String(error)}`];
}

/** Every planned registry must count exactly once. */
function ledgerProblems(
  { coverage, summary, status, findings: reported }: Report,
  { read, progress }: Played,
  { registries, excluded, gaps, findings, status: expectedStatus }: Expectation,
): readonly string[] {
  const unreachable = gaps.filter(({ state }) => state === "unreachable").length;
  const partial = new Set(gaps.filter(({ state }) => state === "partial").map(placeOf)).size;
  const planned = registries.length;
  // A finding that failed before and could not be evaluated again still fails.
  const stale = reported.filter((finding) => finding.stale).length;
  const counted = (figures: object) => [JSON.stringify(figures)];
  const rules = registries.reduce(
    (sum, registry) => sum + (registry.rules.known ? registry.rules.value.length : 0),
    0,
  );
  const expected = (name: string) => findings.filter((line) => line.includes(` ${name} `)).length;
  const statuses = Object.keys(summary.findings).map((name) => [name, expected(name)]);
  // A stale finding counts as failing, instead of an UNKNOWN of the same id.
  const { UNKNOWN: unknown } = summary.findings;
  const isReplaced = unknown >= expected("UNKNOWN") - stale && unknown <= expected("UNKNOWN");
  const stated = { FAIL: expected("FAIL") + stale, ...(isReplaced ? { UNKNOWN: unknown } : {}) };
  return [
    ...differences(
      "registry",
      registries.map(({ place }) => placeOf(place)),
      read,
    ),
    ...differences(
      "excluded",
      excluded,
      coverage.excludedAccounts.map(({ account }) => account),
    ),
    ...differences(
      "coverage",
      counted([planned, planned - partial - unreachable, partial, unreachable, excluded.length]),
      counted([
        coverage.planned,
        coverage.audited,
        coverage.partial,
        coverage.unreachable,
        coverage.excluded,
      ]),
    ),
    ...differences("progress", counted([planned, planned]), counted([progress.planned, progress.read])),
    ...differences("status", [stale > 0 ? "non-compliant" : expectedStatus], [status]),
    ...differences(
      "summary",
      counted([rules, { ...Object.fromEntries(statuses), ...stated }]),
      counted([summary.rules, summary.findings]),
    ),
  ];
}

function placeOf({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account} ${region}`;
}

function gapLine({
  account,
  region,
  state,
  reason,
  operation,
  prefixes,
}: Omit<Gap, "state" | "reason"> & { readonly state: string; readonly reason: string }): string {
  return [account, region, state, reason, operation, ...prefixes.toSorted()].join(" ");
}

function noticeProblems({ waivers }: Report, expectation: Expectation): readonly string[] {
  return (["expired", "expiring", "unused"] as const).flatMap((list) =>
    differences(
      `${list} waiver`,
      expectation.waivers[list],
      waivers[list].map(({ reason }) => reason),
    ),
  );
}

/** Whether SNS said that nobody has confirmed a subscription of the topic. */
export function isUnheard({ calls, isHeard }: Pick<Played, "calls" | "isHeard">): boolean {
  const asked = callsAsking(calls, { service: "sns", operation: "GetTopicAttributes" }).at(-1);
  return !isHeard && asked?.httpStatus === 200;
}

/** A delivery must fail if, and only if, the last call of its kind failed, or nobody hears the topic. */
function failureProblems({ failure }: FinalizedAudit, played: Played): readonly string[] {
  const { calls } = played;
  const deliveries = [
    { service: "sns", operation: "Publish" },
    { service: "events", operation: "PutEvents" },
    { service: "securityhub", operation: "BatchImportFindings" },
  ];
  const hasFailed = (question: { readonly service: string; readonly operation: string }) => {
    const last = callsAsking(calls, question).at(-1);
    return last !== undefined && last.httpStatus !== 200;
  };
  const isStoreDown = hasFailed({ service: "s3", operation: "PutObject" });
  const isUndelivered = isUnheard(played) || deliveries.some(hasFailed);
  const expected = isUndelivered ? "DeliveryError" : isStoreDown ? "StoreError" : "none";
  const isHidden = isStoreDown && failure?.message.includes("s3://") !== true;
  return [
    ...differences("failure", [expected], [failure?.name ?? "none"]),
    ...(isHidden ? [`the failure does not name the store, which is down: ${failure?.message}`] : []),
  ];
}
