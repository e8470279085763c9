import * as z from "zod";
import { openAccumulator } from "../../src/audit/evaluate/accumulator.ts";
import { wholeScope } from "../../src/audit/plan/request.ts";
import { buildComparedReport } from "../../src/audit/report/build-report.ts";
import { recordOf } from "../../src/audit/report/history.ts";
import { chained, policyFile } from "../../src/audit/state/chain.ts";
import { persistState } from "../../src/audit/state/persist-state.ts";
import { checkIds, checksOf } from "../../src/checks/index.ts";
import { folderStore } from "../../src/local/folder-store.ts";
import { loadPolicy } from "../../src/policy/load.ts";
import { policyOf, snapshotsOf } from "./evaluated-fleet.ts";

/** Stores an audit of each night of a period in a folder. All nights find the same. */
const { folder, registries, nights } = z
  .object({ folder: z.string(), registries: z.int(), nights: z.int() })
  .parse(JSON.parse(process.argv[2] ?? ""));
const loaded = loadPolicy(JSON.stringify(policyOf(0, 0)), "the benchmark's policy", checkIds);
const store = folderStore(folder);
const firstNight = Date.parse("2025-11-20T02:00:00.000Z");

function audited(now: Date) {
  const options = { now, includePassing: false };
  const accumulator = openAccumulator(
    loaded.policy,
    checksOf(loaded.policy),
    wholeScope("schedule"),
    options,
  );
  for (const snapshot of snapshotsOf(registries)) accumulator.addSnapshot(snapshot);
  const head = { auditId: "", trigger: "schedule", startedAt: now, finishedAt: now } as const;
  return buildComparedReport(accumulator.result(), head, loaded, null);
}

const { report: first, next } = audited(new Date(firstNight));
const beside = policyFile(loaded);
for (let night = 0; night < nights; night += 1) {
  const time = new Date(firstNight + night * 86_400_000).toISOString();
  const auditId = `${time.replace(/[-:]|\.\d+/g, "")}-${night.toString(16).padStart(8, "0")}`;
  const stored = await store.readState();
  const found = { ...first, auditId, startedAt: time, finishedAt: time };
  const report = chained(found, stored?.state ?? null, beside);
  const kept = await store.keepReport(report, beside);
  await persistState({
    store,
    stored,
    deliveries: [],
    record: recordOf(report, true, null),
    link: { report, sha256: kept.sha256, replaced: kept.replaced },
    compareWith: () => ({ next: { ...next, auditId, updatedAt: time }, addressees: [] }),
  });
}
process.stdout.write(JSON.stringify({ nights }));
