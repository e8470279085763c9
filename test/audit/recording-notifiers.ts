import type { AuditStore, Notifier, Notifiers } from "../../src/audit/ports.ts";
import { pullsInProcess } from "../../src/audit/pulls/pull-store.ts";
import { sha256Of } from "../../src/core/ids.ts";
import type { Report } from "../../src/schemas/report.ts";
import type { AuditState } from "../../src/schemas/state.ts";

/** One delivery to a notifier. */
export type Delivered = {
  readonly notifier: string;
  readonly report: Report;
  readonly location: string | null;
};

/** Notifiers that record their deliveries, and fail while their name is in `broken`. */
export function recordingNotifiers(defaultTopic: string | null = "default") {
  const delivered: Delivered[] = [];
  const broken = new Set<string>();
  const notifier = (name: string): Notifier => ({
    name,
    listeners: null,
    deliver: async (report, location) => {
      if (broken.has(name)) throw new RangeError(`${name} is down`);
      delivered.push({ notifier: name, report, location });
    },
  });
  const notifiers: Notifiers = { integrations: [notifier("bus")], topic: notifier, defaultTopic };
  return { notifiers, delivered, broken };
}

/** A store in memory. Each write can be made to conflict with another audit's. */
export function memoryStore() {
  let current: { state: AuditState; version: string } | null = null;
  const kept: Report[] = [];
  const rivals: (() => void)[] = [];
  const put = (state: AuditState): void => {
    current = { state, version: String(Number(current?.version ?? 0) + 1) };
  };
  const store: AuditStore = {
    name: "memory",
    readState: async () => current,
    writeState: async (state, version) => {
      rivals.shift()?.();
      if ((current?.version ?? null) !== version) return false;
      put(state);
      return true;
    },
    keepReport: async (report) => {
      kept.push(report);
      return {
        location: `memory/${report.auditId}`,
        sha256: sha256Of(JSON.stringify(report)),
        replaced: null,
      };
    },
    pulls: pullsInProcess(),
    readReport: async (auditId) => kept.find((report) => report.auditId === auditId) ?? null,
  };
  return {
    store,
    kept,
    put,
    state: () => current?.state ?? null,
    /** Runs something just before the next write. */
    beforeNextWrite: (rival: () => void) => rivals.push(rival),
  };
}
