import type { CheckRemediation } from "../remediation.ts";
import type { CustomCheckKinds } from "./text.ts";

/** Only the authors of the policy know how to remediate the findings of its custom checks. */
export const customCheckRemediation: CheckRemediation<CustomCheckKinds> = {
  "assertion-failed": "instruct",
  "assertion-undecided": "never-fails",
};
