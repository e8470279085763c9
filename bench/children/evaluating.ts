import * as z from "zod";
import { openAccumulator } from "../../src/audit/evaluate/accumulator.ts";
import { wholeScope } from "../../src/audit/plan/request.ts";
import { buildComparedReport } from "../../src/audit/report/build-report.ts";
import { checkIds, checksOf } from "../../src/checks/index.ts";
import { loadPolicy } from "../../src/policy/load.ts";
import type { AuditState } from "../../src/schemas/state.ts";
import { policyOf, snapshotsOf } from "./evaluated-fleet.ts";

const inputSchema = z.object({ registries: z.int(), waivers: z.int(), overrides: z.int() });

/** Evaluates snapshots of a fleet and compares the result with an identical previous audit, without AWS. */
const { registries, waivers, overrides } = inputSchema.parse(JSON.parse(process.argv[2] ?? ""));
const loaded = loadPolicy(JSON.stringify(policyOf(waivers, overrides)), "the benchmark's policy", checkIds);
const { policy } = loaded;

function accumulate(now: Date) {
  const options = { now, includePassing: false };
  const accumulator = openAccumulator(policy, checksOf(policy), wholeScope("schedule"), options);
  for (const snapshot of snapshotsOf(registries)) accumulator.addSnapshot(snapshot);
  return accumulator.result();
}

const nights = [new Date("2026-11-20T02:00:00Z"), new Date("2026-11-21T02:00:00Z")] as const;
const headOf = (startedAt: Date) =>
  ({ auditId: startedAt.toISOString(), trigger: "schedule", startedAt, finishedAt: startedAt }) as const;

/** The state after the first night: an audit reads it, and not the report of then. */
function stateBefore(): AuditState {
  const { next } = buildComparedReport(accumulate(nights[0]), headOf(nights[0]), loaded, null);
  return { ...next, pending: {}, history: [], chain: null };
}

const startedAt = performance.now();
const state = stateBefore();
const { report } = buildComparedReport(accumulate(nights[1]), headOf(nights[1]), loaded, state);

process.stdout.write(
  JSON.stringify({
    seconds: (performance.now() - startedAt) / 2_000,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    planned: report.coverage.planned,
    findings: report.findings.length,
    opened: report.summary.transitions.opened,
  }),
);
