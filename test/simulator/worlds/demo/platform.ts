import type { Account } from "../../world.ts";
import { account, registry, rule } from "../../world-builder.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";
import { token, wellKept } from "./settings.ts";

/** The source of the golden images: all nine upstreams, fully compliant. */
export function platform(now: Date): Account {
  return account(DEMO_ACCOUNTS.platform, {
    name: "platform",
    organizationalUnit: "Infrastructure",
    regions: {
      "us-east-1": registry(
        [
          rule("ecr-public", "ecr-public"),
          rule("kubernetes", "k8s"),
          rule("quay", "quay"),
          rule("docker-hub", "docker-hub"),
          rule("github", "github-container-registry"),
          rule("gitlab", "gitlab-container-registry"),
          rule("azure", "azure-container-registry", { upstreamRegistryUrl: "examplecorp.azurecr.io" }),
          rule("chainguard", "chainguard"),
          rule("base", "ecr", {
            upstreamRegistryUrl: `${DEMO_ACCOUNTS.platform}.dkr.ecr.eu-west-1.amazonaws.com`,
            upstreamRepositoryPrefix: "base",
            role: "ecr-pull-base",
          }),
        ],
        {
          ...wellKept(),
          secrets: ["docker-hub", "github", "gitlab", "azure", "chainguard"].map((name) =>
            token(name, now, { expiresInDays: 120 }),
          ),
        },
      ),
      "eu-west-1": registry(
        [
          rule("ecr-public", "ecr-public"),
          rule("kubernetes", "k8s"),
          rule("quay", "quay"),
          rule("docker-hub", "docker-hub"),
          rule("github", "github-container-registry"),
        ],
        {
          ...wellKept(),
          secrets: [
            token("docker-hub", now, { expiresInDays: 120 }),
            token("github", now, { expiresInDays: 120 }),
          ],
        },
      ),
      "ap-southeast-2": registry(
        [rule("ecr-public", "ecr-public"), rule("docker-hub", "docker-hub")],
        wellKept(),
      ),
    },
  });
}
