import type { Terminal } from "./terminal.ts";

/** The options that override environment variables. */
export type SettingOptions = {
  readonly policy?: string | undefined;
  readonly roleName?: string | undefined;
  readonly externalId?: string | undefined;
  readonly concurrency?: string | undefined;
  readonly store?: string | undefined;
  readonly publish?: boolean | undefined;
};

/** The settings of a command that only reads a store. It always uses AUDIT_STORE. */
export function settingsOfReader(
  { store }: Pick<SettingOptions, "store">,
  terminal: Pick<Terminal, "environment">,
): Terminal["environment"] {
  return settingsFrom({ store, publish: true }, terminal);
}

/**
 * The environment's settings, overridden by the command line. AUDIT_STORE applies only to audits that publish: an audit
 * that does not publish would store alerts as delivered.
 */
export function settingsFrom(
  { policy, roleName, externalId, concurrency, store, publish = false }: SettingOptions,
  { environment }: Pick<Terminal, "environment">,
): Terminal["environment"] {
  const given = {
    AUDIT_POLICY: policy,
    AUDIT_ROLE_NAME: roleName,
    AUDIT_EXTERNAL_ID: externalId,
    AUDIT_CONCURRENCY: concurrency,
    AUDIT_STORE: store,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const { AUDIT_STORE: storeOfPublishers, ...others } = environment;
  const kept = publish ? { ...others, AUDIT_STORE: storeOfPublishers } : others;
  return { ...kept, ...Object.fromEntries(set) };
}
