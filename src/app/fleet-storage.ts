import { clientDefaults } from "../aws/http.ts";
import { s3FleetStorage } from "../aws/s3/fleet-storage.ts";
import type { FleetSettings } from "./settings.ts";

/** Opens the storage through which the fleet's functions exchange files, and returns the clients' defaults with it. */
export function openFleetStorage({ store, concurrency, requestTimeoutSeconds }: FleetSettings) {
  const defaults = clientDefaults(concurrency, requestTimeoutSeconds * 1_000);
  return { defaults, storage: s3FleetStorage(store, defaults) };
}
