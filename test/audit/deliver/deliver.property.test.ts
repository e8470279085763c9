import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryTimeoutError } from "../../../src/audit/deliver/deliver.ts";
import { noCounts } from "../../../src/audit/evaluate/collect-findings.ts";
import type { Clock, Notifier, NotifierCall } from "../../../src/audit/ports.ts";
import { finalize } from "../../../src/audit/run.ts";
import type { Finding } from "../../../src/schemas/finding.ts";
import type { Report } from "../../../src/schemas/report.ts";
import { aPolicy, aRule, NOW } from "../../support/builders.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { aFailure, anAudit, auditScopeOf } from "../compare/support.ts";
import { memoryStore } from "../recording-notifiers.ts";

const prefixes = ["docker-hub", "quay", "ghcr", "k8s"];

/** How a notifier behaves for a night. */
type Mood =
  | { readonly kind: "takes"; readonly after: number }
  | { readonly kind: "fails"; readonly after: number }
  /** Takes one alert after the other, and says so. */
  | { readonly kind: "is slow"; readonly each: number }
  /** Takes some alerts, says so, and refuses the others. */
  | { readonly kind: "is choosy"; readonly refuses: readonly number[] }
  | { readonly kind: "is silent"; readonly heeds: boolean };

const delay = fc.integer({ min: 0, max: 40_000 });
const mood: fc.Arbitrary<Mood> = fc.oneof(
  fc.record({ kind: fc.constant("takes" as const), after: delay }),
  fc.record({ kind: fc.constant("fails" as const), after: delay }),
  fc.record({ kind: fc.constant("is slow" as const), each: delay }),
  fc.record({ kind: fc.constant("is choosy" as const), refuses: fc.subarray([0, 1, 2, 3, 4, 5]) }),
  fc.record({ kind: fc.constant("is silent" as const), heeds: fc.boolean() }),
);
const calm: Mood = { kind: "takes", after: 0 };

type Night = {
  readonly failing: readonly string[];
  readonly rules: readonly string[];
  readonly bus: Mood;
  readonly hub: Mood;
  readonly topic: Mood;
};
const night: fc.Arbitrary<Night> = fc.record({
  failing: fc.subarray(prefixes),
  rules: fc.subarray(prefixes),
  bus: mood,
  hub: mood,
  topic: mood,
});

function alertsIn({ findings, drift }: Pick<Report, "findings" | "drift">): readonly string[] {
  return [...findings, ...drift].flatMap(({ eventId }) => eventId ?? []);
}

/** A notifier whose behaviour changes from night to night, and the alerts that it took. */
function aMoodyOutlet(name: string, clock: Clock) {
  const took: string[] = [];
  /** The status in the last alert of each finding, and how many nights ago it was taken. */
  const words = new Map<string, { readonly status: Finding["status"]; readonly night: number }>();
  let night = -1;
  const hear = (report: Report, eventId: string) => {
    took.push(eventId);
    const finding = report.findings.find((one) => one.eventId === eventId);
    if (finding !== undefined) words.set(finding.id, { status: finding.status, night });
  };
  let current: Mood = calm;
  const deliverReport = async (report: Report, { signal, onTaken }: NotifierCall): Promise<void> => {
    switch (current.kind) {
      case "takes":
        await clock.sleep(current.after, signal);
        signal.throwIfAborted();
        for (const alert of alertsIn(report)) hear(report, alert);
        return;
      case "fails":
        await clock.sleep(current.after, signal);
        throw new RangeError(`${name} is down`);
      case "is slow":
        for (const alert of alertsIn(report)) {
          await clock.sleep(current.each, signal);
          signal.throwIfAborted();
          hear(report, alert);
          onTaken(alert);
        }
        return;
      case "is choosy":
        for (const [index, alert] of alertsIn(report).entries()) {
          if (current.refuses.includes(index)) continue;
          hear(report, alert);
          onTaken(alert);
        }
        throw new RangeError(`${name} refused some alerts`);
      case "is silent":
        await new Promise((_keep, reject) => {
          if (current.kind === "is silent" && current.heeds) signal.addEventListener("abort", reject);
        });
    }
  };
  const notifier: Notifier = {
    name,
    listeners: null,
    deliver: (report, _location, call) => deliverReport(report, call),
  };
  return {
    notifier,
    took,
    words,
    be: (next: Mood) => {
      current = next;
      night += 1;
    },
  };
}

