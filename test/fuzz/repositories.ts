import type { World } from "../simulator/world.ts";
import type { PolicyFile } from "../support/builders.ts";
import type { Dice } from "./dice.ts";

/**
 * Puts repositories into a world, and returns the section that asks for them: in some scenarios. The policies of
 * repositories are left to other tests: they are read one by one, and which one of them ends the reading is left to chance.
 */
export function randomRepositories(
  { accounts }: World,
  policy: PolicyFile,
  dice: Dice,
): Pick<PolicyFile, "cachedRepositories"> {
  if (!dice.chance(0.4) || JSON.stringify(policy).includes("repositoryPolicy")) return {};
  for (const { regions } of Object.values(accounts)) {
    for (const region of Object.values(regions)) {
      const folders = region.rules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix.replace(/\/$/, ""));
      region.repositories = dice.some([...new Set([...folders, "own"])], 0.7).flatMap((folder) =>
        dice.some(["app", "library/nginx", "keep/me"], 0.6).map((name) => ({
          name: `${folder.toLowerCase()}/${name}`,
          createdAt: "2026-05-04T09:00:00.000Z",
          imageTagMutability: dice.pick(["MUTABLE", "MUTABLE", "IMMUTABLE"]),
          encryptionType: dice.pick(["KMS", "KMS", "AES256"]),
          scanOnPush: dice.chance(0.3),
        })),
      );
    }
  }
  return { cachedRepositories: { matchTemplate: false, exclude: dice.pick([[], ["*/keep/*"]]) } };
}
