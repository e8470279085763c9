import type { Terminal } from "./terminal.ts";

/** The options that stand for settings of the environment. */
export type SettingOptions = {
  readonly policy?: string | undefined;
  readonly roleName?: string | undefined;
  readonly externalId?: string | undefined;
  readonly concurrency?: string | undefined;
};

/** The environment's settings, with the command line's own before them. */
export function settingsFrom(
  { policy, roleName, externalId, concurrency }: SettingOptions,
  { environment }: Pick<Terminal, "environment">,
): Terminal["environment"] {
  const given = {
    AUDIT_POLICY: policy,
    AUDIT_ROLE_NAME: roleName,
    AUDIT_EXTERNAL_ID: externalId,
    AUDIT_CONCURRENCY: concurrency,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...environment, ...Object.fromEntries(set) };
}
