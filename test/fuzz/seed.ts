import type { Simulator } from "../simulator/server.ts";
import { differences } from "./differences.ts";
import { lineOf } from "./oracle/expectation.ts";
import { policyInForce } from "./oracle/in-force.ts";
import { asSeen, callsAsking } from "./oracle/ledger.ts";
import { type Played, play } from "./play.ts";
import { isHasty, PATIENT, type Scenario, scenarioOf } from "./scenario.ts";
import { debtProblems, type Owed, owedIn } from "./undelivered.ts";
import { type Evaluated, evaluate } from "./verify.ts";

/**
 * Plays a seed: two audits in a row. Returns what was wrong, nothing when all was as it had to be.
 *
 * Where time limits are short a machine that is busy elsewhere may let one pass that nothing in the seed lets pass:
 * such a seed is played once more, with limits ten times as long, before it counts.
 */
export async function problemsOfSeed(seed: number, now: Date): Promise<readonly string[]> {
  const problems = await playOnce(scenarioOf(seed, now));
  if (problems.length === 0 || !isHasty(scenarioOf(seed, now))) return problems;
  return playOnce(scenarioOf(seed, now, PATIENT));
}

async function playOnce(scenario: Scenario): Promise<readonly string[]> {
  const nights: Night[] = [];
  let owed: Owed = {};
  const left = await play(scenario, 2, (played, simulator) => {
    const night = { ...evaluateNight(scenario, played, simulator), played };
    const debts = !isPersisted(night) ? [] : debtsOf(scenario, night, owed, simulator);
    nights.push({ ...night, problems: [...night.problems, ...debts] });
    owed = owedIn(simulator) ?? {};
  });
  const [first, second] = nights;
  const problems = nights.flatMap((night, index) =>
    night.problems.map((problem) => `audit ${index + 1}: ${problem}`),
  );
  if (first === undefined || second === undefined) return [...problems, "the audits were not played"];
  return [...problems, ...left, ...memoryProblems(scenario, first, second)];
}

function evaluateNight(scenario: Scenario, played: Played, simulator: Simulator): Evaluated {
  const evidence = { world: scenario.world, calls: played.calls, allCalls: simulator.calls.map(asSeen) };
  const evaluated = evaluate(scenario, played, evidence);
  return {
    ...evaluated,
    problems: [...evaluated.problems, ...forgetfulness(scenario, { ...evaluated, played })],
  };
}

/** What was told or is owed, of an audit that is remembered. */
function debtsOf(scenario: Scenario, { audit, played }: Night, owedBefore: Owed, simulator: Simulator) {
  if (audit === null) return [];
  const { report } = audit.finalized;
  return debtProblems(scenario, { report, owedBefore, digests: played.delivered.digests }, simulator);
}

/** An audit that has a store, and met no trouble there, is remembered. */
function forgetfulness({ settings }: Scenario, night: Night): readonly string[] {
  const hasStore = settings["AUDIT_STORE"] !== undefined;
  const isSound = night.audit !== null && night.audit.finalized.failure === null;
  return hasStore && isSound && !isPersisted(night) ? ["the audit is not remembered"] : [];
}

type Night = Evaluated & { readonly played: Played };

/** What the second audit says in the light of the first. */
function memoryProblems({ policy }: Scenario, first: Night, second: Night): readonly string[] {
  if (first.audit === null || second.audit === null) return [];
  const [before, after] = [first.audit, second.audit];
  const reports = [before.finalized.report, after.finalized.report] as const;
  const linesOf = ({ findings }: (typeof reports)[number]) =>
    findings.map((finding) => lineOf(finding, finding, policyInForce(policy, placeOf(finding))));
  const ofFirst = differences("audit 1: finding", before.expectation.findings, linesOf(reports[0]));
  const isSteady = JSON.stringify(seenIn(before)) === JSON.stringify(seenIn(after));
  const persists = isPersisted(first);
  if (!isSteady) return [...ofFirst, ...(persists ? newsProblems(...reports) : [])];
  return [
    ...ofFirst,
    ...differences("audit 2: finding", after.expectation.findings, linesOf(reports[1])),
    ...(persists ? silenceProblems(first, second) : repetitionProblems(...reports)),
  ];
}

/** Whether the state came to be written. */
function isPersisted({ played: { calls } }: Night): boolean {
  const puts = callsAsking(calls, { service: "s3", operation: "PutObject" });
  return puts.some(({ input, httpStatus }) => httpStatus === 200 && isState(input));
}

function isState(input: unknown): boolean {
  return String(Object(input)["Key"]).endsWith("/state.json");
}

type Reported = NonNullable<Evaluated["audit"]>;

function seenIn({ expectation: { findings, gaps } }: Reported) {
  return { findings, gaps };
}

function placeOf({
  account,
  region,
  organizationalUnits,
}: Reported["finalized"]["report"]["findings"][number]) {
  return { account, region, units: organizationalUnits, organizationId: null };
}

type AReport = Reported["finalized"]["report"];

/** The world is as it was: nobody hears of anything. */
function silenceProblems({ audit: before }: Night, { audit, played }: Night): readonly string[] {
  if (audit === null || before === null) return [];
  const { report } = audit.finalized;
  const { opened, changed, resolved, reminded } = report.summary.transitions;
  const news = [opened, changed, resolved, reminded, report.drift.length];
  const events = played.delivered.eventTypes.filter((type) => type !== "Pull Through Cache Audit Completed");
  const wasDelivered = before.finalized.failure === null && audit.finalized.failure === null;
  return [
    ...differences("audit 2: news", ["0,0,0,0,0"], [news.join()]),
    ...differences("audit 2: dropped", ["false"], [String(report.coverage.dropped)]),
    ...(wasDelivered ? differences("audit 2: event", [], events) : []),
    ...(wasDelivered ? differences("audit 2: digests", ["0"], [String(played.delivered.digests)]) : []),
  ];
}

/** Nothing is remembered, so that all is told again, under the ids that it had. */
function repetitionProblems(first: AReport, second: AReport): readonly string[] {
  return differences("audit 2: alert", alertsOf(first), alertsOf(second));
}

function alertsOf({ findings }: AReport): readonly string[] {
  return findings.flatMap(({ eventId }) => eventId ?? []).sort();
}

/** What opened was not failing before, and what was resolved was. */
function newsProblems(first: AReport, second: AReport): readonly string[] {
  const failedBefore = new Set(first.findings.filter(({ status }) => status === "FAIL").map(({ id }) => id));
  return second.findings.flatMap(({ id, transition, check, account, region, prefix }) => {
    const isOdd =
      (transition === "opened" && failedBefore.has(id)) ||
      (transition === "resolved" && !failedBefore.has(id));
    return isOdd ? [`audit 2: ${transition} for no reason: ${account} ${region} ${prefix} ${check}`] : [];
  });
}
