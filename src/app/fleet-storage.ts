import { clientDefaults } from "../aws/http.ts";
import { s3FleetStorage } from "../aws/s3/fleet-storage.ts";
import type { FleetSettings } from "./settings.ts";

/** The clients' defaults, and the place where the fleet's functions hand each other their work. */
export function openWork({ store, concurrency, requestTimeoutSeconds }: FleetSettings) {
  const defaults = clientDefaults(concurrency, requestTimeoutSeconds * 1_000);
  return { defaults, storage: s3FleetStorage(store, defaults) };
}
