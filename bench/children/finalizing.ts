import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { renderFiles } from "../../src/app/stored-files.ts";
import { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import { finalizeFleet } from "../../src/audit/fleet/finalize-fleet.ts";
import type { FleetStorage } from "../../src/audit/fleet/fleet-files.ts";
import { pathsOf } from "../../src/audit/fleet/fleet-files.ts";
import { wholeScope } from "../../src/audit/plan/request.ts";
import type { Notifier, Notifiers } from "../../src/audit/ports.ts";
import { present } from "../../src/facts/evidence.ts";
import { systemClock } from "../../src/local/clock.ts";
import { folderStore } from "../../src/local/folder-store.ts";
import { policyOf, snapshotsOf } from "./evaluated-fleet.ts";

/** As in serverless/fleet.asl.yml. */
const registriesPerBatch = 100;

const { registries, failingRules } = z
  .object({
    registries: z.int(),
    failingRules: z.int().default(0),
  })
  .parse(JSON.parse(process.argv[2] ?? ""));

function refuse(): never {
  throw new Error("not used by this benchmark");
}

/** The files that the fleet's functions share, generated on each read so that they occupy no memory in between. */
function workOf(auditId: string, startedAt: Date): FleetStorage {
  const paths = pathsOf(auditId);
  const textOf = (path: string): string => {
    switch (path) {
      case paths.audit: {
        const policy = { source: "policy.json", text: JSON.stringify(policyOf(0, 0)) };
        const request = wholeScope("schedule");
        return JSON.stringify({
          auditId,
          startedAt: startedAt.toISOString(),
          request,
          dryRun: false,
          notify: null,
          policy,
        });
      }
      case paths.planOutcome:
        return JSON.stringify({ excludedAccounts: [], unreachable: [] });
      case paths.targets:
        return JSON.stringify(Array.from(snapshotsOf(registries, failingRules), ({ target }) => target));
      default: {
        const from = Number(path.split("/").at(-1));
        const batch = snapshotsOf(registries, failingRules, from).take(registriesPerBatch);
        return JSON.stringify({ registries: batch.toArray() });
      }
    }
  };
  return {
    name: "work",
    locate: (path) => path,
    addressOf: (path) => ({ bucket: "work", key: path }),
    read: async (path) => ({ text: textOf(path), version: "1" }),
    write: refuse,
    replace: refuse,
    list: async function* (folder) {
      for (let from = 0; from < registries; from += registriesPerBatch) yield `${folder}/${from}`;
    },
  };
}

/** Every notifier fails, so all alerts stay undelivered: the largest possible state. */
const isDown = failingRules > 0;
const down = (name: string): Notifier => ({
  name,
  listeners: null,
  deliver: () => Promise.reject(new Error("down")),
});
const notifiers: Notifiers = {
  integrations: isDown ? [down("bus"), down("hub")] : [],
  topic: isDown ? down : refuse,
  defaultTopic: isDown ? "topic" : null,
};

/** Finalizes two audits of a fleet that was read in full: everything that the function `conclude` does except for S3. */
const folder = await mkdtemp(join(tmpdir(), "bench-"));
const seconds: number[] = [];
for (const startedAt of [new Date("2026-11-20T02:00:00Z"), new Date("2026-11-21T02:00:00Z")]) {
  const auditId = `${startedAt.getTime()}`;
  const begunAt = performance.now();
  const { report, failure } = await finalizeFleet(auditId, {
    storage: workOf(auditId, startedAt),
    store: folderStore(folder),
    clock: systemClock,
    sources: { openTrail: () => async () => present({ records: [], next: null }) },
    notifiers,
    renderFiles,
  });
  if (failure !== null && !(failure instanceof DeliveryError)) throw failure;
  if (report.coverage.audited !== registries) throw new Error(JSON.stringify(report.coverage));
  seconds.push((performance.now() - begunAt) / 1_000);
}
const { size: stateBytes } = await stat(join(folder, "state.json"));
await rm(folder, { recursive: true });

process.stdout.write(
  JSON.stringify({
    stateBytes,
    seconds: Math.max(...seconds),
    peakMiB: process.resourceUsage().maxRSS / 1_024,
  }),
);
