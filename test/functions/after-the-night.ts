import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { handler } from "../../functions/audit.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { context } from "./context.ts";
import { schedulerEvent } from "./events.ts";
import { fleet, HUB, MEMBER, REGION, settings } from "./fleet.ts";
import { captureStdout } from "./stdout.ts";

const BUCKET = "reports";
const withStore = {
  ...settings,
  AUDIT_POLICY: fileURLToPath(new URL("registry-policy.json", import.meta.url)),
  AUDIT_STORE: `s3://${BUCKET}`,
};

/** Invokes the audit function, which has a store. */
export function invoke(simulator: Simulator, event: unknown) {
  for (const [name, value] of Object.entries({ ...simulator.env, ...withStore })) vi.stubEnv(name, value);
  return handler(event, context);
}

/** The registry of an account in the fleet's region. */
export function registryIn({ world }: Simulator, account = MEMBER) {
  const registry = world.accounts[account]?.regions[REGION];
  if (registry === undefined) throw new Error(`${account} has no registry`);
  return registry;
}

/** A fleet whose nightly audit found every rule sound. */
export async function afterTheNight(): Promise<Simulator> {
  const world = fleet();
  world.accounts[HUB]?.regions[REGION]?.buckets.push(BUCKET);
  const simulator = await startSimulator(world);
  for (const rule of registryIn(simulator).rules) rule.validation = { isValid: true };
  captureStdout();
  await invoke(simulator, schedulerEvent);
  return simulator;
}
