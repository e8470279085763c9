import { checksOf } from "../../checks/index.ts";
import { newAuditId } from "../../core/ids.ts";
import { ALL_REGIONS } from "../../ecr/registry.ts";
import type { LoadedPolicy } from "../../policy/load.ts";
import type { Report } from "../../schemas/report.ts";
import type { SnapshotFile } from "../../schemas/snapshot-file.ts";
import { type AuditRequest, isRequested, type Narrowing, prefixFilter } from "../plan/request.ts";
import { RequestError } from "../ports.ts";
import { buildComparedReport } from "../report/build-report.ts";
import { openAccumulator } from "./accumulator.ts";

/**
 * Judges what an audit recorded, as it would have been judged then but by `policy` and at the time `now`. The
 * policy's scope plays no part: what was recorded is judged. Facts that were not collected, because no policy
 * asked for them then, are UNKNOWN and a gap. Nothing is remembered: all that fails counts as opened.
 *
 * @throws RequestError when the narrowing names what was not recorded
 */
export function evaluateSnapshotFile(
  snapshotFile: SnapshotFile,
  narrowing: Narrowing,
  { policy, digest }: LoadedPolicy,
  { now, includePassing }: { readonly now: Date; readonly includePassing: boolean },
): Report {
  refuseUnrecorded(snapshotFile, narrowing);
  const request = narrowed(snapshotFile.request, narrowing);
  const accumulator = openAccumulator(policy, checksOf(policy), request, { now, includePassing });
  for (const excluded of snapshotFile.excludedAccounts) {
    if (isRequested(request.accounts, excluded.account)) accumulator.addExcluded(excluded);
  }
  for (const registry of snapshotFile.registries) {
    const { account, region } = registry.target;
    // What is known of no region of an account is not known of those asked for either.
    const inRegion = region === ALL_REGIONS || isRequested(request.regions, region);
    if (inRegion && isRequested(request.accounts, account)) accumulator.addSnapshot(registry);
  }
  const head = { auditId: newAuditId(now), trigger: "cli", startedAt: now, finishedAt: now } as const;
  return buildComparedReport(accumulator.result(), head, { policy, digest }, null).report;
}

function narrowed(recorded: Narrowing, { accounts, regions, prefixes }: Narrowing): AuditRequest {
  return {
    trigger: "cli",
    accounts: accounts ?? recorded.accounts,
    regions: regions ?? recorded.regions,
    prefixes: prefixes ?? recorded.prefixes,
  };
}

function refuseUnrecorded(
  { request, registries, excludedAccounts }: SnapshotFile,
  { accounts, regions, prefixes }: Narrowing,
): void {
  const knownAccounts = new Set([
    ...registries.map(({ target }) => target.account),
    ...excludedAccounts.map(({ account }) => account),
  ]);
  const knownRegions = new Set(registries.map(({ target }) => target.region));
  const isRecorded = prefixFilter(request);
  const problems = [
    ...missing("account", accounts, (account) => knownAccounts.has(account)),
    ...missing("region", regions, (region) => knownRegions.has(region)),
    ...missing("prefix", prefixes, isRecorded),
  ];
  if (problems.length > 0) throw new RequestError(problems);
}

function missing(
  noun: string,
  asked: readonly string[] | null,
  isRecorded: (name: string) => boolean,
): readonly string[] {
  const absent = asked?.filter((name) => !isRecorded(name)) ?? [];
  return absent.map((name) => `${noun} ${name} is not in the snapshot`);
}
