import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleet, HUB, REGION, settings } from "../functions/fleet.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { openService, type Service } from "./service.ts";

let service: Service;

beforeAll(async () => {
  service = await openService();
});

afterAll(() => service[Symbol.asyncDispose]());

function invoke(simulator: Simulator, event: unknown, settings: Readonly<Record<string, string>>) {
  const words = ["invoke", "local", "--function", "audit", "--data", JSON.stringify(event)];
  const given = Object.entries(settings).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  return service.run([...words, ...given], simulator.env);
}

/** What stands below the log's lines, each of which is one object. */
function answerIn(stdout: string): unknown {
  return JSON.parse(stdout.slice(stdout.indexOf("\n{\n")));
}

describe("serverless invoke local", () => {
  it("audits with the settings that are deployed, and tells nobody", async () => {
    await using simulator = await startSimulator(fleet());
    const { exitCode, stdout } = await invoke(simulator, {}, {});
    expect(exitCode).toBe(0);
    expect(answerIn(stdout)).toMatchObject({ status: "compliant", coverage: { planned: 1, audited: 1 } });
    expect(simulator.published).toEqual([]);
    expect(simulator.events).toEqual([]);
  });

  it("takes other settings, and tells those whom they name", async () => {
    await using simulator = await startSimulator(fleet());
    const { exitCode, stdout } = await invoke(simulator, { notify: "always" }, settings);
    expect(exitCode).toBe(0);
    expect(answerIn(stdout)).toMatchObject({ status: "non-compliant", coverage: { planned: 2 } });
    expect(simulator.published).toHaveLength(1);
    expect(simulator.events).toHaveLength(2);
  });

  it("fails when the function fails, and names the error", async () => {
    await using simulator = await startSimulator(fleet());
    const nowhere = { AUDIT_TOPIC_ARN: `arn:aws:sns:${REGION}:${HUB}:deleted` };
    const { exitCode, stdout } = await invoke(simulator, { notify: "always" }, nowhere);
    expect(exitCode).toBe(1);
    expect(answerIn(stdout)).toMatchObject({ errorType: "DeliveryError" });
  });
});
