import type { Terminal } from "./terminal.ts";

/** The options that stand for settings of the environment. */
export type SettingOptions = {
  readonly policy?: string | undefined;
  readonly roleName?: string | undefined;
  readonly externalId?: string | undefined;
  readonly concurrency?: string | undefined;
  readonly store?: string | undefined;
  readonly publish?: boolean | undefined;
};

/** The settings of a command that only reads a store: the environment's counts always. */
export function settingsOfReader(
  { store }: Pick<SettingOptions, "store">,
  terminal: Pick<Terminal, "environment">,
): Terminal["environment"] {
  return settingsFrom({ store, publish: true }, terminal);
}

/**
 * The environment's settings, with the command line's own before them. The environment's store counts only for
 * audits that tell somebody: one that tells nobody would make it remember alerts as told.
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
