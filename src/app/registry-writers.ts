import type { RegistryWriter } from "../audit/ports.ts";
import { clientDefaults } from "../aws/http.ts";
import { registryWriters } from "../aws/registry-writer.ts";
import { systemClock } from "../local/clock.ts";
import { roleOf } from "./reading.ts";
import type { Settings } from "./settings.ts";

/** Opens registries for changes. Only the command line does this, never an audit. @throws CannotStartError */
export async function openRegistryWriters(
  settings: Settings,
): Promise<(registry: { readonly account: string; readonly region: string }) => RegistryWriter> {
  const defaults = clientDefaults(settings.concurrency, settings.requestTimeoutSeconds * 1_000);
  return registryWriters(defaults, roleOf(settings), systemClock.now);
}
