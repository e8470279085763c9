import type { CheckRemediation } from "../remediation.ts";
import type { OverlappingPrefixesKinds } from "./text.ts";

export const overlappingPrefixesRemediation: CheckRemediation<OverlappingPrefixesKinds> = {
  "prefix-inside-another": "instruct",
};
