import type { Instructions } from "../remediation.ts";
import type { UnapprovedChangeKinds } from "./text.ts";

export const unapprovedChangeRemediation: Instructions<UnapprovedChangeKinds> = {
  "change-not-approved": "instruct",
  "no-change-known": "never-fails",
};
