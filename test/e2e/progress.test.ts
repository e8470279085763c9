import { expect, it } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { wire } from "../../src/app/wire.ts";
import type { AuditProgress } from "../../src/audit/collect/progress.ts";
import { wholeScope } from "../../src/audit/plan/request.ts";
import { MEMBER, smallWorld } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

it("progress counts each call that AWS gets, and those that it throttles", async () => {
  const throttled = {
    on: { operation: "DescribePullThroughCacheRules", account: MEMBER },
    effect: { kind: "throttle" },
    times: 2,
  } as const;
  const denied = {
    on: { operation: "ValidatePullThroughCacheRule", account: MEMBER },
    effect: { kind: "deny", by: "missing-permission" },
  } as const;
  await using stage = await setStage(smallWorld({ faults: [throttled, denied] }));
  const delivered: AuditProgress[] = [];
  const auditor = await wire(readSettings(process.env));
  const { report } = await auditor.run(wholeScope("cli"), {
    includePassing: false,
    publish: false,
    dryRun: false,
    notify: null,
    onProgress: (progress) => delivered.push(progress),
  });
  const { planned } = report.coverage;
  expect(delivered.at(-1)).toEqual({
    planned,
    isPlanned: true,
    read: planned,
    accounts: 3,
    gaps: report.coverage.gaps.length,
    calls: { sent: stage.simulator.calls.length, throttled: 2 },
  });
  expect(report.coverage.gaps.length).toBeGreaterThan(0);
});
