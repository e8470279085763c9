import { severities } from "../../src/schemas/finding.ts";
import {
  accounts,
  canRead,
  looksAt,
  notifiers,
  numbers,
  type PlayedAudit,
  type PlayedRound,
  requirementsOf,
  severityOf,
  spareWaiver,
  waiverOf,
} from "./played-nights.ts";

/** What the auditor remembers of a finding: since when, whether it fails, how bad it is, and which audit told it last. */
type Memory = { since: string; fails: boolean; severity: string; toldAt: string };
/** An audit with what was remembered when it read the state. */
type Counted = PlayedAudit & {
  memory: ReadonlyMap<number, Memory>;
  owed: ReadonlyMap<string, ReadonlySet<string>>;
};
/** One time in which a finding failed. */
export type Span = {
  id: string;
  severity: string;
  opened: string;
  resolved: string | null;
  end: string;
  stale: boolean;
  daysOpen: number;
};

const dayOf = (time: string) => time.slice(0, 10);
const earlier = (a: string, b: string) => (a < b ? a : b);
const daysFrom = (from: string, to: string) =>
  Math.max(0, Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / 86_400_000));

/** Which deliveries an audit tells, and what it owes after them. */
type Told = { auditId: string; notifier: string; alerts: number; owed: number };

/** Plays the memory of the auditor again: what each audit knew when it began, and what it told. */
function remembered(history: readonly PlayedRound[]) {
  let memory = new Map<number, Memory>();
  let owed = new Map<string, Set<string>>();
  const audits: Counted[] = [];
  const told: Told[] = [];
  for (const { audits: here, ended } of history) {
    const began = { memory: new Map(memory), owed: new Map(owed) };
    audits.push(
      ...here
        .map((one) => ({ ...one, owed: began.owed, memory: clampedAt(began.memory, one.startedAt) }))
        .toSorted((a, b) => (a.auditId < b.auditId ? -1 : 1)),
    );
    for (const one of ended) {
      memory = clampedAt(memory, one.startedAt);
      for (const which of numbers) {
        if (!looksAt(one, which)) continue;
        const known = memory.get(which);
        const toldAt = one.startedAt;
        if (!canRead(one, which)) {
          if (known?.fails === true) memory.set(which, { ...known, toldAt });
        } else if (one.seen[which] === "pass") memory.delete(which);
        else {
          const fails = one.seen[which] === "fail";
          const severity = severityOf(which, one.policy);
          memory.set(which, { since: known?.since ?? one.startedAt, fails, severity, toldAt });
        }
      }
      owed = new Map(owed);
      for (const [index, notifier] of notifiers.entries()) {
        const drawn = one.told[index];
        const now = new Set(owed.get(notifier));
        if (drawn?.asked === true) {
          const news = Array.from({ length: drawn.news }, (_none, number) => `${one.auditId} ${number}`);
          const alerts = new Set([...(began.owed.get(notifier) ?? []), ...news]);
          for (const alert of alerts) {
            if (drawn.arrives) now.delete(alert);
            else now.add(alert);
          }
          told.push({ auditId: one.auditId, notifier, alerts: alerts.size, owed: now.size });
        }
        owed.set(notifier, now);
      }
    }
  }
  return { audits, told };
}

/** A time that is still to come counts as now. */
function clampedAt(memory: ReadonlyMap<number, Memory>, now: string) {
  return new Map([...memory].map(([which, one]) => [which, { ...one, since: earlier(one.since, now) }]));
}

function noSpan(): { opened: string; severity: string; stale: boolean } | null {
  return null;
}

