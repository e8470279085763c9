import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import type { AuditEvaluation } from "../../src/audit/evaluate/accumulator.ts";
import { type EvaluatedFinding, noCounts } from "../../src/audit/evaluate/collect-findings.ts";
import type { FinalizeOptions } from "../../src/audit/options.ts";
import { type AuditStore, type RenderedFile, StoreError } from "../../src/audit/ports.ts";
import { finalize } from "../../src/audit/run.ts";
import { registryKey } from "../../src/ecr/registry.ts";
import { aClock, aPolicy, aRule } from "../support/builders.ts";
import { aFailure, anAudit, anAuditScope, day } from "./compare/support.ts";
import { type Delivered, memoryStore, recordingNotifiers } from "./recording-notifiers.ts";

const loaded = { policy: aPolicy(), digest: "sha256:0" };
const failure = aFailure();
const other = aFailure({ region: "us-east-1" });

function auditEvaluationOf(
  findings: readonly EvaluatedFinding[],
  auditScope = anAuditScope(),
): AuditEvaluation {
  const { coverage } = anAudit();
  const waivers = { expired: [], expiring: [], unused: [] };
  const accountEmails = new Map<string, string>();
  return {
    coverage,
    registries: [],
    rules: 1,
    counts: noCounts(),
    findings,
    waivers,
    accountEmails,
    auditScope,
  };
}

/** Finalizes audits, one a day, with notifiers and a store that can be made to fail. */
function aFinalizer(name = "audit") {
  const memory = memoryStore();
  const recording = recordingNotifiers();
  let days = 0;
  const audit = async (
    findings: readonly EvaluatedFinding[],
    options: Partial<FinalizeOptions> = {},
    auditScope = anAuditScope(),
  ) => {
    const at = day(days);
    days += 1;
    const head = { auditId: `${name}-${days}`, trigger: "schedule", startedAt: at, finishedAt: at } as const;
    const stored = await memory.store.readState();
    return finalize(auditEvaluationOf(findings, auditScope), head, loaded, {
      store: memory.store,
      stored,
      notifiers: recording.notifiers,
      dryRun: false,
      notify: null,
      clock: aClock(),
      renderFiles: async () => [],
      ...options,
    });
  };
  return { ...memory, ...recording, audit };
}

function alertsTo(delivered: readonly Delivered[], name: string) {
  return delivered
    .filter(({ notifier }) => notifier === name)
    .map(({ report }) =>
      report.findings.flatMap(({ transition, eventId }) => (eventId === null ? [] : [transition])),
    );
}

