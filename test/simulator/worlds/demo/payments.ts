import { daysBefore } from "../../calendar.ts";
import type { Account } from "../../world.ts";
import { account, registry, rule, template } from "../../world-builder.ts";
import { DEMO_ACCOUNTS } from "./accounts.ts";
import { scanningOf, token, wellKept } from "./settings.ts";

/** Expired tokens that nobody noticed, in the most important account. */
export function paymentsProd(now: Date): Account {
  return account(DEMO_ACCOUNTS.paymentsProd, {
    name: "payments-prod",
    organizationalUnit: "Workloads/Production",
    regions: {
      "us-east-1": registry(
        [
          rule("docker-hub", "docker-hub"),
          rule("ecr-public", "ecr-public"),
          rule("quay", "quay"),
          rule("github", "github-container-registry"),
          rule("base", "ecr", {
            upstreamRegistryUrl: `${DEMO_ACCOUNTS.platform}.dkr.ecr.us-east-1.amazonaws.com`,
            upstreamRepositoryPrefix: "base",
            role: "ecr-pull-base",
          }),
        ],
        {
          secrets: [
            token("docker-hub", now, { login: "rejected", changedDaysAgo: 85 }),
            token("github", now, { deletedDate: daysBefore(now, 2) }),
          ],
          templates: [template("ROOT", { encryptionType: "AES256" })],
          scanning: scanningOf("*"),
        },
      ),
      "eu-west-1": registry(
        [
          rule("docker-hub", "docker-hub"),
          rule("ecr-public", "ecr-public"),
          rule("kubernetes", "k8s"),
          rule("quay", "quay"),
        ],
        {
          secrets: [token("docker-hub", now, { login: "rejected", changedDaysAgo: 85 })],
          scanning: scanningOf("docker-hub/*"),
        },
      ),
      "ap-southeast-2": registry(
        [rule("docker-hub", "docker-hub"), rule("ecr-public", "ecr-public")],
        wellKept(),
      ),
    },
  });
}

/** Leftover experiments: a second prefix for Docker Hub, a rule for everything, a rule inside another rule. */
export function paymentsDev(now: Date): Account {
  return account(DEMO_ACCOUNTS.paymentsDev, {
    name: "payments-dev",
    organizationalUnit: "Workloads/Development",
    regions: {
      "us-east-1": registry(
        [
          rule("docker-hub", "docker-hub"),
          rule("dh", "docker-hub", { credential: "ecr-pullthroughcache/docker-hub" }),
          rule("ecr-public", "ecr-public"),
        ],
        {
          ...wellKept(),
          secrets: [
            token("docker-hub", now, {
              kmsKeyId: `arn:aws:kms:us-east-1:${DEMO_ACCOUNTS.paymentsDev}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
            }),
          ],
        },
      ),
      "eu-west-1": registry(
        [rule("ROOT", "ecr-public"), rule("quay", "quay"), rule("quay/legacy", "quay")],
        wellKept(),
      ),
    },
  });
}
