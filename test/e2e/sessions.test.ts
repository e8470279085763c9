import { describe, expect, it } from "vitest";
import type { Fault } from "../simulator/faults.ts";
import type { RecordedCall } from "../simulator/ledger.ts";
import type { Partition } from "../simulator/world.ts";
import { account, registry, rule, type WorldParts, world } from "../simulator/world-builder.ts";
import { allSeen, answersOf, figuresOf, HUB, MEMBER, NOTIFIERS, smallWorld } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const regions = ["us-east-1", "eu-west-1", "ap-southeast-2"];
const inAllRegions = { scope: { accounts: [HUB, MEMBER], regions } } as const;
const onMember = { service: "sts", operation: "AssumeRole", account: MEMBER } as const;

const HUB_PRINCIPALS = ["user", "role"] as const;

describe.each(HUB_PRINCIPALS)("a hub that is a %s", (principal) => {
  const hub: Partial<WorldParts["hub"]> = { region: "us-east-1", principal };

  it("assumes the role once for each account, whatever the number of regions, and none for itself", async () => {
    await using stage = await setStage(smallWorld({ hub, regions }), { policy: inAllRegions });
    expect(figuresOf(await stage.audit())).toEqual(allSeen(6));
    expect(stage.callsOf("AssumeRole")).toMatchObject([
      {
        account: HUB,
        region: "us-east-1",
        input: {
          RoleArn: `arn:aws:iam::${MEMBER}:role/pull-through-auditor`,
          RoleSessionName: "pull-through-auditor",
          DurationSeconds: "3600",
        },
      },
    ]);
  });
});

describe("the auditor's role", () => {
  it("is not asked for again by the other regions when it is denied", async () => {
    const effect = { kind: "deny", by: "missing-permission" } as const;
    await using stage = await setStage(smallWorld({ regions, faults: [{ on: onMember, effect }] }), {
      policy: inAllRegions,
    });
    const report = await stage.audit();
    expect(figuresOf(report)).toMatchObject({ planned: 6, audited: 3, unreachable: 3 });
    expect(stage.callsOf("AssumeRole")).toHaveLength(1);
  });

  it("is asked for once for all regions, again and again, when it is throttled", async () => {
    const throttled: Fault = { on: onMember, effect: { kind: "throttle" }, times: 3 };
    await using stage = await setStage(smallWorld({ regions, faults: [throttled] }), {
      policy: inAllRegions,
    });
    expect(figuresOf(await stage.audit())).toEqual(allSeen(6));
    expect(stage.callsOf("AssumeRole")).toHaveLength(4);
  });

  it("is assumed under the name and with the external id that are set", async () => {
    const member = {
      role: { name: "AuditOfEcr", externalId: "example:audit/2026" },
      regions: { "us-east-1": registry([rule("quay", "quay")]) },
    };
    await using stage = await setStage(smallWorld({ member }), {
      policy: { scope: { accounts: [MEMBER] } },
      environment: { AUDIT_ROLE_NAME: "AuditOfEcr", AUDIT_EXTERNAL_ID: "example:audit/2026" },
    });
    const report = await stage.audit();
    expect(answersOf(report, MEMBER)).toEqual({ quay: "PASS" });
    expect(stage.callsOf("AssumeRole")).toMatchObject([
      { input: { RoleArn: `arn:aws:iam::${MEMBER}:role/AuditOfEcr`, ExternalId: "example:audit/2026" } },
    ]);
  });

  it.each([
    ["missing", {}],
    ["wrong", { AUDIT_EXTERNAL_ID: "guess" }],
  ])("is not assumable when the external id is %s", async (_how, environment) => {
    await using stage = await setStage(smallWorld({ member: { role: { externalId: "example-audit" } } }), {
      policy: { scope: { accounts: [MEMBER] } },
      environment,
    });
    expect((await stage.audit()).coverage.gaps).toMatchObject([
      { account: MEMBER, reason: "role-not-assumable", operation: "sts:AssumeRole" },
    ]);
  });
});

