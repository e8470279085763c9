import type { CheckRemediation } from "../remediation.ts";
import type { DuplicateUpstreamKinds } from "./text.ts";

export const duplicateUpstreamRemediation: CheckRemediation<DuplicateUpstreamKinds> = {
  "upstream-cached-already": "delete",
};
