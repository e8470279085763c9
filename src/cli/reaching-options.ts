import { Option } from "@commander-js/extra-typings";
import { settingOption } from "./setting-option.ts";

/** Limits the calls to AWS. */
export function concurrencyOption() {
  return new Option("--concurrency <n>", "calls to AWS under way at once").argParser(
    settingOption("AUDIT_CONCURRENCY"),
  );
}

/** Names the role by which other accounts are reached. */
export function roleNameOption() {
  return new Option("--role-name <name>", "the role to assume in every account but the own").argParser(
    settingOption("AUDIT_ROLE_NAME"),
  );
}

/** Tells the external id that goes with the role. */
export function externalIdOption() {
  return new Option("--external-id <id>", "the external id that the role asks for").argParser(
    settingOption("AUDIT_EXTERNAL_ID"),
  );
}
