import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Comparison, compare } from "../../../src/audit/compare/compare.ts";
import { eachTakes, withinBudget } from "../../../src/audit/state/state-budget.ts";
import { parseState, serialiseState } from "../../../src/audit/state/state-file.ts";
import { alertId } from "../../../src/core/ids.ts";
import type { AuditState } from "../../../src/schemas/state.ts";
import { aRule } from "../../support/builders.ts";
import { aFinding } from "../../support/report-builders.ts";
import { aState } from "../../support/state-builders.ts";
import { aFailure, anAudit, auditScopeOf, day, HERE } from "../compare/support.ts";

const PLACE = "s3://audits/nightly/state.json";
const nothing = { whole: 0, texts: 0, eachRegistry: 0 };
const long = "x".repeat(10_000);

function knownOf(...findings: readonly AuditState["findings"][string]["finding"][]): AuditState["findings"] {
  const toldAt = "2026-11-20T02:03:12.000Z";
  return Object.fromEntries(
    findings.map((finding) => [finding.id, { finding, open: true, toldAt, quiet: false }]),
  );
}

function thrifty(state: AuditState): AuditState {
  return parseState(serialiseState(withinBudget(state, nothing), PLACE), PLACE);
}

const aFleetDay = "2026-11-20T02:00:00.000Z";

/** Registries whose 16 rules all fail, and three notifiers that are owed all the alerts. */
function aFailingFleet(registries: number): AuditState {
  const places = Array.from({ length: registries }, (_nothing, index) => String(100_000_000_000 + index));
  const prefixes = Array.from({ length: 16 }, (_nothing, index) => `team-${String(index).padStart(2, "0")}`);
  const arnOf = (account: string, prefix: string) =>
    `arn:aws:secretsmanager:us-east-1:${account}:secret:ecr-pullthroughcache/${prefix}-AbCdEf`;
  const findings = places.flatMap((account) =>
    prefixes.map((prefix) =>
      aFinding({
        id: alertId([account, prefix]),
        account,
        accountName: `workload-${account}`,
        prefix,
        message: long.slice(0, 160),
        remediation: long.slice(0, 260),
        data: {
          credentialArn: arnOf(account, prefix),
          failure: "unauthorized: incorrect username or password",
        },
        firstSeenAt: aFleetDay,
        lastSeenAt: aFleetDay,
        transition: "opened",
        eventId: alertId([account, prefix, "opened"]),
      }),
    ),
  );
  const owed = { findings, drift: [] };
  const rulesOf = (account: string) =>
    prefixes.map((prefix) =>
      aRule({
        ecrRepositoryPrefix: prefix,
        upstreamRegistryUrl: `${prefix}.azurecr.io`,
        upstreamRegistry: "azure-container-registry",
        credentialArn: arnOf(account, prefix),
        createdAt: aFleetDay,
        updatedAt: aFleetDay,
      }),
    );
  return aState({
    updatedAt: aFleetDay,
    findings: Object.fromEntries(
      findings.map((finding) => [
        finding.id,
        {
          finding: { ...finding, transition: "unchanged", eventId: null },
          open: true,
          toldAt: aFleetDay,
          quiet: false,
        },
      ]),
    ),
    registries: Object.fromEntries(
      places.map((account) => [`${account}/us-east-1`, { changedAt: aFleetDay, rules: rulesOf(account) }]),
    ),
    pending: { bus: owed, hub: owed, topic: owed },
  });
}

