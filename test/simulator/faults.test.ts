import { AccountClient, ListRegionsCommand } from "@aws-sdk/client-account";
import {
  DescribePullThroughCacheRulesCommand,
  ECRClient,
  ValidatePullThroughCacheRuleCommand,
} from "@aws-sdk/client-ecr";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import type { Fault, Throttle } from "./faults.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { TokenBuckets } from "./token-buckets.ts";
import { account, registry, rule, world } from "./world-builder.ts";

const HUB = "111122223333";
const MEMBER = "444455556666";
const USER = `User: arn:aws:iam::${HUB}:user/auditor`;

function worldWith(parts: { faults?: Fault[]; throttles?: Throttle[]; seed?: number }) {
  const regions = () => ({
    "eu-west-1": registry([rule("quay", "quay"), rule("ecr-public", "ecr-public")]),
    "us-east-1": registry(),
  });
  return world({
    accounts: [account(HUB, { regions: regions() }), account(MEMBER, { regions: regions() })],
    hub: { region: "eu-west-1" },
    ...parts,
  });
}

function describeRules(simulator: Simulator, place: { accountId?: string; region?: string } = {}) {
  return new ECRClient(connectionTo(simulator, place)).send(new DescribePullThroughCacheRulesCommand({}));
}

function validate(simulator: Simulator, ecrRepositoryPrefix: string) {
  return new ECRClient(connectionTo(simulator)).send(
    new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix }),
  );
}

function assume(simulator: Simulator, accountId: string) {
  const RoleArn = `arn:aws:iam::${accountId}:role/pull-through-auditor`;
  return new STSClient(connectionTo(simulator)).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "audit" }),
  );
}

/** The outcomes of calls made one after the other: `ok`, or the error's name. */
async function outcomesOf(times: number, call: () => Promise<unknown>): Promise<string[]> {
  const outcomes: string[] = [];
  for (let time = 0; time < times; time += 1) {
    outcomes.push(
      await call().then(
        () => "ok",
        (error: unknown) => (error instanceof Error ? error.name : "?"),
      ),
    );
  }
  return outcomes;
}

describe("a fault strikes", () => {
  const throttle = { kind: "throttle" } as const;

  it("the service, operation, account, region and prefix it names, and no other", async () => {
    const on = {
      service: "ecr",
      operation: "ValidatePullThroughCacheRule",
      account: HUB,
      region: "eu-west-1",
      prefix: "quay",
    } as const;
    await using simulator = await startSimulator(worldWith({ faults: [{ on, effect: throttle }] }));
    await expect(validate(simulator, "quay")).rejects.toMatchObject({ name: "ThrottlingException" });
    expect((await validate(simulator, "ecr-public")).isValid).toBe(true);
    expect((await describeRules(simulator)).pullThroughCacheRules).toHaveLength(2);
  });

  it("one account or one region alone", async () => {
    await using simulator = await startSimulator(
      worldWith({
        faults: [
          { on: { account: MEMBER }, effect: throttle },
          { on: { region: "us-east-1" }, effect: throttle },
        ],
      }),
    );
    const throttled = {
      name: "ThrottlingException",
      message: "Rate exceeded",
      $metadata: { httpStatusCode: 400 },
    };
    await expect(describeRules(simulator, { accountId: MEMBER })).rejects.toMatchObject(throttled);
    await expect(describeRules(simulator, { region: "us-east-1" })).rejects.toMatchObject(throttled);
    expect((await describeRules(simulator)).pullThroughCacheRules).toHaveLength(2);
  });

  it("after some calls and for some times", async () => {
    await using simulator = await startSimulator(
      worldWith({ faults: [{ on: { service: "ecr" }, effect: throttle, after: 1, times: 2 }] }),
    );
    expect(await outcomesOf(5, () => describeRules(simulator))).toEqual([
      "ok",
      "ThrottlingException",
      "ThrottlingException",
      "ok",
      "ok",
    ]);
  });

  it("a share of the calls, the same ones for the same seed", async () => {
    const outcomesFor = async (seed: number) => {
      const faults: Fault[] = [{ on: { service: "ecr" }, effect: throttle, probability: 0.5 }];
      await using simulator = await startSimulator(worldWith({ faults, seed }));
      return await outcomesOf(20, () => describeRules(simulator));
    };
    const outcomes = await outcomesFor(7);
    expect(new Set(outcomes)).toEqual(new Set(["ok", "ThrottlingException"]));
    expect(await outcomesFor(7)).toEqual(outcomes);
    expect(await outcomesFor(8)).not.toEqual(outcomes);
  });

  it("from the moment a test puts it into the world", async () => {
    await using simulator = await startSimulator(worldWith({}));
    expect((await describeRules(simulator)).pullThroughCacheRules).toHaveLength(2);
    simulator.world.faults.push({ on: { service: "ecr" }, effect: throttle });
    await expect(describeRules(simulator)).rejects.toMatchObject({ name: "ThrottlingException" });
  });
});

