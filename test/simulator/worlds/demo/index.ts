import type { World } from "../../world.ts";
import { account, registry, world } from "../../world-builder.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";
import { dataLakeProd, dataScienceDev } from "./data.ts";
import { logisticsProd } from "./logistics.ts";
import { paymentsDev, paymentsProd } from "./payments.ts";
import { platform } from "./platform.ts";
import { sandbox } from "./sandbox.ts";
import { securityTooling } from "./security-tooling.ts";
import { DEMO_TROUBLES } from "./troubles.ts";
import { webProd } from "./web.ts";

export { DEMO_ACCOUNTS } from "./accounts.ts";

/** Example Corp: twelve accounts, three regions, some sixty rules over all nine upstreams, and every kind of fault. */
export function demoWorld(now = new Date()): World {
  return world({
    hub: { accountId: DEMO_ACCOUNTS.securityTooling, region: "us-east-1" },
    organization: {
      id: "o-examplecorp",
      managementAccountId: DEMO_ACCOUNTS.management,
      delegatedAdministrators: [DEMO_ACCOUNTS.securityTooling],
      pageSize: 5,
    },
    regions: ["ap-southeast-2", "eu-west-1", "us-east-1"],
    accounts: [
      account(DEMO_ACCOUNTS.management, { name: "example-management" }),
      securityTooling(),
      platform(now),
      paymentsProd(now),
      paymentsDev(now),
      dataLakeProd(now),
      dataScienceDev(now),
      webProd(now),
      logisticsProd(now),
      sandbox(now),
      account(DEMO_ACCOUNTS.legacyBilling, {
        name: "legacy-billing",
        organizationalUnit: "Suspended",
        state: "SUSPENDED",
        regions: { "us-east-1": registry() },
      }),
      account(DEMO_ACCOUNTS.acquiredGlobex, {
        name: "acquired-globex",
        organizationalUnit: "Acquisitions",
        role: "none",
      }),
    ],
    faults: [...DEMO_TROUBLES],
  });
}
