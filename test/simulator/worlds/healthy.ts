import { daysBefore } from "../calendar.ts";
import type { Region, World } from "../world.ts";
import { account, registry, rule, secret, template, world } from "../world-builder.ts";

/** The account that audits the others. */
export const HEALTHY_HUB = "111122223333";

/** Two accounts and two regions without any problem: the baseline for tests with faults. */
export function healthyWorld(now = new Date()): World {
  return world({
    hub: { region: "us-east-1" },
    accounts: [
      account(HEALTHY_HUB, {
        name: "security-tooling",
        organizationalUnit: "Security",
        regions: {
          "us-east-1": registry([rule("ecr-public", "ecr-public")], {
            ...wellKept(),
            topics: [{ name: "pull-through-audit", publishers: [] }],
            eventBuses: ["pull-through-auditor"],
            buckets: ["example-pull-through-audits"],
            securityHub: true,
          }),
          "eu-west-1": registry([], wellKept()),
        },
      }),
      account("444455556666", {
        name: "payments-prod",
        organizationalUnit: "Workloads/Production",
        regions: {
          "us-east-1": registry([rule("docker-hub", "docker-hub"), rule("quay", "quay")], {
            ...wellKept(),
            secrets: [
              secret("ecr-pullthroughcache/docker-hub", {
                lastChangedDate: daysBefore(now, 10),
                tags: { "expires-on": daysBefore(now, -80).slice(0, 10) },
              }),
            ],
          }),
          "eu-west-1": registry([rule("ecr-public", "ecr-public")], wellKept()),
        },
      }),
    ],
  });
}

function wellKept(): Pick<Region, "templates" | "scanning"> {
  return {
    templates: [template("ROOT")],
    scanning: { scanType: "ENHANCED", rules: [{ scanFrequency: "CONTINUOUS_SCAN", filters: ["*"] }] },
  };
}