/** The spans of one finding, from what each of the audits saw. */
function spansOf(which: number, audits: readonly Counted[]): readonly Span[] {
  const spans: (Span & { last: string | null })[] = [];
  let open = noSpan();
  const id = `f-${which}`;
  for (const one of audits) {
    const known = one.memory.get(which);
    const wasFailing = known?.fails === true;
    const severity = severityOf(which, one.policy);
    const end = (how: string, worst: string, last: string | null) => {
      const opened = earlier(open?.opened ?? "9", last === null ? "9" : (known?.since ?? "9"));
      const daysOpen = daysFrom(opened, one.startedAt);
      spans.push({
        id,
        severity: worst,
        opened,
        resolved: one.startedAt,
        end: how,
        stale: false,
        daysOpen,
        last,
      });
      open = noSpan();
    };
    if (!looksAt(one, which)) continue;
    if (!canRead(one, which)) {
      if (wasFailing) {
        open = { opened: earlier(open?.opened ?? "9", known.since), severity: known.severity, stale: true };
      } else if (open !== null) open = { ...open, stale: true };
      continue;
    }
    if (one.seen[which] === "fail") {
      open = { opened: earlier(open?.opened ?? "9", known?.since ?? one.startedAt), severity, stale: false };
      continue;
    }
    const before = spans.at(-1);
    const isOver =
      open === null &&
      before !== undefined &&
      (before.last === null
        ? (known?.since ?? "") <= (before.resolved ?? "")
        : before.last === known?.toldAt);
    const isWaived = one.seen[which] === "waived";
    if (wasFailing) {
      if (!isOver) end(isWaived ? "waived" : "resolved", isWaived ? severity : known.severity, known.toldAt);
    } else if (open !== null && isWaived) {
      const opened = earlier(open.opened, known?.since ?? one.startedAt);
      open = { ...open, opened };
      end("waived", severity, null);
    } else if (open !== null && one.narrowed === null) end("resolved", open.severity, null);
  }
  const last = audits.at(-1);
  const ended = spans.map(({ last: _last, ...span }): Span => span);
  if (open === null || last === undefined) return ended;
  const daysOpen = daysFrom(open.opened, last.startedAt);
  return [...ended, { id, ...open, resolved: null, end: "open", daysOpen }];
}

/** A period, and which reports are stored. */
export type CountOptions = { from: string; to: string; isStored: (auditId: string) => boolean };

/** Counts what a played history holds, by itself: nothing here is of the auditor. */
export function counted(history: readonly PlayedRound[], { from, to, isStored }: CountOptions) {
  const { audits: all, told } = remembered(history);
  const audits = all.filter(
    ({ startedAt, auditId }) => dayOf(startedAt) >= from && dayOf(startedAt) <= to && isStored(auditId),
  );
  const days: string[] = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += 86_400_000) {
    days.push(new Date(day).toISOString().slice(0, 10));
  }
  const covered = audits.filter(({ narrowed }) => narrowed === null).map(({ startedAt }) => dayOf(startedAt));
  const spans = numbers.flatMap((which) => spansOf(which, audits));
  return {
    missing: days.filter((day) => !covered.includes(day)),
    days: days.length,
    audits: audits.toSorted((a, b) => (a.auditId < b.auditId ? -1 : 1)).map(populationOf),
    spans,
    resolution: severities.map((severity) => {
      const ofSeverity = spans.filter((span) => span.severity === severity);
      const taken = ofSeverity.filter(({ end }) => end === "resolved").map(({ daysOpen }) => daysOpen);
      return {
        severity,
        resolved: taken.length,
        open: ofSeverity.filter(({ end }) => end === "open").length,
        waived: ofSeverity.filter(({ end }) => end === "waived").length,
        medianDays: middleOf(taken),
        worstDays: taken.length === 0 ? null : Math.max(...taken),
      };
    }),
    requirements: ["own-0", "own-1", "own-2", "own-all"].map((requirement) => {
      const of = numbers
        .filter((which) => requirementsOf(which).includes(requirement))
        .map((which) => `f-${which}`);
      const its = spans.filter(({ id }) => of.includes(id));
      const many = (how: string) => its.filter(({ end }) => end === how).length;
      return {
        requirement,
        findings: its.length,
        resolved: many("resolved"),
        waived: many("waived"),
        open: many("open"),
        worstDays: its.length === 0 ? null : Math.max(...its.map(({ daysOpen }) => daysOpen)),
      };
    }),
    waivers: [...[0, 1].map((which) => waiverOf(which).reason), spareWaiver.reason].map((reason) => {
      const uses = numbers
        .filter((which) => waiverOf(which).reason === reason)
        .flatMap((which) =>
          audits
            .filter((one) => looksAt(one, which) && canRead(one, which) && one.seen[which] === "waived")
            .map(({ startedAt }) => ({ which, day: dayOf(startedAt) })),
        );
      const usedOn = uses.map(({ day }) => day).toSorted();
      return {
        reason,
        isListed:
          uses.length > 0 || (reason === spareWaiver.reason && audits.some((one) => one.hasSpareWaiver)),
        findings: new Set(uses.map(({ which }) => which)).size,
        firstUsed: usedOn[0] ?? null,
        lastUsed: usedOn.at(-1) ?? null,
      };
    }),
    policies: policySpans(audits),
    deliveries: told.filter(({ auditId }) => audits.some((one) => one.auditId === auditId)),
    unread: unreadIn(audits),
    withGaps: audits.filter(
      (one) => one.narrowed === null && populationOf(one).partial + populationOf(one).unreachable > 0,
    ).length,
    before: spans.filter(({ opened }) => dayOf(opened) < from).length,
  };
}

