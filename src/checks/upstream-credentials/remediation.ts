import type { CheckRemediation } from "../remediation.ts";
import type { UpstreamCredentialsKinds } from "./text.ts";

export const upstreamCredentialsRemediation: CheckRemediation<UpstreamCredentialsKinds> = {
  "credential-missing": "give-credential",
  "credential-needless": "take-credential-off",
  "credential-not-a-secret": "give-credential",
  "credential-elsewhere": "give-credential",
  "credential-out-of-reach": "give-credential",
  "credential-not-allowed": "give-credential",
  "authentication-unknown": "never-fails",
};
