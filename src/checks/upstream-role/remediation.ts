import type { CheckRemediation } from "../remediation.ts";
import type { UpstreamRoleKinds } from "./text.ts";

export const upstreamRoleRemediation: CheckRemediation<UpstreamRoleKinds> = {
  "role-missing": "give-role",
  "role-needless": "take-role-off",
  "not-a-role": "give-role",
  "role-of-another-account": "give-role",
  "role-not-allowed": "give-role",
  "not-an-ecr-upstream": "never-fails",
};
