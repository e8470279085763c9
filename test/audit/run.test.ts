import { describe, expect, it } from "vitest";
import type { RunOptions } from "../../src/audit/options.ts";
import { wholeScope } from "../../src/audit/plan/request.ts";
import { CannotStartError, StoreError } from "../../src/audit/ports.ts";
import { runAudit } from "../../src/audit/run.ts";
import { present } from "../../src/facts/evidence.ts";
import { reportSchema } from "../../src/schemas/report.ts";
import { aClock, aPolicy, aReader, sourcesOf } from "../support/builders.ts";
import { memoryStore, recordingNotifiers } from "./recording-notifiers.ts";

const loaded = { policy: aPolicy({ name: "Example organization" }), digest: "sha256:0" };
const options: RunOptions = {
  dryRun: false,
  notify: null,
  renderFiles: async () => [],
  callsPerRegistry: 2,
  confirmAfterMs: 5_000,
  includePassing: false,
  onProgress: () => undefined,
};
const failing = sourcesOf(undefined, {
  openRegistry: () => aReader({ validateRule: async () => present({ outcome: "invalid", failure: "dead" }) }),
});

async function run(sources = sourcesOf()) {
  const { notifiers } = recordingNotifiers();
  const ports = { sources, clock: aClock(), notifiers, store: null };
  return (await runAudit(wholeScope("console"), loaded, ports, options)).report;
}

describe("a whole audit", () => {
  it("of a registry as it should be is compliant", async () => {
    expect(await run()).toMatchObject({
      trigger: "console",
      status: "compliant",
      policy: { name: "Example organization", digest: "sha256:0" },
      coverage: { planned: 1, audited: 1 },
      summary: { rules: 1 },
      findings: [],
    });
  });

  it("ends in a report of the published shape", async () => {
    const report = await run(failing);
    expect(reportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({ status: "non-compliant", summary: { transitions: { opened: 1 } } });
  });

  it("opens failing findings at its start, and reports its end", async () => {
    const { startedAt, finishedAt, findings } = await run(failing);
    expect(startedAt).toBe("2026-11-20T02:00:00.000Z");
    expect(finishedAt).toBe("2026-11-20T02:00:05.000Z");
    expect(findings).toMatchObject([
      { firstSeenAt: startedAt, lastSeenAt: startedAt, transition: "opened", stale: false },
    ]);
  });

  it("has an id that begins with its time, and that no other audit has", async () => {
    const [first, second] = [await run(), await run()];
    expect(first.auditId).toMatch(/^20261120T020000Z-[0-9a-f]{8}$/);
    expect(second.auditId).not.toBe(first.auditId);
  });
});

describe("an audit with a store", () => {
  it("does not start when the state cannot be read: every known finding would be reported as new", async () => {
    const { notifiers, delivered } = recordingNotifiers();
    const readState = () => Promise.reject(new StoreError("s3://audits: damaged"));
    const ports = {
      sources: sourcesOf(),
      clock: aClock(),
      notifiers,
      store: { ...memoryStore().store, readState },
    };
    const run = runAudit(wholeScope("console"), loaded, ports, options);
    await expect(run).rejects.toThrow(new CannotStartError("s3://audits: damaged"));
    expect(delivered).toEqual([]);
  });
});