const timeLeftAtFirst = 60_000;
const writingTakes = 4_000;

/** How nights are played. */
type Playing = {
  readonly policy: ReturnType<typeof aPolicy>;
  /** Looks at what the topic was told until then. */
  readonly afterNight?: (
    night: Night,
    index: number,
    heard: ReadonlyMap<string, { readonly status: Finding["status"]; readonly night: number }>,
  ) => void;
};

/** Runs audits for consecutive nights. Returns the alerts, and those that each notifier took. */
async function play(
  nights: readonly Night[],
  { policy, afterNight = () => undefined }: Playing = { policy: aPolicy() },
) {
  const { clock, during, pass } = virtualClock(NOW);
  const memory = memoryStore();
  const store = {
    ...memory.store,
    writeState: async (...write: Parameters<typeof memory.store.writeState>) => {
      await clock.sleep(writingTakes);
      return memory.store.writeState(...write);
    },
  };
  const [bus, hub, topic] = [
    aMoodyOutlet("bus", clock),
    aMoodyOutlet("hub", clock),
    aMoodyOutlet("topic", clock),
  ];
  const notifiers = {
    integrations: [bus.notifier, hub.notifier],
    topic: () => topic.notifier,
    defaultTopic: "topic",
  };
  const alerts: string[] = [];
  const ofFindings: Alert[] = [];
  const failures: unknown[] = [];
  const loaded = { policy, digest: "sha256:0" };
  for (const [index, night] of nights.entries()) {
    const { failing, rules, ...moods } = night;
    for (const [notifier, next] of [
      [bus, moods.bus],
      [hub, moods.hub],
      [topic, moods.topic],
    ] as const) {
      notifier.be(next);
    }
    const startedAt = clock.now();
    const end = startedAt.getTime() + timeLeftAtFirst;
    const auditId = `audit-${index}`;
    const waivers = { expired: [], expiring: [], unused: [] };
    const auditScope = auditScopeOf(rules.map((prefix) => aRule({ ecrRepositoryPrefix: prefix })));
    const findings = failing.map((prefix) => aFailure({ prefix }));
    const { coverage } = anAudit();
    const evaluation = {
      coverage,
      registries: [],
      rules: 1,
      counts: noCounts(),
      findings,
      waivers,
      accountEmails: new Map<string, string>(),
      auditScope,
    };
    const { report, failure } = await during(
      finalize(evaluation, { auditId, trigger: "schedule", startedAt, finishedAt: startedAt }, loaded, {
        store,
        stored: await store.readState(),
        notifiers,
        dryRun: false,
        notify: null,
        clock,
        timeLeft: () => end - clock.now().getTime(),
        renderFiles: async () => [],
      }),
    );
    alerts.push(...alertsIn(report));
    ofFindings.push(
      ...report.findings.flatMap(({ id, eventId }) => (eventId === null ? [] : [{ id, eventId }])),
    );
    failures.push(failure);
    expect(memory.state()?.auditId).toBe(auditId);
    expect(memory.kept.at(-1)?.auditId).toBe(auditId);
    expect(clock.now().getTime()).toBeLessThanOrEqual(end);
    afterNight(night, index, topic.words);
    pass(86_400_000);
  }
  const { pending } = memory.state() ?? {};
  const words = { bus: bus.words, hub: hub.words, topic: topic.words };
  return { alerts, ofFindings, failures, pending, words, bus: bus.took, hub: hub.took, topic: topic.took };
}

type Alert = Pick<Finding, "id"> & { readonly eventId: string };

/** The alerts, from old to new, that are missing: not taken, and with none after them about the same finding. */
function missing(alerts: readonly Alert[], taken: readonly string[]): readonly string[] {
  const last = new Map<string, number>();
  for (const [index, { id, eventId }] of alerts.entries()) if (taken.includes(eventId)) last.set(id, index);
  return alerts.flatMap(({ id, eventId }, index) => (index > (last.get(id) ?? -1) ? [eventId] : []));
}

