import type { Account } from "../../world.ts";
import { account, registry, rule, template, withoutUpstreamName } from "../../world-builder.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";
import { scanningOf, token, wellKept } from "./settings.ts";

/** Expired secrets, and rules from before AWS stored the upstream's name. Validation is denied here. */
export function dataLakeProd(now: Date): Account {
  return account(DEMO_ACCOUNTS.dataLakeProd, {
    name: "data-lake-prod",
    organizationalUnit: "Workloads/Production",
    regions: {
      "us-east-1": registry(
        [
          rule("docker-hub", "docker-hub"),
          rule("quay", "quay"),
          rule("chainguard", "chainguard"),
          rule("github", "github-container-registry"),
        ],
        {
          ...wellKept(),
          secrets: [
            token("docker-hub", now, { changedDaysAgo: 412 }),
            token("chainguard", now, { expiresInDays: -6 }),
            token("github", now, { expiresInDays: 9 }),
          ],
        },
      ),
      "eu-west-1": registry(
        [
          withoutUpstreamName(rule("quay", "quay", { createdAt: "2022-08-15T09:30:00.000Z" })),
          withoutUpstreamName(rule("kubernetes", "k8s", { createdAt: "2022-08-15T09:31:00.000Z" })),
          withoutUpstreamName(rule("ecr-public", "ecr-public", { createdAt: "2022-08-15T09:32:00.000Z" })),
        ],
        wellKept(),
      ),
    },
  });
}

/** A private registry, prefixes without a convention, and an upstream with too broad a scope. */
export function dataScienceDev(now: Date): Account {
  const platformRegistry = `${DEMO_ACCOUNTS.platform}.dkr.ecr.eu-west-1.amazonaws.com`;
  return account(DEMO_ACCOUNTS.dataScienceDev, {
    name: "data-science-dev",
    organizationalUnit: "Workloads/Development",
    regions: {
      "us-east-1": registry(
        [
          rule("azure", "azure-container-registry", { upstreamRegistryUrl: "jdoepersonal.azurecr.io" }),
          rule("gitlab", "gitlab-container-registry"),
          rule("jupyter", "quay"),
          rule("ml", "ecr-public"),
          rule("ml/kubernetes", "k8s"),
        ],
        {
          secrets: [token("azure", now, { changedDaysAgo: 140 }), token("gitlab", now)],
          templates: [template("ROOT", { appliedFor: ["REPLICATION"] })],
          scanning: scanningOf("gitlab/*", "azure/*"),
        },
      ),
      "eu-west-1": registry(
        [
          rule("base", "ecr", { upstreamRegistryUrl: platformRegistry }),
          rule("base-all", "ecr", { upstreamRegistryUrl: platformRegistry, role: "ecr-pull-everything" }),
          rule("docker_hub", "docker-hub", { credential: "ecr-pullthroughcache/docker-hub" }),
        ],
        wellKept(),
      ),
    },
  });
}
