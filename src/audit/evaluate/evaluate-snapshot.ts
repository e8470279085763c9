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
 * Evaluates the registries of a snapshot file by `policy` at the time `now`, as an audit would have. The policy's scope
 * is ignored: all registries in the file are evaluated. Facts that were not collected, because no policy needed them at
 * the time, are UNKNOWN and a gap. There is no state: all failures count as opened.
 *
 * @throws RequestError if the narrowing names something that is not in the file
 */
export function evaluateSnapshotFile(
  snapshotFile: SnapshotFile,
  narrowing: Narrowing,
  loaded: LoadedPolicy,
  { now, includePassing }: { readonly now: Date; readonly includePassing: boolean },
): Report {
  refuseMissing(snapshotFile, narrowing);
  const { policy } = loaded;
  const request = narrowed(snapshotFile.request, narrowing);
  const accumulator = openAccumulator(policy, checksOf(policy), request, { now, includePassing });
  for (const excluded of snapshotFile.excludedAccounts) {
    if (isRequested(request.accounts, excluded.account)) accumulator.addExcluded(excluded);
  }
  for (const registry of snapshotFile.registries) {
    const { account, region } = registry.target;
    // A snapshot for all regions of an account also applies to the requested regions.
    const inRegion = region === ALL_REGIONS || isRequested(request.regions, region);
    if (inRegion && isRequested(request.accounts, account)) accumulator.addSnapshot(registry);
  }
  const head = { auditId: newAuditId(now), trigger: "cli", startedAt: now, finishedAt: now } as const;
  return buildComparedReport(accumulator.result(), head, loaded, null).report;
}

function narrowed(inFile: Narrowing, { accounts, regions, prefixes }: Narrowing): AuditRequest {
  return {
    trigger: "cli",
    accounts: accounts ?? inFile.accounts,
    regions: regions ?? inFile.regions,
    prefixes: prefixes ?? inFile.prefixes,
  };
}

function refuseMissing(
  { request, registries, excludedAccounts }: SnapshotFile,
  { accounts, regions, prefixes }: Narrowing,
): void {
  const knownAccounts = new Set([
    ...registries.map(({ target }) => target.account),
    ...excludedAccounts.map(({ account }) => account),
  ]);
  const knownRegions = new Set(registries.map(({ target }) => target.region));
  const isInFile = prefixFilter(request);
  const problems = [
    ...missing("account", accounts, (account) => knownAccounts.has(account)),
    ...missing("region", regions, (region) => knownRegions.has(region)),
    ...missing("prefix", prefixes, isInFile),
  ];
  if (problems.length > 0) throw new RequestError(problems);
}

function missing(
  noun: string,
  asked: readonly string[] | null,
  isInFile: (name: string) => boolean,
): readonly string[] {
  const absent = asked?.filter((name) => !isInFile(name)) ?? [];
  return absent.map((name) => `${noun} ${name} is not in the snapshot`);
}
