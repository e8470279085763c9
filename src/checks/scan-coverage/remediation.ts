import type { Instructions } from "../remediation.ts";
import type { ScanCoverageKinds } from "./text.ts";

export const scanCoverageRemediation: Instructions<ScanCoverageKinds> = {
  "not-scanned": "instruct",
  "partly-scanned": "instruct",
};
