import type { World } from "../world.ts";
import { account, registry, rule, world } from "../world-builder.ts";

/** One registry that uses 46 of its 50 rules: one for each team that wanted its own prefix. */
export function crowdedWorld(): World {
  const teamRules = Array.from({ length: 46 }, (_nothing, index) =>
    rule(`team-${(index + 1).toString().padStart(2, "0")}`, "ecr-public"),
  );
  return world({
    accounts: [
      account("111122223333", { name: "shared-registry", regions: { "eu-west-1": registry(teamRules) } }),
    ],
  });
}
