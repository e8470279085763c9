import { describe, expect, it } from "vitest";
import type { Rule } from "../simulator/world.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { HUB, MEMBER } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

/** A partition, and an ECR registry of it in each way that AWS writes its host. */
type Place = {
  readonly partition: "aws" | "aws-cn" | "aws-us-gov";
  readonly region: string;
  readonly hosts: readonly string[];
  readonly console: string;
};

const places: readonly Place[] = [
  {
    partition: "aws",
    region: "eu-west-1",
    hosts: ["222233334444.dkr.ecr.eu-west-1.amazonaws.com", "222233334444.dkr-ecr.eu-west-1.on.aws"],
    console: "eu-west-1.console.aws.amazon.com",
  },
  {
    partition: "aws-cn",
    region: "cn-north-1",
    hosts: [
      "222233334444.dkr.ecr.cn-north-1.amazonaws.com.cn",
      "222233334444.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
    ],
    console: "cn-north-1.console.amazonaws.cn",
  },
  {
    partition: "aws-us-gov",
    region: "us-gov-west-1",
    hosts: [
      "222233334444.dkr.ecr.us-gov-west-1.amazonaws.com",
      "222233334444.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
      "222233334444.dkr-ecr.us-gov-west-1.on.aws",
      "222233334444.dkr-ecr-fips.us-gov-west-1.on.aws",
    ],
    console: "us-gov-west-1.console.amazonaws-us-gov.com",
  },
];

/** A rule for an ECR registry in each of these hosts. */
function rulesFor(hosts: readonly string[]): readonly Rule[] {
  return hosts.map((upstreamRegistryUrl, index) =>
    rule(`base-${index}`, "ecr", { upstreamRegistryUrl, role: "ecr-pull" }),
  );
}

/** What an audit in a partition says of the upstreams of these hosts, by host. */
async function upstreamsIn({ partition, region }: Place, hosts: readonly string[]) {
  const staged = world({
    partition,
    hub: { region },
    regions: [region],
    accounts: [
      account(HUB, { regions: { [region]: registry() } }),
      account(MEMBER, { regions: { [region]: registry(rulesFor(hosts)) } }),
    ],
  });
  await using stage = await setStage(staged, {
    policy: { scope: { accounts: "organization", regions: [region] } },
  });
  const { coverage, findings } = await stage.audit();
  expect(coverage).toMatchObject({ planned: 2, audited: 2 });
  const judged = findings.filter(({ check }) => check === "allowed-upstream");
  return hosts.map((host, index) => {
    const found = judged.find(({ prefix }) => prefix === `base-${index}`);
    return { host, status: found?.status, kind: found?.kind, consoleUrl: found?.consoleUrl ?? "" };
  });
}

describe.each(places)("an audit in $partition", (place) => {
  it("understands every host of its own registries, and links to its own console", async () => {
    const found = await upstreamsIn(place, place.hosts);
    expect(found.map(({ host, status }) => [host, status])).toEqual(
      place.hosts.map((host) => [host, "PASS"]),
    );
    for (const { consoleUrl } of found) expect(new URL(consoleUrl).host).toBe(place.console);
  });

  it("fails upstreams in every other partition, whatever their host", async () => {
    const others = places.filter((other) => other !== place).flatMap(({ hosts }) => hosts);
    const found = await upstreamsIn(place, others);
    expect(found.map(({ host, status, kind }) => [host, status, kind])).toEqual(
      others.map((host) => [host, "FAIL", "upstream-in-another-partition"]),
    );
  });
});
