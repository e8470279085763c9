import type { Instructions } from "../remediation.ts";
import type { UnusedCachedRepositoriesKinds } from "./text.ts";

export const unusedCachedRepositoriesRemediation: Instructions<UnusedCachedRepositoriesKinds> = {
  unused: "instruct",
  "use-not-known": "never-fails",
  "too-young": "never-fails",
  "share-not-known": "never-fails",
  "not-all-read": "never-fails",
};
