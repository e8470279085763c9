import type { AuditStore } from "../../src/audit/ports.ts";
import { aKnownRegistry, aState } from "./state-builders.ts";

/** Adds a registry to the state as often as it takes. @returns how often another writer was faster */
export async function addRegistry(store: AuditStore, name: string): Promise<number> {
  for (let conflicts = 0; ; conflicts += 1) {
    const stored = await store.readState();
    const { registries, ...rest } = stored?.state ?? aState({ registries: {} });
    const next = { ...rest, auditId: name, registries: { ...registries, [name]: aKnownRegistry([]) } };
    if (await store.writeState(next, stored?.version ?? null)) return conflicts;
  }
}
