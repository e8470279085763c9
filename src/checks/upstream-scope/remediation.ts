import type { CheckRemediation } from "../remediation.ts";
import type { UpstreamScopeKinds } from "./text.ts";

export const upstreamScopeRemediation: CheckRemediation<UpstreamScopeKinds> = {
  "account-not-allowed": "narrow-scope",
  "region-not-allowed": "narrow-scope",
  "upstream-prefix-not-allowed": "narrow-scope",
};
