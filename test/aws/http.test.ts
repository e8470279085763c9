import type { ServerResponse } from "node:http";
import { Socket } from "node:net";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { reasonOf } from "../../src/aws/errors.ts";
import { serve } from "./local-server.ts";

beforeEach(() => {
  // The agents of a process have as much room as anybody asked for: each test has agents of its own.
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const answer =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

/** A server that answers only on request of the test, with its clients. */
async function patientServer(concurrency: number, requestTimeoutMs: number, signal?: AbortSignal) {
  const arrived = Array.from({ length: 3 }, () => Promise.withResolvers<ServerResponse>());
  const connections: Socket[] = [];
  const endpoint = await serve(({ socket }, response) => {
    arrived[connections.length]?.resolve(response);
    connections.push(socket);
  });
  const { clientDefaults, stoppable } = await import("../../src/aws/http.ts");
  const shared = clientDefaults(concurrency, requestTimeoutMs);
  const defaults =
    signal === undefined ? shared : { ...shared, requestHandler: stoppable(shared.requestHandler, signal) };
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  return {
    /** The connection of each call that has reached the server. */
    connections,
    /** The answer to the n-th call, as soon as that has reached the server. */
    responses: arrived.map(({ promise }) => promise),
    ask: (onHeaders = () => {}) => {
      const client = new STSClient({
        ...defaults,
        maxAttempts: 1,
        region: "eu-west-1",
        endpoint,
        credentials,
      });
      client.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          onHeaders();
          return result;
        },
        { step: "deserialize", priority: "low" },
      );
      return client.send(new GetCallerIdentityCommand({})).catch((error: unknown) => error);
    },
  };
}

describe("clientDefaults", () => {
  test("waits for an answer until its time limit", async () => {
    const { ask, responses } = await patientServer(1, 8_000);
    const result = ask();
    const response = await responses[0];
    vi.advanceTimersByTime(7_999);
    response?.end(answer);
    expect(await result).toMatchObject({ Account: "111122223333" });
  });

  test("gives up a call that is not answered then", async () => {
    const { ask, responses } = await patientServer(1, 8_000);
    const result = ask();
    await responses[0];
    vi.advanceTimersByTime(8_000);
    expect(reasonOf(await result)).toBe("timeout");
  });

  test("gives up a call whose answer stops in its middle", async () => {
    const idleLimit = vi.spyOn(Socket.prototype, "setTimeout");
    const headers = Promise.withResolvers<void>();
    const { ask, responses } = await patientServer(1, 4_000);
    const result = ask(headers.resolve);
    (await responses[0])?.write(answer.slice(0, 40));
    await headers.promise;
    const [, giveUp] = idleLimit.mock.calls.find(([milliseconds]) => milliseconds === 4_000) ?? [];
    expect(giveUp).toBeTypeOf("function");
    // As Node does when nothing has come for so long.
    giveUp?.();
    expect(reasonOf(await result)).toBe("timeout");
  });

  test("has twice as many connections as calls may be under way, shared by all clients", async () => {
    const { ask, responses, connections } = await patientServer(1, 4_000);
    const results = [ask(), ask(), ask()];
    const first = await responses[0];
    await responses[1];
    first?.end(answer);
    for (const response of responses.slice(1)) (await response)?.end(answer);
    expect(await Promise.all(results)).toMatchObject(Array(3).fill({ Account: "111122223333" }));
    expect(new Set(connections).size).toBe(2);
  });
});

describe("the agents of the process", () => {
  test("keep the largest number of connections that was requested", async () => {
    const { clientDefaults } = await import("../../src/aws/http.ts");
    clientDefaults(2, 4_000);
    const { ask, responses, connections } = await patientServer(1, 4_000);
    const results = [ask(), ask(), ask()];
    for (const response of responses) (await response).end(answer);
    await Promise.all(results);
    expect(new Set(connections).size).toBe(3);
  });
});

describe("stoppable", () => {
  test("gives up what is under way and what comes later, once the signal aborts", async () => {
    const stopping = new AbortController();
    const { ask, responses, connections } = await patientServer(2, 8_000, stopping.signal);
    const [answered, underWay] = [ask(), ask()];
    (await responses[0])?.end(answer);
    await responses[1];
    expect(await Promise.race([answered, underWay])).toMatchObject({ Account: "111122223333" });

    stopping.abort();
    const [later, result] = await Promise.all([ask(), Promise.all([answered, underWay])]);
    expect([...result, later].filter((one) => one instanceof Error)).toHaveLength(2);
    expect(reasonOf(later)).toBe("deadline");
    expect(connections).toHaveLength(2);
  });
});