describe("a denied call", () => {
  it("names the missing permission", async () => {
    await using simulator = await startSimulator(
      worldWith({ faults: [{ on: { service: "ecr" }, effect: { kind: "deny", by: "missing-permission" } }] }),
    );
    const action = "ecr:DescribePullThroughCacheRules";
    await expect(describeRules(simulator)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: `${USER} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
    });
  });

  it("names the service control policy", async () => {
    await using simulator = await startSimulator(
      worldWith({
        faults: [{ on: { service: "ecr" }, effect: { kind: "deny", by: "service-control-policy" } }],
      }),
    );
    await expect(describeRules(simulator)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: `${USER} is not authorized to perform: ecr:DescribePullThroughCacheRules on resource: * with an explicit deny in a service control policy`,
    });
  });

  it("to assume a role goes by the role's account", async () => {
    await using simulator = await startSimulator(
      worldWith({
        faults: [
          { on: { service: "sts", account: MEMBER }, effect: { kind: "deny", by: "missing-permission" } },
        ],
      }),
    );
    const role = `arn:aws:iam::${MEMBER}:role/pull-through-auditor`;
    await expect(assume(simulator, MEMBER)).rejects.toMatchObject({
      name: "AccessDenied",
      message: `${USER} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
    });
    expect((await assume(simulator, HUB)).Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });
});

