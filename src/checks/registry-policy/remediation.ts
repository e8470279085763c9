import type { Instructions } from "../remediation.ts";
import type { RegistryPolicyKinds } from "./text.ts";

export const registryPolicyRemediation: Instructions<RegistryPolicyKinds> = {
  "untrusted-let-in": "instruct",
  "all-but-some-let-in": "instruct",
  "organization-unknown": "never-fails",
  "statement-not-understood": "never-fails",
  "not-a-policy": "never-fails",
};
