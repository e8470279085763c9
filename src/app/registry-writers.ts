import type { RegistryDesk } from "../audit/ports.ts";
import { clientDefaults } from "../aws/http.ts";
import { openDesks } from "../aws/registry-writer.ts";
import { systemClock } from "../local/clock.ts";
import { roleOf } from "./reading.ts";
import type { Settings } from "./settings.ts";

/** Opens registries for change. For the command line alone. @throws CannotStartError */
export async function openRegistryDesks(
  settings: Settings,
): Promise<(place: { readonly account: string; readonly region: string }) => RegistryDesk> {
  const defaults = clientDefaults(settings.concurrency, settings.requestTimeoutSeconds * 1_000);
  return openDesks(defaults, roleOf(settings), systemClock.now);
}
