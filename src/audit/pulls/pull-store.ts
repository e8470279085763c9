import type { Registry } from "../../ecr/registry.ts";
import { absent, type Evidence, present, unreadable } from "../../facts/evidence.ts";
import type { HeardPulls } from "../../facts/pulls.ts";
import { StoreError } from "../ports.ts";
import { parseStored } from "../report/report-file.ts";
import type { StorageLocation } from "../state/store.ts";
import { type PullMemory, pullMemorySchema } from "./pull-memory.ts";

/** The memory of a registry as read, and its version, for writing it back by compare-and-swap. */
export type StoredPulls = { readonly memory: PullMemory; readonly version: string };

/** Stores what is remembered of pulls: one small file for each registry. */
export type PullStore = {
  /** `null`: nothing was heard of the registry. @throws StoreError if it cannot be read or is damaged */
  readonly read: (registry: Registry) => Promise<StoredPulls | null>;
  /**
   * Writes a memory if it still has `version` (`null`: if there is none yet).
   *
   * @returns false if another function wrote it in the meantime: nothing was written
   * @throws StoreError
   */
  readonly write: (memory: PullMemory, version: string | null) => Promise<boolean>;
};

function pathOf({ account, region }: Registry): string {
  return `pulls/${account}/${region}.json`;
}

/** The store of pulls in a storage location. */
export function pullStoreIn(storage: StorageLocation): PullStore {
  return {
    read: async (registry) => {
      const path = pathOf(registry);
      const file = await storage.read(path);
      if (file === null) return null;
      return {
        memory: parseStored(pullMemorySchema, file.text, storage.locate(path)),
        version: file.version,
      };
    },
    write: (memory, version) => storage.replace(pathOf(memory), `${JSON.stringify(memory)}\n`, version),
  };
}

/** A store of pulls that keeps them only as long as the process, for auditors without a store. */
export function pullsInProcess(): PullStore {
  const memories = new Map<string, StoredPulls>();
  let writes = 0;
  return {
    read: async (registry) => memories.get(pathOf(registry)) ?? null,
    write: async (memory, version) => {
      const path = pathOf(memory);
      if ((memories.get(path)?.version ?? null) !== version) return false;
      writes += 1;
      memories.set(path, { memory, version: String(writes) });
      return true;
    },
  };
}

/** Reads what was heard of a registry's pulls, as evidence. */
export async function heardPullsOf(
  store: Pick<PullStore, "read">,
  registry: Registry,
): Promise<Evidence<readonly HeardPulls[]>> {
  try {
    const stored = await store.read(registry);
    return stored === null ? absent : present(stored.memory.rules);
  } catch (error) {
    if (error instanceof StoreError) return unreadable("service-error", "s3:GetObject", error.message);
    throw error;
  }
}
