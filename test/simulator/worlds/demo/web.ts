import type { Account } from "../../world.ts";
import { account, registry, rule } from "../../world-builder.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";
import { scanningOf, token, wellKept } from "./settings.ts";

const ANYONE_MAY_IMPORT = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "AllowPullThroughCache",
      Effect: "Allow",
      Principal: "*",
      Action: ["ecr:CreateRepository", "ecr:BatchImportUpstreamImage"],
      Resource: `arn:aws:ecr:us-east-1:${DEMO_ACCOUNTS.webProd}:repository/*`,
    },
  ],
});

/** A public registry, a temporary error that is not a failure, and one prefix with two meanings. */
export function webProd(now: Date): Account {
  return account(DEMO_ACCOUNTS.webProd, {
    name: "web-prod",
    organizationalUnit: "Workloads/Production",
    regions: {
      "us-east-1": registry(
        [
          rule("ecr-public", "ecr-public"),
          rule("docker-hub", "docker-hub", {
            validation: {
              sequence: [
                { isValid: false, failure: "Connection to the upstream registry timed out." },
                { isValid: true },
              ],
            },
          }),
          rule("mirror", "quay"),
        ],
        { ...wellKept(), registryPolicy: ANYONE_MAY_IMPORT },
      ),
      "eu-west-1": registry(
        [
          rule("mirror", "ecr-public"),
          rule("gitlab", "gitlab-container-registry"),
          rule("github", "github-container-registry"),
        ],
        {
          ...wellKept(),
          secrets: [token("gitlab", now, { login: "wrong-shape" }), token("github", now)],
          scanning: scanningOf("github/*"),
        },
      ),
    },
  });
}
