import type { Simulator } from "../simulator/server.ts";
import { shiftDate } from "../simulator/shifted-date.ts";
import { attributionProblems, batchOf, namedIn, toldIn } from "./changes.ts";
import { differences } from "./differences.ts";
import { emptyRuleMemory, type RuleMemory, rememberDrift, rememberNight } from "./former.ts";
import { asSeen, callsAsking } from "./oracle/ledger.ts";
import type { KnownChange } from "./oracle/model.ts";
import { type Audit, night, type Played, play } from "./play.ts";
import { lineOfFinding, repositoryProblems } from "./repository-problems.ts";
import { confirmTopics, isHasty, PATIENT, type Scenario, scenarioOf } from "./scenario.ts";
import { lostAlertProblems, type UndeliveredAlerts, undeliveredIn } from "./undelivered.ts";
import { type Evaluated, evaluate, isUnheard } from "./verify.ts";

/**
 * Plays a seed: two audits in a row, or more with a change after the first. Returns the problems; none if everything is as expected.
 *
 * On a busy machine, a call may exceed a short time limit for no reason in the seed. Such a seed is played again, with
 * limits ten times as long, before its problems count.
 */
export async function problemsOfSeed(seed: number, now: Date): Promise<readonly string[]> {
  const problems = await playOnce(scenarioOf(seed, now));
  if (problems.length === 0 || !isHasty(scenarioOf(seed, now))) return problems;
  return playOnce(scenarioOf(seed, now, PATIENT));
}

async function playOnce(scenario: Scenario): Promise<readonly string[]> {
  const { change, confirmedAfter, repositories } = scenario;
  using shifts = new DisposableStack();
  const nights: Night[] = [];
  const others: string[] = [];
  let undelivered: UndeliveredAlerts = {};
  const batch = change?.toldBy === "events" ? batchOf(change) : null;
  const changed: Audit = () => {
    change?.make();
    return night();
  };
  const told: Audit = () => {
    change?.make();
    const { request, changes } = change === null ? { request: null, changes: [] } : batchOf(change);
    return { request: request ?? night().request, changes };
  };
  const later = (index: number): Audit => {
    return () => {
      if (index === 0) repositories.alter?.();
      if (repositories.hoursBetween > 0) shifts.use(shiftDate(repositories.hoursBetween * 3_600_000));
      return night();
    };
  };
  const nightsInARow = [
    night,
    ...Array.from({ length: repositories.nights - 1 }, (_nothing, index) => later(index)),
  ];
  const audits =
    change === null ? nightsInARow : batch === null ? [night, changed, night] : [night, told, night, night];
  let memory = emptyRuleMemory;
  let played = 0;
  let toldDrift: readonly string[] = [];
  let known: readonly KnownChange[] = [];
  const left = await play(scenario, audits, (audit, simulator) => {
    played += 1;
    if (played === 2 && change !== null) others.push(...tellingProblems(change, audit));
    if (played === 2 && batch !== null) {
      others.push(...batch.problems);
      toldDrift = isPersisted({ played: audit }) ? driftIn(audit) : [];
      if (change !== null && isPersisted({ played: audit })) known = toldIn(change);
      if (!("error" in audit.end) && isPersisted({ played: audit })) {
        memory = rememberDrift(memory, audit.end.finalized.report);
      }
    } else {
      const again = played === 3 ? driftIn(audit).filter((line) => toldDrift.includes(line)) : [];
      others.push(...again.map((line) => `told by an event and again at night: ${line}`));
      const named =
        change === null || "error" in audit.end ? [] : namedIn(audit.end.finalized.report, change);
      const changes = [...new Map([...known, ...named].map((one) => [one.prefix, one])).values()];
      const evaluated = { ...evaluateNight(scenario, audit, simulator, { changes, memory }), played: audit };
      if (isPersisted(evaluated)) known = changes;
      if (isPersisted(evaluated) && evaluated.audit !== null) {
        memory = rememberNight(memory, evaluated.audit.expectation);
      }
      const lost = !isPersisted(evaluated) ? [] : lostIn(scenario, evaluated, undelivered, simulator);
      nights.push({ ...evaluated, problems: [...evaluated.problems, ...lost, ...swallowedIn(audit)] });
    }
    undelivered = undeliveredIn(simulator) ?? {};
    if (confirmedAfter === played) confirmTopics(simulator.world);
  });
  const problems = nights.flatMap((one, index) =>
    one.problems.map((problem) => `audit ${index + 1}: ${problem}`),
  );
  const compared = nights.slice(1).flatMap((one, index) => {
    const before = nights[index];
    if (before === undefined) return [];
    if (index === 0) return comparisonProblems(scenario, before, one);
    // Another part of the repositories is read, and the resolution of what was found before may be due.
    return repositories.hoursBetween > 0 ? [] : laterProblems(before, one);
  });
  if (nights.length !== (change === null ? repositories.nights : 3))
    return [...problems, "the audits were not played"];
  return [...problems, ...others, ...left, ...compared];
}

