import type { Instructions } from "../remediation.ts";
import type { OrphanedCachedRepositoriesKinds } from "./text.ts";

export const orphanedCachedRepositoriesRemediation: Instructions<OrphanedCachedRepositoriesKinds> = {
  orphaned: "instruct",
};
