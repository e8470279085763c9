import { readFileSync } from "node:fs";
import { checks } from "../checks/index.ts";
import { packageFile } from "../package-file.ts";
import type { CheckHelp } from "../render/sarif/log.ts";

/** What the catalogue tells of a check; `null` for one of the policy's own. */
export function helpOf(id: string): CheckHelp | null {
  const check = checks.find((known) => known.id === id);
  if (check === undefined) return null;
  return { failsWhen: check.failsWhen, document: readFileSync(packageFile(check.docs), "utf8") };
}
