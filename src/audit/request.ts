import type { Trigger } from "../model/report.ts";

/** What one audit is asked to do. Lists narrow the policy's scope and never widen it. */
export type AuditRequest = {
  readonly trigger: Trigger;
  readonly accounts: readonly string[] | null;
  readonly regions: readonly string[] | null;
  readonly prefixes: readonly string[] | null;
};

/** The request for everything that the policy's scope holds. */
export function wholeScope(trigger: Trigger): AuditRequest {
  return { trigger, accounts: null, regions: null, prefixes: null };
}

/** Whether `value` is among those asked for; everything is when nothing was named. */
export function isRequested(requested: readonly string[] | null, value: string): boolean {
  return requested === null || requested.includes(value);
}