const quietNight: Night = { failing: [], rules: prefixes, bus: calm, hub: calm, topic: calm };

describe("notifiers that are silent, slow or down", () => {
  it("lose no alert, get each under one id, and never cost the state or the report", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 1, maxLength: 4 }), async (nights) => {
        const { alerts, ofFindings, pending = {}, ...took } = await play([...nights, quietNight]);
        const all = [...new Set(alerts)].sort();
        expect(all).toHaveLength(alerts.length);
        const findings = new Set(ofFindings.map(({ eventId }) => eventId));
        for (const notifier of [took.bus, took.hub]) {
          expect(all.filter((alert) => !findings.has(alert) && !notifier.includes(alert))).toEqual([]);
          expect(missing(ofFindings, notifier)).toEqual([]);
          expect(new Set(notifier).size).toBe(notifier.length);
        }
        // Topics are notified of drift together with findings. Until then, undelivered drift stays in the state.
        const kept = alertsIn(pending["topic"] ?? { findings: [], drift: [] });
        const heardOrKept = new Set([...took.topic, ...kept]);
        expect(all.filter((alert) => heardOrKept.has(alert))).toEqual([...heardOrKept].sort());
        expect(missing(ofFindings, took.topic)).toEqual([]);
        expect(pending).toEqual(
          kept.length === 0 ? {} : { topic: { findings: [], drift: expect.anything() } },
        );
      }),
    );
  });

  it("have the last word right once they take alerts again, whatever they missed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(night, { minLength: 1, maxLength: 8 }),
        fc.subarray(prefixes),
        async (nights, failing) => {
          // The resolution of what goes to and fro may be told a day late.
          const end = { ...quietNight, failing };
          const { words } = await play([...nights, end, end]);
          const fails = failing.map((prefix) => aFailure({ prefix }).id).sort();
          for (const told of Object.values(words)) {
            const lastWords = [...told].flatMap(([id, { status }]) => (status === "FAIL" ? [id] : []));
            expect(lastWords.sort()).toEqual(fails);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are told of what fails as often as the policy asks, whenever somebody hears them", async () => {
    const remindAfterDays = 3;
    const policy = aPolicy({ notifications: { remindAfterDays } });
    const dark: fc.Arbitrary<Mood> = fc.record({ kind: fc.constant("fails" as const), after: delay });
    const topic = fc.oneof({ weight: 2, arbitrary: fc.constant(calm) }, { weight: 1, arbitrary: dark });
    const failing = fc.oneof(fc.constant(prefixes), fc.subarray(prefixes));
    const nights = fc.array(fc.record({ topic, failing }), { minLength: 8, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(nights, async (given) => {
        await play(
          given.map((one) => ({ ...quietNight, ...one })),
          {
            policy,
            afterNight: (night, index, heard) => {
              if (night.topic !== calm) return;
              for (const prefix of night.failing) {
                const last = heard.get(aFailure({ prefix }).id);
                expect(last?.status).toBe("FAIL");
                expect(index - (last?.night ?? -1)).toBeLessThan(remindAfterDays);
              }
            },
          },
        );
      }),
      { numRuns: 60 },
    );
  });

  it("are notified concurrently: a silent one does not delay the others, and is named", async () => {
    const silent: Mood = { kind: "is silent", heeds: false };
    const first: Night = {
      ...quietNight,
      failing: prefixes,
      bus: silent,
      hub: { kind: "takes", after: 40_000 },
    };
    const { alerts, failures, hub, topic } = await play([first]);
    expect([hub, topic]).toEqual([alerts, alerts]);
    expect(failures).toMatchObject([
      {
        name: "DeliveryError",
        message: expect.stringMatching(/bus: DeliveryTimeoutError: .* The next audit delivers/),
      },
    ]);
    expect(new DeliveryTimeoutError().message).toContain("The next audit delivers the missing alerts");
  });

  it("that got some of the alerts get only the rest", async () => {
    const slow: Night = { ...quietNight, failing: prefixes, bus: { kind: "is slow", each: 20_000 } };
    const { alerts, bus } = await play([slow, { ...quietNight, failing: prefixes }]);
    expect(bus.toSorted()).toEqual(alerts.toSorted());
    expect(bus).toHaveLength(prefixes.length);
  });
});
