import type { CheckRemediation } from "../remediation.ts";
import type { PrefixConventionKinds } from "./text.ts";

export const prefixConventionRemediation: CheckRemediation<PrefixConventionKinds> = {
  "prefix-pattern": "rename",
  "prefix-length": "rename",
  "prefix-of-upstream": "rename",
};