function driftIn({ end }: Played): readonly string[] {
  if ("error" in end) return [];
  return end.finalized.report.drift.map(({ account, region, prefix, change }) =>
    [account, region, prefix, change].join(" "),
  );
}

/** Nothing changed since the night before, which told all that there was: nothing is told twice. */
function laterProblems(before: Night, after: Night): readonly string[] {
  if (before.audit === null || after.audit === null || !isPersisted(before)) return [];
  const isSteady = JSON.stringify(seenIn(before.audit)) === JSON.stringify(seenIn(after.audit));
  return isSteady ? silenceProblems(before, after) : [];
}

/** Whether the audit after a change says who made it. One that could not start says nothing. */
function tellingProblems(change: NonNullable<Scenario["change"]>, { end, calls }: Played): readonly string[] {
  if ("error" in end) {
    const isForeseen = end.error instanceof Error && end.error.name === "CannotStartError";
    return isForeseen ? [] : [`the audit after a change threw: ${String(end.error)}`];
  }
  return attributionProblems(change, { report: end.finalized.report, calls });
}

/** What is published while nobody has confirmed is swallowed. Where SNS does not say so, it cannot be known. */
function swallowedIn({ calls, isHeard, delivered: { digests } }: Played): readonly string[] {
  return digests === 0 || !isUnheard({ calls, isHeard })
    ? []
    : [`${digests} digests were published to topics that nobody has confirmed`];
}

function evaluateNight(
  scenario: Scenario,
  played: Played,
  simulator: Simulator,
  { changes, memory }: { readonly changes: readonly KnownChange[]; readonly memory: RuleMemory },
): Evaluated {
  const { world, pulls, policy } = scenario;
  const { calls } = played;
  const { former, nextPart } = memory;
  const allCalls = simulator.calls.map(asSeen);
  const evidence = { world, pulls, calls, allCalls, changes, former, nextPart };
  const evaluated = evaluate(scenario, played, evidence);
  const { audit } = evaluated;
  const ofRepositories =
    audit === null
      ? []
      : repositoryProblems({
          report: audit.finalized.report,
          expectation: audit.expectation,
          policy,
          world,
        });
  return {
    ...evaluated,
    problems: [
      ...evaluated.problems,
      ...ofRepositories,
      ...persistenceProblems(scenario, { ...evaluated, played }),
    ],
  };
}

/** The alerts of a persisted audit that were neither delivered nor kept as undelivered. */
function lostIn(
  scenario: Scenario,
  { audit, played }: Night,
  undeliveredBefore: UndeliveredAlerts,
  simulator: Simulator,
) {
  if (audit === null) return [];
  const { report } = audit.finalized;
  const { digests } = played.delivered;
  return lostAlertProblems(scenario, { report, undeliveredBefore, digests }, simulator);
}

/** An audit with a store that did not fail is persisted. */
function persistenceProblems({ settings }: Scenario, night: Night): readonly string[] {
  const hasStore = settings["AUDIT_STORE"] !== undefined;
  const isSound = night.audit !== null && night.audit.finalized.failure === null;
  return hasStore && isSound && !isPersisted(night) ? ["the state of the audit was not persisted"] : [];
}

type Night = Evaluated & { readonly played: Played };

/** Compares the second audit with the first. */
function comparisonProblems({ policy }: Scenario, first: Night, second: Night): readonly string[] {
  if (first.audit === null || second.audit === null) return [];
  const [before, after] = [first.audit, second.audit];
  const reports = [before.finalized.report, after.finalized.report] as const;
  const linesOf = ({ findings }: (typeof reports)[number]) =>
    findings.map((finding) => lineOfFinding(finding, policy));
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

/** Whether the state was written. */
function isPersisted({ played: { calls } }: Pick<Night, "played">): boolean {
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

type AReport = Reported["finalized"]["report"];

/** The world has not changed: the second audit must not alert. */
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

/** The state was not persisted: the second audit must repeat all alerts, under the same IDs. */
function repetitionProblems(first: AReport, second: AReport): readonly string[] {
  return differences("audit 2: alert", alertsOf(first), alertsOf(second));
}

function alertsOf({ findings }: AReport): readonly string[] {
  return findings.flatMap(({ eventId }) => eventId ?? []).sort();
}

/** A finding that opened must not have failed before, and one that was resolved must have. */
function newsProblems(first: AReport, second: AReport): readonly string[] {
  const failedBefore = new Set(first.findings.filter(({ status }) => status === "FAIL").map(({ id }) => id));
  return second.findings.flatMap(({ id, transition, check, account, region, prefix }) => {
    const isOdd =
      (transition === "opened" && failedBefore.has(id)) ||
      (transition === "resolved" && !failedBefore.has(id));
    return isOdd ? [`audit 2: ${transition} for no reason: ${account} ${region} ${prefix} ${check}`] : [];
  });
}
