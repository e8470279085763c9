import { createServer } from "node:net";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { fleet, MEMBER, REGION, settings } from "../functions/fleet.ts";
import { startSimulator } from "../simulator/server.ts";
import { openService } from "./service.ts";

describe("serverless offline", () => {
  it("lets the SDK invoke the audit function as it would on AWS", async () => {
    await using simulator = await startSimulator(fleet());
    await using service = await openService();
    const [lambdaPort, httpPort, websocketPort, albPort] = await freePorts(4);
    const ports = Object.entries({ lambdaPort, httpPort, websocketPort, albPort });
    await using _offline = await service.start(
      [
        "offline",
        "start",
        "--localEnvironment",
        "--noTimeout",
        ...["--param", `policy=${settings.AUDIT_POLICY}`],
        ...ports.flatMap(([name, port]) => [`--${name}`, `${port}`]),
      ],
      { ...simulator.env, ...settings },
      "listening",
    );

    const client = new LambdaClient({
      endpoint: `http://localhost:${lambdaPort}`,
      region: REGION,
      credentials: { accessKeyId: "offline", secretAccessKey: "offline" },
    });
    const { StatusCode, FunctionError, Payload } = await client.send(
      new InvokeCommand({
        FunctionName: "pull-through-auditor-prod-audit",
        Payload: Buffer.from(JSON.stringify({ accounts: [MEMBER], notify: "always" })),
      }),
    );

    expect([StatusCode, FunctionError]).toEqual([200, undefined]);
    expect(JSON.parse(Payload?.transformToString() ?? "")).toMatchObject({
      status: "non-compliant",
      coverage: { planned: 1, audited: 1 },
    });
    expect(simulator.published).toHaveLength(1);
  });
});

/** Ports that nobody listens on, at least a moment ago. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "localhost"));
  return Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.once("listening", () => {
            const address = server.address();
            server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
          });
        }),
    ),
  );
}