describe("an audit", () => {
  it("is stored, delivered with its location, and persisted", async () => {
    const finalizer = aFinalizer();
    const { report, location, failure: wrong } = await finalizer.audit([failure]);
    expect(wrong).toBeNull();
    expect(location).toBe("memory/audit-1");
    expect(finalizer.kept).toEqual([report]);
    expect(finalizer.delivered.map(({ notifier, location: storage }) => [notifier, storage])).toEqual([
      ["bus", "memory/audit-1"],
      ["default", "memory/audit-1"],
    ]);
    expect(Object.keys(finalizer.state()?.findings ?? {})).toEqual([failure.id]);
  });

  it("is a baseline when it is the first of its store, and then no more", async () => {
    const finalizer = aFinalizer();
    const reports = [await finalizer.audit([failure]), await finalizer.audit([failure])];
    expect(reports.map(({ report }) => report.baseline)).toEqual([true, false]);
    const alone = await finalizer.audit([failure], { store: null, stored: null });
    expect(alone.report.baseline).toBe(false);
  });

  it("notifies no topic when nothing changed, and reports every audit to integrations", async () => {
    const finalizer = aFinalizer();
    await finalizer.audit([failure]);
    await finalizer.audit([failure]);
    expect(alertsTo(finalizer.delivered, "default")).toEqual([["opened"]]);
    expect(alertsTo(finalizer.delivered, "bus")).toEqual([["opened"], []]);
  });

  it("adds its figures to the history, with the location of its report", async () => {
    const finalizer = aFinalizer();
    await finalizer.audit([]);
    await finalizer.audit([failure], {}, anAuditScope({ wholeScope: false }));
    expect(finalizer.state()?.history).toMatchObject([
      { auditId: "audit-1", wholeScope: true, location: "memory/audit-1" },
      {
        auditId: "audit-2",
        wholeScope: false,
        location: "memory/audit-2",
        status: "non-compliant",
        summary: { failing: { high: 1 } },
      },
    ]);
  });

  it("stores the files rendered from its report and from the history, including itself", async () => {
    const finalizer = aFinalizer();
    const keptBeside: (readonly RenderedFile[])[] = [];
    const store: AuditStore = {
      ...finalizer.store,
      keepReport: (report, files) => {
        keptBeside.push(files);
        return finalizer.store.keepReport(report, files);
      },
    };
    const renderFiles: FinalizeOptions["renderFiles"] = async (report, history) => [
      { name: "report.txt", contentType: "text/plain", text: JSON.stringify([report.auditId, history]) },
    ];
    await finalizer.audit([], { store, renderFiles });
    await finalizer.audit([], { store, renderFiles });
    const [auditId, history] = JSON.parse(keptBeside[1]?.[0]?.text ?? "");
    expect([auditId, history]).toMatchObject([
      "audit-2",
      [
        { auditId: "audit-1", location: "memory/audit-1" },
        { auditId: "audit-2", location: null },
      ],
    ]);
  });

  it("that runs dry leaves nothing behind", async () => {
    const finalizer = aFinalizer();
    const { report, location } = await finalizer.audit([failure], { dryRun: true });
    expect(report.findings).toHaveLength(1);
    expect([location, finalizer.state(), finalizer.kept, finalizer.delivered]).toEqual([null, null, [], []]);
  });
});

describe("a failing notifier", () => {
  it("is named, does not affect other notifiers, and the audit is persisted", async () => {
    const finalizer = aFinalizer();
    finalizer.broken.add("default");
    const { failure: wrong } = await finalizer.audit([failure]);
    expect(wrong).toEqual(new DeliveryError([{ name: "default", error: new RangeError("default is down") }]));
    expect(alertsTo(finalizer.delivered, "bus")).toEqual([["opened"]]);
    expect(Object.keys(finalizer.state()?.pending ?? {})).toEqual(["default"]);
  });

  it("gets its alerts from the next audit, once, under the same ID", async () => {
    const finalizer = aFinalizer();
    finalizer.broken.add("default");
    await finalizer.audit([failure]);
    finalizer.broken.clear();
    await finalizer.audit([failure]);
    await finalizer.audit([failure]);
    expect(alertsTo(finalizer.delivered, "default")).toEqual([["opened"]]);
    const ids = finalizer.delivered.flatMap(({ report }) =>
      report.findings.flatMap(({ eventId }) => eventId ?? []),
    );
    expect(new Set(ids).size).toBe(1);
    expect(finalizer.state()?.pending).toEqual({});
  });

  it("is notified of the resolution of what opened and was resolved in the meantime", async () => {
    const finalizer = aFinalizer();
    finalizer.broken.add("default");
    await finalizer.audit([failure]);
    await finalizer.audit([]);
    finalizer.broken.clear();
    await finalizer.audit([]);
    expect(alertsTo(finalizer.delivered, "default").map((transitions) => transitions.toSorted())).toEqual([
      ["resolved"],
    ]);
  });

  it("is also notified by an audit with another scope", async () => {
    const finalizer = aFinalizer();
    finalizer.broken.add("default");
    await finalizer.audit([failure]);
    finalizer.broken.clear();
    const elsewhere = anAuditScope({
      wholeScope: false,
      registries: new Map([["999999999999/eu-west-1", []]]),
    });
    await finalizer.audit([], {}, elsewhere);
    expect(alertsTo(finalizer.delivered, "default")).toEqual([["opened"]]);
  });

  it("has no undelivered alerts when notifications are turned off", async () => {
    const finalizer = aFinalizer();
    finalizer.broken.add("default");
    await finalizer.audit([failure], { notify: "never" });
    expect(finalizer.state()?.pending).toEqual({});
  });
});

