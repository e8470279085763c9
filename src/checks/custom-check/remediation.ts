import type { CheckRemediation } from "../remediation.ts";
import type { CustomCheckKinds } from "./text.ts";

/** Only the authors of the policy know what remediates what its own checks find. */
export const customCheckRemediation: CheckRemediation<CustomCheckKinds> = {
  "assertion-failed": "instruct",
  "assertion-undecided": "never-fails",
};
