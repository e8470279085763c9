import type { CheckRemediation } from "../remediation.ts";
import type { AllowedUpstreamKinds } from "./text.ts";

export const allowedUpstreamRemediation: CheckRemediation<AllowedUpstreamKinds> = {
  "upstream-not-allowed": "delete",
  "upstream-not-recognized": "delete",
  "upstream-in-another-partition": "instruct",
  "account-not-allowed": "narrow-scope",
  "region-not-allowed": "narrow-scope",
};
