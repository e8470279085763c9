import { jsonPath, type Problem } from "../../core/problem.ts";
import { partAt } from "../file-parts.ts";
import { notificationsSchema } from "../sections/notifications.ts";

/** Whether a policy never reminds of what still fails. It can be meant, and mostly is not. */
export function neverReminds(file: unknown): readonly Problem[] {
  const { when, remindAfterDays } = notificationsSchema.shape;
  const keys = ["notifications", "remindAfterDays"];
  const isNever = partAt(file, keys, remindAfterDays).some(({ value }) => value === null);
  const isSilent = partAt(file, ["notifications", "when"], when).some(({ value }) => value === "never");
  if (!isNever || isSilent) return [];
  const message =
    "never reminds: a finding is reported once, and never again while it fails. Leave it out to be reminded every 7 days";
  return [{ path: jsonPath(keys), message }];
}
