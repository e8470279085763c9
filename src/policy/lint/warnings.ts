import type { Problem } from "../../core/problem.ts";
import type { Policy } from "../schema.ts";

/** What is valid in a policy, and probably not meant. Pure. */
export function policyWarnings({ notifications }: Policy): readonly Problem[] {
  if (notifications.when === "never" || notifications.remindAfterDays !== null) return [];
  const message =
    "never reminds: a finding is reported once, and never again while it fails. Leave it out for every 7 days";
  return [{ path: "$.notifications.remindAfterDays", message }];
}
