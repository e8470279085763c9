import type { CheckRemediation } from "../remediation.ts";
import type { RootPrefixKinds } from "./text.ts";

export const rootPrefixRemediation: CheckRemediation<RootPrefixKinds> = {
  "root-forbidden": "rename-or-delete",
};
