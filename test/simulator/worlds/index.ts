import type { World } from "../world.ts";
import { crowdedWorld } from "./crowded.ts";
import { demoWorld } from "./demo/index.ts";
import { healthyWorld } from "./healthy.ts";
import { hostileWorld } from "./hostile.ts";

/** The names of {@link worlds}. */
export type WorldName = "crowded" | "demo" | "healthy" | "hostile";

/** The worlds that can be started by name, each made for a moment that its dates are relative to. */
export const worlds: Readonly<Record<WorldName, (now?: Date) => World>> = {
  crowded: crowdedWorld,
  demo: demoWorld,
  healthy: healthyWorld,
  hostile: hostileWorld,
};

/** Whether there is a world of that name. */
export function isWorldName(name: string): name is WorldName {
  return Object.hasOwn(worlds, name);
}
