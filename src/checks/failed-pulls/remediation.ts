import type { Instructions } from "../remediation.ts";
import type { FailedPullsKinds } from "./text.ts";

export const failedPullsRemediation: Instructions<FailedPullsKinds> = {
  "upstream-access-denied": "instruct",
  "upstream-rate-limited": "instruct",
  "upstream-unavailable": "instruct",
  "kms-failed": "instruct",
  "image-not-found": "instruct",
  "pulls-failed": "instruct",
  "failures-do-not-count": "never-fails",
  "nothing-heard": "never-fails",
};
