import type { World } from "../world.ts";
import { crowdedWorld } from "./crowded.ts";
import { demoWorld } from "./demo/index.ts";
import { healthyWorld } from "./healthy.ts";
import { hostileWorld } from "./hostile.ts";

/** The names of {@link worlds}. */
export type WorldName = "crowded" | "demo" | "healthy" | "hostile";

/** The worlds that can be started by name. Their dates are relative to a given time. */
export const worlds: Readonly<Record<WorldName, (now?: Date) => World>> = {
  crowded: crowdedWorld,
  demo: demoWorld,
  healthy: healthyWorld,
  hostile: hostileWorld,
};

/** Whether a world with that name exists. */
export function isWorldName(name: string): name is WorldName {
  return Object.hasOwn(worlds, name);
}
