import {
  CreatePullThroughCacheRuleCommand,
  DeletePullThroughCacheRuleCommand,
  ECRClient,
} from "@aws-sdk/client-ecr";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretArn } from "../../simulator/arn.ts";
import { connectionTo } from "../../simulator/connection.ts";
import { startSimulator } from "../../simulator/server.ts";
import type { Partition } from "../../simulator/world.ts";
import { account, registry, secret, world } from "../../simulator/world-builder.ts";
import { deployment, evaluate, templateOf } from "../support.ts";

const ACCOUNT = "111122223333";
const OTHER = "444455556666";
const SECRET_NAME = "ecr-pullthroughcache/token";

const partitions = [
  { partition: "aws", region: "eu-west-1", suffix: "amazonaws.com" },
  { partition: "aws-cn", region: "cn-north-1", suffix: "amazonaws.com.cn" },
  { partition: "aws-us-gov", region: "us-gov-west-1", suffix: "amazonaws.com" },
] as const satisfies readonly { partition: Partition; region: string; suffix: string }[];

type Place = (typeof partitions)[number];

/** Rules of any parts, of which hardly one is good. */
function anyRules({ partition, region, suffix }: Place) {
  const secretOf = (accountId: string, inRegion: string, name = SECRET_NAME) =>
    secretArn({ partition, accountId, region: inRegion }, name);
  const prefix = fc.oneof(
    fc.constantFrom(
      "docker-hub",
      "a/b",
      "a/b/",
      "ROOT",
      "a",
      "A",
      "-a",
      "a..b",
      "a--b",
      "a".repeat(30),
      "a".repeat(31),
    ),
    fc.stringMatching(/^[a-zR./_-]{1,32}$/),
  );
  return fc.record(
    {
      ecrRepositoryPrefix: prefix,
      upstreamRegistryUrl: fc.constantFrom(
        "public.ecr.aws",
        "registry.k8s.io",
        "quay.io",
        "registry-1.docker.io",
        "ghcr.io",
        "registry.gitlab.com",
        "contoso.azurecr.io",
        "cgr.dev",
        `${OTHER}.dkr.ecr.${region}.${suffix}`,
        "docker.io",
        "https://quay.io",
        "Quay.io",
        "quay.io/library",
      ),
      upstreamRegistry: fc.constantFrom("quay", "docker-hub", "ecr"),
      credentialArn: fc.constantFrom(
        secretOf(ACCOUNT, region),
        secretOf(OTHER, region),
        secretOf(ACCOUNT, "us-east-2"),
        secretOf(ACCOUNT, region, "token"),
        "token",
      ),
      customRoleArn: fc.constantFrom(
        `arn:${partition}:iam::${ACCOUNT}:role/ecr-pull`,
        `arn:${partition}:iam::${OTHER}:role/ecr-pull`,
        "ecr-pull",
      ),
      upstreamRepositoryPrefix: prefix,
    },
    { requiredKeys: ["ecrRepositoryPrefix", "upstreamRegistryUrl"] },
  );
}

/** Rules that nothing is wrong with. */
function goodRules({ partition, region, suffix }: Place) {
  const credentialArn = secretArn({ partition, accountId: ACCOUNT, region }, SECRET_NAME);
  const customRoleArn = `arn:${partition}:iam::${ACCOUNT}:role/ecr-pull`;
  const upstream = fc.constantFrom(
    { upstreamRegistryUrl: "public.ecr.aws" },
    { upstreamRegistryUrl: "registry.k8s.io", upstreamRegistry: "k8s" as const },
    { upstreamRegistryUrl: "quay.io", upstreamRepositoryPrefix: "ROOT" },
    { upstreamRegistryUrl: "registry-1.docker.io", credentialArn },
    { upstreamRegistryUrl: "ghcr.io", credentialArn },
    { upstreamRegistryUrl: "registry.gitlab.com", credentialArn, upstreamRepositoryPrefix: "team/app" },
    { upstreamRegistryUrl: "contoso.azurecr.io", credentialArn },
    { upstreamRegistryUrl: "cgr.dev", credentialArn, upstreamRegistry: "chainguard" as const },
    { upstreamRegistryUrl: `${OTHER}.dkr.ecr.${region}.${suffix}`, customRoleArn },
  );
  const prefix = fc.stringMatching(/^[a-z0-9]{1,9}([._-]?[a-z0-9]{1,5})(\/[a-z0-9]{1,9})?\/?$/);
  return fc
    .tuple(prefix, upstream)
    .map(([ecrRepositoryPrefix, parts]) => ({ ecrRepositoryPrefix, ...parts }));
}

function propertiesOf(rule: object) {
  return Object.fromEntries(
    Object.entries(rule).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );
}

describe("what check says that AWS would do,", () => {
  it.each(partitions)("the simulated AWS does, in $partition", { timeout: 120_000 }, async (location) => {
    const { partition, region } = location;
    const home = account(ACCOUNT, {
      regions: { [region]: registry([], { secrets: [secret(SECRET_NAME)] }) },
    });
    await using simulator = await startSimulator(world({ partition, hub: { region }, accounts: [home] }));
    const ecr = new ECRClient(connectionTo(simulator));
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyRules(location), goodRules(location)), async (rule) => {
        const at = deployment({ account: ACCOUNT, region });
        const { findings } = evaluate([templateOf({ Rule: propertiesOf(rule) })], { deployment: at });
        const said = findings.filter(({ check }) => check === "creation-refused");
        const answer = await ecr.send(new CreatePullThroughCacheRuleCommand(rule)).then(
          () => "accepted",
          (error: Error) => error.name,
        );
        const kinds = said.map(({ kind }) => kind);
        // The documents of AWS differ on whether rules can be created there, so that nothing passes.
        const passing = partition === "aws" ? "accepted" : "region-unverified";
        expect(kinds).toContain(answer === "accepted" ? passing : answer);
        if (answer !== "accepted") return;
        expect(kinds).toEqual([passing]);
        accepted += 1;
        await ecr.send(
          new DeletePullThroughCacheRuleCommand({ ecrRepositoryPrefix: rule.ecrRepositoryPrefix }),
        );
      }),
      { numRuns: 100 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
