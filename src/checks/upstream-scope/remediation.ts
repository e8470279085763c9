import type { CheckRemediation } from "../remediation.ts";
import type { UpstreamScopeKinds } from "./text.ts";

export const upstreamScopeRemediation: CheckRemediation<UpstreamScopeKinds> = {
  "upstream-prefix-not-allowed": "narrow-scope",
};
