import type { AuditStore } from "../../src/audit/ports.ts";
import { aKnownRegistry, aState } from "./state-builders.ts";

/** The key of a registry that the writer with this number adds as its n-th. */
export function addedKey(writer: number, index: number): string {
  return `${String(writer).padStart(6, "1")}${String(index).padStart(6, "0")}/eu-west-1`;
}

/** Adds a registry to the state as often as it takes. @returns how often another writer was faster */
export async function addRegistry(store: AuditStore, key: string): Promise<number> {
  for (let conflicts = 0; ; conflicts += 1) {
    const stored = await store.readState();
    const { registries, ...rest } = stored?.state ?? aState({ registries: {} });
    const next = { ...rest, registries: { ...registries, [key]: aKnownRegistry([]) } };
    if (await store.writeState(next, stored?.version ?? null)) return conflicts;
  }
}
