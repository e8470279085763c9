import type { CheckRemediation } from "../remediation.ts";
import type { SecretHealthKinds } from "./text.ts";

export const secretHealthRemediation: CheckRemediation<SecretHealthKinds> = {
  "secret-missing": "give-credential",
  "secret-being-deleted": "give-credential",
  "secret-under-customer-key": "instruct",
  "secret-too-old": "instruct",
  "secret-key-unknown": "never-fails",
  "secret-age-unknown": "never-fails",
  "rotation-off": "instruct",
  "rotation-overdue": "instruct",
  "rotation-unknown": "never-fails",
  "secret-expired": "instruct",
  "secret-expires-soon": "instruct",
  "expiry-not-a-day": "instruct",
  "no-credential": "never-fails",
  "credential-not-here": "never-fails",
};
