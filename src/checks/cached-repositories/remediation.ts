import type { Instructions } from "../remediation.ts";
import type { CachedRepositoriesKinds } from "./text.ts";

export const cachedRepositoriesRemediation: Instructions<CachedRepositoriesKinds> = {
  encryption: "instruct",
  "tag-mutability": "instruct",
  "no-lifecycle-policy": "instruct",
  "lifecycle-policy-differs": "instruct",
  "lifecycle-policy-keeps-images": "instruct",
  "no-repository-policy": "instruct",
  "repository-policy-differs": "instruct",
  "repository-policy-lets-in": "instruct",
  "not-scanned": "instruct",
  "policy-not-understood": "never-fails",
  "policy-not-read": "never-fails",
  "template-not-known": "never-fails",
  "not-all-read": "never-fails",
  "share-not-known": "never-fails",
};