describe("a failing store", () => {
  it("does not keep alerts from being delivered, and is reported afterwards", async () => {
    const finalizer = aFinalizer();
    const down = new StoreError("memory is down");
    const store = {
      ...finalizer.store,
      keepReport: () => Promise.reject(down),
      writeState: () => Promise.reject(down),
    };
    const { location, failure: wrong } = await finalizer.audit([failure], { store });
    expect([location, wrong]).toEqual([null, down]);
    expect(alertsTo(finalizer.delivered, "default")).toEqual([["opened"]]);
  });

  it("is named together with a failing notifier: neither hides the other", async () => {
    const finalizer = aFinalizer();
    finalizer.broken.add("default");
    const down = new StoreError("memory is down");
    const writeState = () => Promise.reject(down);
    const { failure: wrong } = await finalizer.audit([failure], {
      store: { ...finalizer.store, writeState },
    });
    const notifier = { name: "default", error: new RangeError("default is down") };
    expect(wrong).toEqual(new DeliveryError([notifier, { name: "store", error: down }]));
  });

  it("makes the next audit repeat its alerts, under the same ID", async () => {
    const finalizer = aFinalizer();
    const writeState = () => Promise.reject(new StoreError("memory is down"));
    await finalizer.audit([failure], { store: { ...finalizer.store, writeState } });
    await finalizer.audit([failure]);
    const ids = finalizer.delivered.map(({ report }) => report.findings[0]?.eventId);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(1);
  });

  it("does not hide a defect", async () => {
    const writeState = () => Promise.reject(new TypeError("a defect"));
    const finalizer = aFinalizer();
    await expect(finalizer.audit([failure], { store: { ...finalizer.store, writeState } })).rejects.toThrow(
      TypeError,
    );
  });
});

describe("two audits at once", () => {
  const here = anAuditScope({ wholeScope: false });
  const there = anAuditScope({ wholeScope: false, registries: new Map([[registryKey(other), [aRule()]]]) });

  /** Lets another audit write its state just before `finalizer` first tries to write. */
  async function raced(
    finalizer: ReturnType<typeof aFinalizer>,
    ...rival: Parameters<typeof finalizer.audit>
  ) {
    const faster = aFinalizer("faster");
    const before = finalizer.state();
    if (before !== null) faster.put(before);
    await faster.audit(...rival);
    const after = faster.state();
    if (after !== null) finalizer.beforeNextWrite(() => finalizer.put(after));
  }

  it("lose nothing of each other: the slower one compares again", async () => {
    const finalizer = aFinalizer();
    await raced(finalizer, [other], {}, there);
    const { failure: wrong } = await finalizer.audit([failure], {}, here);
    expect(wrong).toBeNull();
    const { findings = {}, registries = {}, pending } = finalizer.state() ?? {};
    expect(Object.values(findings).filter(({ open }) => open)).toHaveLength(2);
    expect(Object.keys(registries)).toHaveLength(2);
    expect(pending).toEqual({});
    expect(finalizer.state()?.history).toHaveLength(2);
  });

  it("leave undelivered what is only news compared with the faster one", async () => {
    const finalizer = aFinalizer();
    await finalizer.audit([failure]);
    await raced(finalizer, [aFailure({ kind: "other" })]);
    await finalizer.audit([failure]);
    expect(alertsTo(finalizer.delivered, "default")).toEqual([["opened"]]);
    expect(finalizer.state()?.pending).toMatchObject({
      bus: { findings: [{ id: failure.id, transition: "changed" }] },
      default: { findings: [{ id: failure.id, transition: "changed" }] },
    });
  });

  it("give up in the end, and say so", async () => {
    const finalizer = aFinalizer();
    const { failure: wrong } = await finalizer.audit([failure], {
      store: { ...finalizer.store, writeState: async () => false },
    });
    expect(wrong).toBeInstanceOf(StoreError);
    expect(wrong?.message).toContain("Run fewer audits at once");
  });
});
