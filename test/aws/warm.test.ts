import { readdirSync } from "node:fs";
import { createServer } from "node:https";
import { getCACertificates, setDefaultCACertificates, TLSSocket } from "node:tls";
import { queryObjects } from "node:v8";
import { ECRClient } from "@aws-sdk/client-ecr";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { handler } from "../../functions/audit.ts";
import { clientDefaults } from "../../src/aws/http.ts";
import { context } from "../functions/context.ts";
import { fleet, settings } from "../functions/fleet.ts";
import { captureStdout } from "../functions/stdout.ts";
import { startSimulator } from "../simulator/server.ts";
import { localhostCertificate, localhostKey } from "./localhost-certificate.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a function that is invoked again and again", () => {
  test("opens nothing that it leaves open, and holds no clients of audits that are done", {
    timeout: 300_000,
  }, async () => {
    await using simulator = await startSimulator(fleet(), { recordCalls: false });
    const stdout = captureStdout();
    for (const [name, value] of Object.entries({ ...simulator.env, ...settings })) vi.stubEnv(name, value);
    const held = () => ({
      descriptors: readdirSync("/proc/self/fd").length,
      clients: [STSClient, ECRClient, EventBridgeClient].map((client) =>
        queryObjects(client, { format: "count" }),
      ),
    });
    const invoke = async (times: number) => {
      for (let time = 0; time < times; time += 1) await handler({}, context);
    };
    await invoke(20);
    const before = held();
    await invoke(200);
    const after = held();
    expect(stdout.lines().filter(({ message }) => message === "Audit done")).toHaveLength(220);
    // The simulator runs in this process: each connection has two ends.
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 4);
    for (const [index, count] of after.clients.entries()) {
      expect(count).toBeLessThanOrEqual(Number(before.clients[index]) + 4);
    }
  });
});

describe("the process's agents", () => {
  test("take up a host's TLS session again, whichever client calls", async () => {
    const usual = getCACertificates("default");
    setDefaultCACertificates([localhostCertificate]);
    onTestFinished(() => setDefaultCACertificates(usual));
    const isReused: boolean[] = [];
    const server = createServer({ key: localhostKey, cert: localhostCertificate }, ({ socket }, response) => {
      isReused.push(socket instanceof TLSSocket && socket.isSessionReused());
      // Closed, so that the next call needs a connection of its own.
      response.setHeader("connection", "close").end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    for (let time = 0; time < 3; time += 1) {
      const client = new STSClient({
        ...clientDefaults(1, 5_000),
        endpoint: `https://localhost:${port}`,
        region: "eu-west-1",
        credentials: { accessKeyId: "key", secretAccessKey: "secret" },
      });
      await client.send(new GetCallerIdentityCommand({}));
    }
    expect(isReused).toEqual([false, true, true]);
  });
});

const answer =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
