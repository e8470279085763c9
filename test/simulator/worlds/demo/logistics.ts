import type { Account } from "../../world.ts";
import { account, registry, rule } from "../../world-builder.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";
import { token, wellKept } from "./settings.ts";

/** A compliant account that a service control policy denies one region. */
export function logisticsProd(now: Date): Account {
  return account(DEMO_ACCOUNTS.logisticsProd, {
    name: "logistics-prod",
    organizationalUnit: "Workloads/Production",
    regions: {
      "us-east-1": registry(
        [rule("ecr-public", "ecr-public"), rule("docker-hub", "docker-hub"), rule("kubernetes", "k8s")],
        { ...wellKept(), secrets: [token("docker-hub", now, { expiresInDays: 60 })] },
      ),
      "eu-west-1": registry([rule("ecr-public", "ecr-public")], wellKept()),
    },
  });
}