describe("credentials", () => {
  it.each([
    ["expire-credentials", "ExpiredTokenException"],
    ["reject-credentials", "UnrecognizedClientException"],
  ] as const)("may fail by %s", async (kind, name) => {
    await using simulator = await startSimulator(
      worldWith({ faults: [{ on: { service: "ecr" }, effect: { kind } }] }),
    );
    await expect(describeRules(simulator)).rejects.toMatchObject({ name });
  });

  it("expire in the words of each protocol", async () => {
    await using simulator = await startSimulator(
      worldWith({ faults: [{ on: {}, effect: { kind: "expire-credentials" } }] }),
    );
    const connection = connectionTo(simulator);
    await expect(assume(simulator, MEMBER)).rejects.toMatchObject({
      name: "ExpiredToken",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(new AccountClient(connection).send(new ListRegionsCommand({}))).rejects.toMatchObject({
      name: "ExpiredTokenException",
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe("an outage", () => {
  it("of one service leaves the others alone", async () => {
    await using simulator = await startSimulator(
      worldWith({
        faults: [
          { on: { service: "sns" }, effect: { kind: "internal-failure", status: 503 } },
          { on: { service: "s3" }, effect: { kind: "internal-failure", status: 500 } },
        ],
      }),
    );
    const connection = connectionTo(simulator);
    const publication = new PublishCommand({ TopicArn: `arn:aws:sns:eu-west-1:${HUB}:audit`, Message: "x" });
    await expect(new SNSClient(connection).send(publication)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 503 },
    });
    const s3 = new S3Client({ ...connection, forcePathStyle: true });
    await expect(s3.send(new GetObjectCommand({ Bucket: "audits", Key: "a" }))).rejects.toMatchObject({
      name: "InternalError",
      $metadata: { httpStatusCode: 500 },
    });
    expect((await describeRules(simulator)).pullThroughCacheRules).toHaveLength(2);
  });

  it("that is short is got over by the SDK's own retries", async () => {
    await using simulator = await startSimulator(
      worldWith({
        faults: [{ on: { service: "ecr" }, effect: { kind: "internal-failure", status: 500 }, times: 2 }],
      }),
    );
    const patient = new ECRClient({ ...connectionTo(simulator), maxAttempts: 3 });
    expect(
      (await patient.send(new DescribePullThroughCacheRulesCommand({}))).pullThroughCacheRules,
    ).toHaveLength(2);
    expect(simulator.calls.map(({ httpStatus }) => httpStatus)).toEqual([500, 500, 200]);
  });
});

describe("a connection", () => {
  it("may be cut", async () => {
    await using simulator = await startSimulator(
      worldWith({ faults: [{ on: { service: "ecr" }, effect: { kind: "reset-connection" }, times: 1 }] }),
    );
    await expect(describeRules(simulator)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await describeRules(simulator)).pullThroughCacheRules).toHaveLength(2);
    expect(simulator.calls[0]).not.toHaveProperty("endedAt");
  });

  it("may hang until the client gives up, and does not keep the simulator from closing", async () => {
    const simulator = await startSimulator(
      worldWith({ faults: [{ on: { service: "ecr" }, effect: { kind: "hang" } }] }),
    );
    const impatient = new ECRClient({
      ...connectionTo(simulator),
      requestHandler: { requestTimeout: 500, throwOnRequestTimeout: true },
    });
    await expect(impatient.send(new DescribePullThroughCacheRulesCommand({}))).rejects.toMatchObject({
      name: "TimeoutError",
    });
    const hanging = describeRules(simulator);
    const cut = expect(hanging).rejects.toThrow();
    while (simulator.calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await simulator.close();
    await cut;
    expect(simulator.calls.every((call) => !("endedAt" in call))).toBe(true);
  });

  it("may be slow", async () => {
    await using simulator = await startSimulator(
      worldWith({
        faults: [
          { on: { service: "ecr" }, effect: { kind: "delay", milliseconds: 40, jitterMilliseconds: 10 } },
        ],
      }),
    );
    await describeRules(simulator);
    const [call] = simulator.calls;
    expect((call?.endedAt ?? 0) - (call?.startedAt ?? 0)).toBeGreaterThanOrEqual(39);
  });
});

describe("token buckets", () => {
  it("throttle each registry for itself", async () => {
    await using simulator = await startSimulator(
      worldWith({ throttles: [{ on: { service: "ecr" }, ratePerSecond: 0.001, burst: 2 }] }),
    );
    expect(await outcomesOf(3, () => describeRules(simulator))).toEqual(["ok", "ok", "ThrottlingException"]);
    expect(await outcomesOf(1, () => describeRules(simulator, { accountId: MEMBER }))).toEqual(["ok"]);
    expect(await outcomesOf(1, () => describeRules(simulator, { region: "us-east-1" }))).toEqual(["ok"]);
    expect(await outcomesOf(1, () => validate(simulator, "quay"))).toEqual(["ok"]);
  });

  it("refill at their rate and never above their burst", () => {
    let milliseconds = 0;
    const buckets = new TokenBuckets(() => milliseconds);
    const throttle = { on: {}, ratePerSecond: 2, burst: 2 };
    const subject = { service: "ecr", operation: "X", account: HUB, region: "eu-west-1" } as const;
    const takeThree = () => [1, 2, 3].map(() => buckets.take(throttle, subject));
    expect(takeThree()).toEqual([true, true, false]);
    milliseconds += 500;
    expect(takeThree()).toEqual([true, false, false]);
    milliseconds += 60_000;
    expect(takeThree()).toEqual([true, true, false]);
  });
});
