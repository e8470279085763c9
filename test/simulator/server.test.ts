import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DescribePullThroughCacheRulesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { afterEach, describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { startSimulator } from "./server.ts";
import { account, registry, rule, world } from "./world-builder.ts";

const HUB = "111122223333";

function smallWorld() {
  return world({ accounts: [account(HUB, { regions: { "eu-west-1": registry([rule("quay", "quay")]) } })] });
}

describe("startSimulator", () => {
  it("hands out an environment in which the SDK finds it unaided", async () => {
    await using simulator = await startSimulator(smallWorld());
    expect(simulator.env).toEqual({
      AWS_ENDPOINT_URL: simulator.url,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: `AKIASIM0${HUB}`,
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });

  it("records each call with its input and its end", async () => {
    await using simulator = await startSimulator(smallWorld());
    await new ECRClient(connectionTo(simulator)).send(
      new DescribePullThroughCacheRulesCommand({ maxResults: 7 }),
    );
    expect(simulator.calls).toEqual([
      {
        service: "ecr",
        operation: "DescribePullThroughCacheRules",
        account: HUB,
        region: "eu-west-1",
        input: { maxResults: 7 },
        startedAt: expect.any(Number),
        endedAt: expect.any(Number),
        httpStatus: 200,
      },
    ]);
  });

  it("records nothing when asked not to", async () => {
    await using simulator = await startSimulator(smallWorld(), { recordCalls: false });
    await new ECRClient(connectionTo(simulator)).send(new DescribePullThroughCacheRulesCommand({}));
    expect(simulator.calls).toEqual([]);
  });

  it("answers what is meant for a service it does not play", async () => {
    await using simulator = await startSimulator(smallWorld());
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIASIM0${HUB}/20261121/eu-west-1/kms/aws4_request`;
    const response = await fetch(simulator.url, { method: "POST", headers: { authorization } });
    expect(response.status).toBe(501);
    expect(await response.json()).toMatchObject({ message: "The simulator has no service kms for POST /" });
  });

  it("frees its port when closed, and may be closed twice", async () => {
    const first = await startSimulator(smallWorld());
    const port = Number(new URL(first.url).port);
    await expect(startSimulator(smallWorld(), { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.close();
    await first.close();
    await using second = await startSimulator(smallWorld(), { port });
    expect(second.url).toBe(first.url);
  });

  it("refuses a world that could not be, with every reason", async () => {
    const impossible = smallWorld();
    impossible.hub.accountId = "999999999999";
    impossible.accounts[HUB]?.regions["eu-west-1"]?.rules.push(rule("quay", "quay"), rule("Quay", "quay"));
    await expect(startSimulator(impossible)).rejects.toThrow(
      [
        "This world cannot exist:",
        "- its hub 999999999999 is not among its accounts",
        `- ${HUB} eu-west-1: ECR accepts no rule with the prefix "Quay"`,
        `- ${HUB} eu-west-1: there are two rules with the prefix quay`,
      ].join("\n"),
    );
  });
});

describe("the simulator's own process", () => {
  const running: ChildProcess[] = [];

  function start(...args: string[]) {
    const child = spawn(process.execPath, ["test/simulator/main.ts", ...args], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    running.push(child);
    return child;
  }

  afterEach(() => {
    for (const child of running.splice(0)) child.kill("SIGKILL");
  });

  it.each([
    ["SIGTERM", (child: ChildProcess) => child.kill("SIGTERM")],
    ["SIGINT", (child: ChildProcess) => child.kill("SIGINT")],
    ["the end of its input", (child: ChildProcess) => child.stdin?.end()],
  ])("serves a named world until %s", async (_what, stop) => {
    const child = start("healthy");
    const [line] = await once(child.stdout, "data");
    const { url, env } = JSON.parse(String(line));
    const client = new ECRClient({
      endpoint: url,
      region: env.AWS_REGION,
      credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
    });
    expect(
      (await client.send(new DescribePullThroughCacheRulesCommand({}))).pullThroughCacheRules,
    ).toHaveLength(1);
    const exit = once(child, "exit");
    stop(child);
    expect(await exit).toEqual([0, null]);
  });

  it("serves a scale world, and reports the number of requests and of refused calls at the end", async () => {
    const child = start("scale", "--scale", '{"accounts":2,"regions":1,"rulesPerRegistry":1}');
    const output = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { url } = JSON.parse(String((await output.next()).value));
    await fetch(url, { method: "POST" });
    child.stdin.end();
    expect(JSON.parse(String((await output.next()).value))).toEqual({
      requests: 1,
      inVain: 1,
      firstRequestAt: expect.any(Number),
    });
  });

  it("lists the known worlds", async () => {
    const child = start("atlantis");
    const [[complaint], [code]] = await Promise.all([once(child.stderr, "data"), once(child, "exit")]);
    expect(String(complaint)).toBe(
      'Unknown world "atlantis". Known worlds: crowded, demo, healthy, hostile; and scale, with --scale JSON.\n',
    );
    expect(code).toBe(64);
  });
});