describe("a session that ends during the audit", () => {
  it("is renewed before it does", async () => {
    const validation = { sequence: [{ isValid: false, failure: "a hiccup" }, { isValid: true }] } as const;
    const world = smallWorld({
      member: {
        // The auditor renews five minutes before the end: here after 0.3 seconds.
        role: { sessionSeconds: 300.3 },
        regions: { "us-east-1": registry([rule("docker-hub", "docker-hub", { validation })]) },
      },
    });
    await using stage = await setStage(world, {
      // Once the rule has been validated, time jumps past the session's end; it is validated again later.
      clock: (calls) => new Date(Date.now() + (calls.some(isAnsweredValidation) ? 6 * 60_000 : 0)),
      policy: { scope: { accounts: [MEMBER] } },
      environment: { AUDIT_CONFIRM_AFTER_SECONDS: "0.4" },
    });
    const report = await stage.audit();
    expect(answersOf(report, MEMBER)).toEqual({ "docker-hub": "PASS" });
    expect(report.coverage.gaps).toEqual([]);
    expect(stage.callsOf("ValidatePullThroughCacheRule")).toHaveLength(2);
    expect(stage.callsOf("AssumeRole").length).toBeGreaterThan(1);
  });
});

function isAnsweredValidation({ operation, httpStatus }: RecordedCall): boolean {
  return operation === "ValidatePullThroughCacheRule" && httpStatus === 200;
}

const partitions: readonly { partition: Partition; region: string; other: string; suffix: string }[] = [
  { partition: "aws-cn", region: "cn-north-1", other: "cn-northwest-1", suffix: "amazonaws.com.cn" },
  { partition: "aws-us-gov", region: "us-gov-west-1", other: "us-gov-east-1", suffix: "amazonaws.com" },
];

describe.each(partitions)("in the partition $partition", ({ partition, region, other, suffix }) => {
  it("roles, topics, buses and events have that partition's ARNs, and ECR upstreams are known", async () => {
    const upstreamRegistryUrl = `222233334444.dkr.ecr.${region}.${suffix}`;
    const rules = [
      rule("base", "ecr", { upstreamRegistryUrl, role: "ecr-pull" }),
      rule("docker-hub", "docker-hub", { validation: { isValid: false, failure: "unauthorized" } }),
    ];
    const staged = world({
      partition,
      hub: { region },
      regions: [region, other],
      accounts: [
        account(HUB, {
          regions: {
            [region]: registry([], {
              topics: [{ name: "pull-through-audit", publishers: [] }],
              eventBuses: [NOTIFIERS.AUDIT_EVENT_BUS],
            }),
          },
        }),
        account(MEMBER, { regions: { [other]: registry(rules) } }),
      ],
    });
    const topic = `arn:${partition}:sns:${region}:${HUB}:pull-through-audit`;
    await using stage = await setStage(staged, {
      policy: { scope: { accounts: "organization", regions: "enabled" } },
      environment: { ...NOTIFIERS, AUDIT_TOPIC_ARN: topic },
    });
    const report = await stage.deliverReport();
    expect(figuresOf(report)).toEqual(allSeen(4));
    expect(answersOf(report, MEMBER, "allowed-upstream")).toEqual({ base: "PASS", "docker-hub": "PASS" });
    expect(stage.callsOf("AssumeRole")).toMatchObject([
      { input: { RoleArn: `arn:${partition}:iam::${MEMBER}:role/pull-through-auditor` } },
    ]);
    expect(stage.simulator.published).toMatchObject([{ topicArn: topic }]);
    expect(stage.simulator.events[0]).toMatchObject({
      busArn: `arn:${partition}:events:${region}:${HUB}:event-bus/${NOTIFIERS.AUDIT_EVENT_BUS}`,
      resources: [`arn:${partition}:ecr:${other}:${MEMBER}:repository/docker-hub/*`],
    });
  });
});
