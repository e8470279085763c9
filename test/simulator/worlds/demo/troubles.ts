import type { Fault } from "../../faults.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";

/** Faults of AWS calls, as opposed to problems of the rules. */
export const DEMO_TROUBLES: readonly Fault[] = [
  { on: { service: "ecr" }, effect: { kind: "delay", milliseconds: 15, jitterMilliseconds: 30 } },
  { on: { operation: "ListAccounts" }, effect: { kind: "empty-page" }, after: 1, times: 1 },
  {
    on: { operation: "ValidatePullThroughCacheRule", account: DEMO_ACCOUNTS.dataLakeProd },
    effect: { kind: "deny", by: "missing-permission" },
  },
  {
    on: { service: "ecr", account: DEMO_ACCOUNTS.logisticsProd, region: "ap-southeast-2" },
    effect: { kind: "deny", by: "service-control-policy" },
  },
  {
    on: { service: "secretsmanager", account: DEMO_ACCOUNTS.logisticsProd, region: "ap-southeast-2" },
    effect: { kind: "deny", by: "service-control-policy" },
  },
  { on: { service: "ecr", account: DEMO_ACCOUNTS.sandbox }, effect: { kind: "throttle" }, times: 3 },
];
