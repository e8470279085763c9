import type { Account } from "../../world.ts";
import { account, registry, rule } from "../../world-builder.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";
import { wellKept } from "./settings.ts";

/** The hub: a delegated administrator, with the topics, bus, bucket and Security Hub that an audit delivers to. */
export function securityTooling(): Account {
  return account(DEMO_ACCOUNTS.securityTooling, {
    name: "security-tooling",
    organizationalUnit: "Security",
    regions: {
      "us-east-1": registry([rule("ecr-public", "ecr-public"), rule("chainguard", "chainguard")], {
        ...wellKept(),
        topics: [
          { name: "pull-through-audit", publishers: [] },
          { name: "payments-alerts", publishers: [] },
        ],
        eventBuses: ["pull-through-auditor"],
        buckets: ["example-pull-through-audits"],
        securityHub: true,
      }),
    },
  });
}
