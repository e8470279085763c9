import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeEach, onTestFinished, vi } from "vitest";
import type { AuditStore } from "../../../src/audit/ports.ts";
import { clientDefaults } from "../../../src/aws/http.ts";
import { s3Store } from "../../../src/aws/s3/store.ts";
import type { Fault } from "../../simulator/faults.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import { account, registry, world } from "../../simulator/world-builder.ts";
import { serve } from "../local-server.ts";

/** The key of the state in the bucket `audits`. */
export const STATE = "nightly/state.json";
export const defaults = clientDefaults(10, 60_000);

/** The store that the tests use. */
export function open(options = defaults): AuditStore {
  return s3Store("s3://audits/nightly", options);
}

/** Keeps the tests of a file from the machine's AWS set-up, and from waiting. */
export function setEnvironment(): void {
  beforeEach(() => {
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    // The SDK draws its pauses between attempts at random, up to seconds: here it always draws none.
    vi.spyOn(Math, "random").mockReturnValue(0);
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
}

/** A simulated S3 with two buckets, one of them in another region, until the test ends. */
export async function simulate(...faults: Fault[]): Promise<Simulator> {
  const regions = {
    "eu-west-1": registry([], { buckets: ["audits"] }),
    "us-east-1": registry([], { buckets: ["far-away"] }),
  };
  const hub = { region: "eu-west-1" };
  const simulator = await startSimulator(
    world({ accounts: [account("111122223333", { regions })], hub, faults }),
  );
  onTestFinished(() => simulator.close());
  for (const [name, value] of Object.entries(simulator.env)) vi.stubEnv(name, value);
  return simulator;
}

/** A fake S3 that gives the configured answers, until the test ends. */
export async function answerWith(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<void> {
  vi.stubEnv("AWS_ENDPOINT_URL_S3", await serve(answer));
}

/** The text of an object in the bucket `audits`. */
export function textAt({ objects }: Simulator, key: string): string | undefined {
  return objects.get("audits")?.get(key)?.bytes.toString();
}

/** The keys in the bucket `audits`, sorted. */
export function keysIn({ objects }: Simulator): string[] {
  return [...(objects.get("audits")?.keys() ?? [])].toSorted();
}
