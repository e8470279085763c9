import type { ShapingEffect } from "./faults.ts";
import type { World } from "./world.ts";

/** Keeps the world from before the last change of rules, for reads that lag behind. */
export class Past {
  #before: World | null = null;
  #reads = 0;

  /** The world that a call reads and may change. */
  worldFor(operation: string, world: World, shaping: readonly ShapingEffect[]): World {
    if (shaping.some(({ kind }) => kind === "without-effect")) return structuredClone(world);
    const lag = shaping.find((effect) => effect.kind === "lag");
    if (lag !== undefined && this.#before !== null && this.#reads < lag.reads) {
      this.#reads += 1;
      return this.#before;
    }
    const isChange = /^(Create|Update|Delete)PullThroughCacheRule$/.test(operation);
    if (isChange && world.faults.some(({ effect }) => effect.kind === "lag")) {
      this.#before = structuredClone(world);
      this.#reads = 0;
    }
    return world;
  }
}
