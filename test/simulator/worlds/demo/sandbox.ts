import type { Account } from "../../world.ts";
import { account, registry, rule } from "../../world-builder.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";
import { token } from "./settings.ts";

/** An account for experiments, with a forgotten secret and default settings. */
export function sandbox(now: Date): Account {
  return account(DEMO_ACCOUNTS.sandbox, {
    name: "sandbox",
    organizationalUnit: "Sandbox",
    regions: {
      "us-east-1": registry([rule("docker-hub", "docker-hub"), rule("ghcr", "github-container-registry")], {
        missingSecrets: ["ecr-pullthroughcache/docker-hub"],
        secrets: [token("ghcr", now, { changedDaysAgo: 260, tags: { team: "nobody" } })],
      }),
      "ap-southeast-2": registry([rule("test", "quay"), rule("k8s-test", "k8s")]),
    },
  });
}