function middleOf(values: readonly number[]): number | null {
  const rest = values.toSorted((a, b) => a - b);
  while (rest.length > 2) {
    rest.shift();
    rest.pop();
  }
  return rest.length === 0 ? null : rest.reduce((sum, one) => sum + one, 0) / rest.length;
}

function unreadIn(audits: readonly PlayedAudit[]) {
  const whole = audits.filter(({ narrowed }) => narrowed === null);
  const isUnread = [
    ...accounts.map((account, index) => ({
      account,
      reasons: ["denied-by-scp"],
      is: (one: PlayedAudit) => one.unreadable[index] === true,
    })),
    ...[0, 1].map((index) => ({
      account: `99990000000${index}`,
      reasons: ["throttled"],
      is: (one: PlayedAudit) => one.partial > index,
    })),
  ];
  return isUnread
    .map(({ account, reasons, is }) => {
      const days = whole.filter(is).map(({ startedAt }) => dayOf(startedAt));
      const region = account.startsWith("9999") ? "us-east-1" : "eu-west-1";
      return {
        account,
        regions: [region],
        audits: days.length,
        from: days.toSorted()[0],
        to: days.toSorted().at(-1),
        reasons,
      };
    })
    .filter(({ audits: many }) => many > 0)
    .toSorted((a, b) => b.audits - a.audits || (a.account < b.account ? -1 : 1));
}

function populationOf(one: PlayedAudit) {
  const read = [0, 1, 2].filter((index) => one.narrowed === null || one.narrowed === index);
  const unreachable = read.filter((index) => one.unreadable[index] === true).length;
  const gaps = [
    { state: "partial", reason: "throttled", gaps: one.partial },
    { state: "unreachable", reason: "denied-by-scp", gaps: unreachable },
  ];
  const excludedBy = [
    { reason: "excluded-by-policy", accounts: one.excluded - 1 },
    { reason: "not-active", accounts: Math.min(1, one.excluded) },
  ];
  return {
    auditId: one.auditId,
    startedAt: one.startedAt,
    trigger: one.trigger,
    scope: one.narrowed === null ? "whole" : "narrowed",
    planned: one.audited + one.partial + unreachable,
    audited: one.audited,
    partial: one.partial,
    unreachable,
    excluded: one.excluded,
    gaps: gaps.filter(({ gaps: many }) => many > 0),
    excludedBy: excludedBy.filter(({ accounts: many }) => many > 0),
    policyDigest: `sha256:${one.policy}`,
  };
}

function policySpans(audits: readonly PlayedAudit[]) {
  const spans: { policy: number; days: string[] }[] = [];
  for (const { policy, startedAt } of audits) {
    const last = spans.at(-1);
    if (last?.policy === policy) last.days.push(dayOf(startedAt));
    else spans.push({ policy, days: [dayOf(startedAt)] });
  }
  return spans.map(({ policy, days }, index) => {
    const before = spans[index - 1]?.policy;
    const names = before === undefined ? [] : ["name"];
    const strict = before !== undefined && (before === 2) !== (policy === 2) ? ["strict"] : [];
    return {
      digest: `sha256:${policy}`,
      audits: days.length,
      from: days.toSorted()[0],
      to: days.toSorted().at(-1),
      sections: [...names, ...strict],
    };
  });
}
