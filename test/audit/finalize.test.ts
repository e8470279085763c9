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
  return { coverage, registries: [], rules: 1, counts: noCounts(), findings, waivers, auditScope };
}

/** An office in which audits are concluded, one a day, with outlets and a store that can be made to fail. */
function anOffice(name = "audit") {
  const memory = memoryStore();
  const snapshotFile = recordingNotifiers();
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
      notifiers: snapshotFile.notifiers,
      dryRun: false,
      notify: null,
      clock: aClock(),
      renderFiles: async () => [],
      ...options,
    });
  };
  return { ...memory, ...snapshotFile, audit };
}

function alertsTo(delivered: readonly Delivered[], name: string) {
  return delivered
    .filter(({ notifier }) => notifier === name)
    .map(({ report }) =>
      report.findings.flatMap(({ transition, eventId }) => (eventId === null ? [] : [transition])),
    );
}

describe("an audit", () => {
  it("is kept, told with its place, and remembered", async () => {
    const office = anOffice();
    const { report, location, failure: wrong } = await office.audit([failure]);
    expect(wrong).toBeNull();
    expect(location).toBe("memory/audit-1");
    expect(office.kept).toEqual([report]);
    expect(office.delivered.map(({ notifier, location: storage }) => [notifier, storage])).toEqual([
      ["bus", "memory/audit-1"],
      ["default", "memory/audit-1"],
    ]);
    expect(Object.keys(office.state()?.findings ?? {})).toEqual([failure.id]);
  });

  it("is a baseline when it is the first of its store, and then no more", async () => {
    const office = anOffice();
    const reports = [await office.audit([failure]), await office.audit([failure])];
    expect(reports.map(({ report }) => report.baseline)).toEqual([true, false]);
    const alone = await office.audit([failure], { store: null, stored: null });
    expect(alone.report.baseline).toBe(false);
  });

  it("tells people nothing when nothing changed, and machines that it was done", async () => {
    const office = anOffice();
    await office.audit([failure]);
    await office.audit([failure]);
    expect(alertsTo(office.delivered, "default")).toEqual([["opened"]]);
    expect(alertsTo(office.delivered, "bus")).toEqual([["opened"], []]);
  });

  it("adds its figures to the history, under the place of its report", async () => {
    const office = anOffice();
    await office.audit([]);
    await office.audit([failure], {}, anAuditScope({ wholeScope: false }));
    expect(office.state()?.history).toMatchObject([
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

  it("keeps beside its report what is rendered of it and of the history, itself included", async () => {
    const office = anOffice();
    const keptBeside: (readonly RenderedFile[])[] = [];
    const store: AuditStore = {
      ...office.store,
      keepReport: (report, files) => {
        keptBeside.push(files);
        return office.store.keepReport(report, files);
      },
    };
    const renderFiles: FinalizeOptions["renderFiles"] = async (report, history) => [
      { name: "report.txt", contentType: "text/plain", text: JSON.stringify([report.auditId, history]) },
    ];
    await office.audit([], { store, renderFiles });
    await office.audit([], { store, renderFiles });
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
    const office = anOffice();
    const { report, location } = await office.audit([failure], { dryRun: true });
    expect(report.findings).toHaveLength(1);
    expect([location, office.state(), office.kept, office.delivered]).toEqual([null, null, [], []]);
  });
});

describe("an outlet that is down", () => {
  it("is named, keeps nobody else from being told, and the audit is remembered", async () => {
    const office = anOffice();
    office.broken.add("default");
    const { failure: wrong } = await office.audit([failure]);
    expect(wrong).toEqual(new DeliveryError([{ name: "default", error: new RangeError("default is down") }]));
    expect(alertsTo(office.delivered, "bus")).toEqual([["opened"]]);
    expect(Object.keys(office.state()?.pending ?? {})).toEqual(["default"]);
  });

  it("is told by the next audit, once, under the same id", async () => {
    const office = anOffice();
    office.broken.add("default");
    await office.audit([failure]);
    office.broken.clear();
    await office.audit([failure]);
    await office.audit([failure]);
    expect(alertsTo(office.delivered, "default")).toEqual([["opened"]]);
    const ids = office.delivered.flatMap(({ report }) =>
      report.findings.flatMap(({ eventId }) => eventId ?? []),
    );
    expect(new Set(ids).size).toBe(1);
    expect(office.state()?.pending).toEqual({});
  });

  it("hears of what opened and was resolved meanwhile", async () => {
    const office = anOffice();
    office.broken.add("default");
    await office.audit([failure]);
    await office.audit([]);
    office.broken.clear();
    await office.audit([]);
    expect(alertsTo(office.delivered, "default").map((transitions) => transitions.toSorted())).toEqual([
      ["opened", "resolved"],
    ]);
  });

  it("hears of it by an audit that looks elsewhere, too", async () => {
    const office = anOffice();
    office.broken.add("default");
    await office.audit([failure]);
    office.broken.clear();
    const elsewhere = anAuditScope({
      wholeScope: false,
      registries: new Map([["999999999999/eu-west-1", []]]),
    });
    await office.audit([], {}, elsewhere);
    expect(alertsTo(office.delivered, "default")).toEqual([["opened"]]);
  });

  it("is owed nothing when people asked to be told never", async () => {
    const office = anOffice();
    office.broken.add("default");
    await office.audit([failure], { notify: "never" });
    expect(office.state()?.pending).toEqual({});
  });
});

describe("a store that is down", () => {
  it("does not keep people from being told, and is reported after", async () => {
    const office = anOffice();
    const down = new StoreError("memory is down");
    const store = {
      ...office.store,
      keepReport: () => Promise.reject(down),
      writeState: () => Promise.reject(down),
    };
    const { location, failure: wrong } = await office.audit([failure], { store });
    expect([location, wrong]).toEqual([null, down]);
    expect(alertsTo(office.delivered, "default")).toEqual([["opened"]]);
  });

  it("is named beside an outlet that is down: neither hides the other", async () => {
    const office = anOffice();
    office.broken.add("default");
    const down = new StoreError("memory is down");
    const writeState = () => Promise.reject(down);
    const { failure: wrong } = await office.audit([failure], { store: { ...office.store, writeState } });
    const notifier = { name: "default", error: new RangeError("default is down") };
    expect(wrong).toEqual(new DeliveryError([notifier, { name: "store", error: down }]));
  });

  it("makes the next audit tell again, under the same id", async () => {
    const office = anOffice();
    const writeState = () => Promise.reject(new StoreError("memory is down"));
    await office.audit([failure], { store: { ...office.store, writeState } });
    await office.audit([failure]);
    const ids = office.delivered.map(({ report }) => report.findings[0]?.eventId);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(1);
  });

  it("does not hide a defect", async () => {
    const writeState = () => Promise.reject(new TypeError("a defect"));
    const office = anOffice();
    await expect(office.audit([failure], { store: { ...office.store, writeState } })).rejects.toThrow(
      TypeError,
    );
  });
});

describe("two audits at once", () => {
  const here = anAuditScope({ wholeScope: false });
  const there = anAuditScope({ wholeScope: false, registries: new Map([[registryKey(other), [aRule()]]]) });

  /** Lets another audit be faster: what it remembers is there when `office` first tries to write. */
  async function raced(office: ReturnType<typeof anOffice>, ...rival: Parameters<typeof office.audit>) {
    const faster = anOffice("faster");
    const before = office.state();
    if (before !== null) faster.put(before);
    await faster.audit(...rival);
    const after = faster.state();
    if (after !== null) office.beforeNextWrite(() => office.put(after));
  }

  it("lose nothing of each other: the slower compares anew", async () => {
    const office = anOffice();
    await raced(office, [other], {}, there);
    const { failure: wrong } = await office.audit([failure], {}, here);
    expect(wrong).toBeNull();
    const { findings = {}, registries = {}, pending } = office.state() ?? {};
    expect(Object.values(findings).filter(({ open }) => open)).toHaveLength(2);
    expect(Object.keys(registries)).toHaveLength(2);
    expect(pending).toEqual({});
    expect(office.state()?.history).toHaveLength(2);
  });

  it("owe the outlets what is news only in the light of the faster one", async () => {
    const office = anOffice();
    await office.audit([failure]);
    await raced(office, [aFailure({ kind: "other" })]);
    await office.audit([failure]);
    expect(alertsTo(office.delivered, "default")).toEqual([["opened"]]);
    expect(office.state()?.pending).toMatchObject({
      bus: { findings: [{ id: failure.id, transition: "changed" }] },
      default: { findings: [{ id: failure.id, transition: "changed" }] },
    });
  });

  it("give up in the end, and say so", async () => {
    const office = anOffice();
    const { failure: wrong } = await office.audit([failure], {
      store: { ...office.store, writeState: async () => false },
    });
    expect(wrong).toBeInstanceOf(StoreError);
    expect(wrong?.message).toContain("Run fewer audits at once");
  });
});