describe("a state", () => {
  it("of a fleet of the usual size keeps every text", () => {
    expect(withinBudget(aState())).toEqual(aState());
  });

  it("keeps of one registry no more texts than its share, the worst and what is open first", () => {
    const findings = knownOf(
      ...(["low", "critical", "high"] as const).flatMap((severity, index) =>
        Array.from({ length: 3 }, (_nothing, n) =>
          aFinding({ id: `${index}-${n}`, severity, message: long }),
        ),
      ),
    );
    const within = withinBudget(aState({ findings, pending: {} }));
    const kept = Object.values(within.findings).flatMap(({ finding }) =>
      finding.message === long ? [finding.severity] : [],
    );
    expect(kept).toEqual(["critical", "critical", "critical", "high", "high", "high"]);
    expect(serialiseState(within, PLACE).length).toBeLessThan(80_000);
  });

  it("has each alert once, even if it is undelivered to several notifiers", () => {
    const alert = aFinding({ id: "gone", message: long });
    const owed = { findings: [alert], drift: [] };
    const state = aState({ findings: {}, pending: { bus: owed, hub: owed, topic: owed } });
    const text = serialiseState(state, PLACE);
    expect(text.split(long)).toHaveLength(2);
    expect(parseState(text, PLACE)).toEqual(state);
  });

  it("that names an alert which is not there is damaged", () => {
    const json = JSON.parse(serialiseState(aState(), PLACE));
    const text = JSON.stringify({ ...json, owedFindings: {}, owedOpened: {} });
    expect(() => parseState(text, PLACE)).toThrow(/is damaged.*\n.*names alert .*, which is not there/s);
  });

  it("has the list once that several notifiers are owed", () => {
    const alert = aFinding();
    const owed = { findings: [alert], drift: [] };
    const others = { findings: [], drift: [] };
    const pending = { bus: owed, hub: owed, other: others, topic: owed };
    const state = aState({ findings: {}, pending });
    const text = serialiseState(state, PLACE);
    expect(JSON.parse(text)).toMatchObject({ pending: { hub: "bus", other: others, topic: "bus" } });
    expect(parseState(text, PLACE)).toEqual(state);
    expect(() => parseState(text.replace('"hub":"bus"', '"hub":"moon"'), PLACE)).toThrow(
      /is damaged.*\n.*is owed the same as moon, which is not there/s,
    );
  });

  it("has no more of an alert than its finding, if nothing has changed since it was opened", () => {
    const known = aFinding({ transition: "unchanged", eventId: null });
    const opened = { ...known, transition: "opened", lastSeenAt: known.firstSeenAt, eventId: "e1" } as const;
    const changed = { ...opened, eventId: "e2", severity: "low" } as const;
    const state = aState({
      findings: knownOf(known),
      pending: { bus: { findings: [opened, changed], drift: [] } },
    });
    const text = serialiseState(state, PLACE);
    expect(JSON.parse(text)).toMatchObject({
      owedOpened: { e1: known.id },
      owedFindings: { e2: { severity: "low" } },
    });
    expect(parseState(text, PLACE)).toEqual(state);
  });

  it("of version 1 is read: packed, and with its alerts apart from the findings", () => {
    const { finding, ...known } =
      Object.values(knownOf(aFinding({ transition: "unchanged", eventId: null })))[0] ?? {};
    const alert = aFinding({ transition: "opened", lastSeenAt: "2026-11-19T02:03:12.000Z", eventId: "e1" });
    const packed = {
      ...JSON.parse(serialiseState(aState({ findings: {}, pending: {} }), PLACE)),
      schemaVersion: 1,
      findings: { [alert.id]: { ...known, finding } },
      owedFindings: { e1: { id: alert.id, transition: "opened", lastSeenAt: alert.lastSeenAt } },
      pending: { bus: { findings: ["e1"], drift: [] }, hub: { findings: ["e1"], drift: [] } },
    };
    const { owedOpened: _new, ...ofVersion1 } = packed;
    const state = parseState(JSON.stringify(ofVersion1), PLACE);
    const owed = { findings: [alert], drift: [] };
    expect(state.pending).toEqual({ bus: owed, hub: owed });
    expect(Object.values(state.findings)).toEqual([{ ...known, finding }]);
  });

  it("of a fleet of 5,000 registries where all 16 rules of each fail, all alerts owed to three, stays within 64 MB", () => {
    const bytesOf = (registries: number, limits: Parameters<typeof withinBudget>[1]) =>
      Buffer.byteLength(serialiseState(withinBudget(aFailingFleet(registries), limits), PLACE));
    // Without details: what there is no room for at 5,000 registries.
    const perRegistry = (bytesOf(60, nothing) - bytesOf(20, nothing)) / 40;
    expect(perRegistry * 5_000 + 60_000).toBeLessThan(64_000_000);
    // What the budget takes for granted is no less than it is.
    const { rule, finding, alert, alertOfNotifier } = eachTakes;
    expect(16 * (rule + finding + alert) + 3 * 16 * alertOfNotifier).toBeGreaterThan(perRegistry);
  });

  it("has room for the parts of repositories that audits read, which cannot be left out", () => {
    const name = "docker-hub/payments-platform/reconciliation-service";
    const part = {
      from: name,
      to: name,
      at: aFleetDay,
      unsure: ["cached-repositories docker-hub policy-not-read"],
    };
    const withParts = (parts: number) =>
      aState({
        repositoryTurns: { [`${HERE.account}/${HERE.region}`]: Array.from({ length: parts }, () => part) },
      });
    const bytesOf = (parts: number) => Buffer.byteLength(serialiseState(withParts(parts), PLACE));
    expect((bytesOf(100) - bytesOf(50)) / 50).toBeLessThan(eachTakes.part);
    const limits = { whole: 100 * eachTakes.part, texts: 1_000_000, eachRegistry: 1_000_000 };
    const textIn = (state: AuditState) =>
      Object.values(withinBudget(state, limits).findings).map(({ essence }) => essence === undefined);
    expect(textIn(withParts(0))).toEqual([true]);
    expect(textIn(withParts(100))).toEqual([false]);
  });

  it("of before it was packed is read as it was written", () => {
    const state = aState();
    const { registries, ...rest } = state;
    expect(parseState(JSON.stringify({ ...rest, registries }), PLACE)).toEqual(state);
  });
});

const prefixes = ["docker-hub", "quay"];
const night = fc.record({
  failing: fc.subarray(prefixes),
  failure: fc.constantFrom("dead", "expired"),
  isRead: fc.boolean(),
  days: fc.constantFrom(1, 30),
});

describe("a state without any text of a finding", () => {
  it("loses and repeats no alert, whatever fails, changes or cannot be read", () => {
    fc.assert(
      fc.property(fc.array(night, { maxLength: 8 }), fc.constantFrom(null, 10), (nights, remindAfterDays) => {
        let full: AuditState | null = null;
        let bare: AuditState | null = null;
        let today = 0;
        for (const { failing, failure, isRead, days } of nights) {
          today += days;
          const rules = prefixes.map((prefix) => aRule({ ecrRepositoryPrefix: prefix }));
          const seen = anAudit({
            now: day(today),
            remindAfterDays,
            findings: isRead ? failing.map((prefix) => aFailure({ ...HERE, prefix, data: { failure } })) : [],
            auditScope: auditScopeOf(isRead ? rules : null),
          });
          const one: Comparison = compare(seen, full);
          const other: Comparison = compare(seen, bare);
          const news = ({ findings }: Comparison) =>
            findings.map(({ id, status, transition, eventId }) => [id, status, transition, eventId !== null]);
          expect(news(other)).toEqual(news(one));
          full = { ...one.next, pending: {}, history: [], chain: null };
          bare = thrifty({ ...other.next, pending: {}, history: [], chain: null });
        }
      }),
    );
  });
});
