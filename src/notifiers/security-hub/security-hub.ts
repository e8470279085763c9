import type { ImportFindingsError } from "@aws-sdk/client-securityhub";
import type { Clock, Identity, Notifier, NotifierCall } from "../../audit/ports.ts";
import type { ClientDefaults } from "../../aws/http.ts";
import { withoutSecrets } from "../../core/collected.ts";
import { type AsffFinding, asffIdOf, renderAsff } from "../../formats/asff/asff.ts";
import type { Report } from "../../schemas/report.ts";
import type { ImportFindings } from "./client.ts";

/**
 * Findings in one BatchImportFindings request, and the pause that keeps requests to ten in a second (AWS
 * Security Hub user guide, "BatchImportFindings for finding providers", November 2026).
 */
const batchSize = 100;
const pauseMs = 100;

/**
 * The errors of single findings that are documented, neither of which passes (same source); any other is
 * tried again.
 */
const lastingErrors = ["InvalidInput", "InvalidAccess"];

const retryAfterMs = [200, 1_000, 5_000];

/** Stands for the finding of a failure that the answer counts and does not name. */
export const unnamedFinding = "unnamed";

/** The findings that an error names, so that it can be read. */
const mostNamed = 10;

/** Tells machines: every open, waived and ended finding, in the hub account's own Security Hub. */
export function securityHubNotifier(
  { account, region }: Identity,
  defaults: ClientDefaults,
  clock: Clock,
): Notifier {
  return {
    name: `Security Hub of ${account} in ${region}`,
    deliver: async (report, _reportLocation, { signal, onTaken }) => {
      const alerts = alertsById(report);
      const findings = renderAsff(report, { hubAccount: account, hubRegion: region })
        // Where time does not suffice for all, what is new has been told.
        .toSorted((a, b) => Number(alerts.has(b.Id)) - Number(alerts.has(a.Id)));
      if (findings.length === 0) return;
      const { openSecurityHub } = await import("./client.ts");
      const lost = await importAll(openSecurityHub(region, defaults), findings, {
        signal,
        clock,
        onTaken: (taken) => {
          for (const { Id } of taken) for (const eventId of alerts.get(Id) ?? []) onTaken(eventId);
        },
      });
      if (lost.length > 0) throw lostFindings(lost, findings.length);
    },
  };
}

/** The ids of the alerts on each finding that has some, by the finding's `Id`: what is imported is the latest of it. */
function alertsById({ findings }: Report): ReadonlyMap<string, readonly string[]> {
  const alerts = new Map<string, string[]>();
  for (const { id, eventId } of findings) {
    if (eventId === null) continue;
    const asffId = asffIdOf(id);
    alerts.set(asffId, [...(alerts.get(asffId) ?? []), eventId]);
  }
  return alerts;
}

/** How findings are imported. */
type Importing = Pick<NotifierCall, "signal"> & {
  readonly clock: Clock;
  readonly onTaken: (findings: readonly AsffFinding[]) => void;
};

/** Imports all findings, and answers those that were not taken: one of them keeps none of the others out. */
async function importAll(
  importFindings: ImportFindings,
  findings: readonly AsffFinding[],
  importing: Importing,
): Promise<readonly ImportFindingsError[]> {
  const lost: ImportFindingsError[] = [];
  for (let start = 0; start < findings.length; start += batchSize) {
    if (start > 0) await pause(pauseMs, importing);
    lost.push(...(await importBatch(importFindings, findings.slice(start, start + batchSize), importing)));
  }
  return lost;
}

/** @throws once the signal aborts */
async function pause(milliseconds: number, { clock, signal }: Importing): Promise<void> {
  await clock.sleep(milliseconds, signal);
  signal.throwIfAborted();
}

/** Imports a batch, and imports again only what failed for a reason that may pass. */
async function importBatch(
  importFindings: ImportFindings,
  batch: readonly AsffFinding[],
  importing: Importing,
): Promise<readonly ImportFindingsError[]> {
  const lost: ImportFindingsError[] = [];
  let open = batch;
  for (const pauseAfter of [...retryAfterMs, null]) {
    const failures = await importFindings(open, importing.signal);
    const passing = new Set(pauseAfter === null ? [] : failures.filter(mayPass).map(({ Id }) => Id));
    open = open.filter(({ Id }) => passing.has(Id));
    lost.push(...failures.filter((failure) => !open.some(({ Id }) => Id === failure.Id)));
    if (open.length === 0 || pauseAfter === null) break;
    await pause(pauseAfter, importing);
  }
  const vain = new Set(lost.map(({ Id }) => Id));
  // A failure without a name may be any of them.
  if (!vain.has(unnamedFinding)) importing.onTaken(batch.filter(({ Id }) => !vain.has(Id)));
  return lost;
}

function mayPass({ ErrorCode: code = "" }: ImportFindingsError): boolean {
  return !lastingErrors.includes(code);
}

function lostFindings(lost: readonly ImportFindingsError[], count: number): Error {
  const named = lost
    .slice(0, mostNamed)
    .map(({ Id, ErrorCode, ErrorMessage }) => withoutSecrets(`${Id}: ${ErrorCode}: ${ErrorMessage}`));
  const others = lost.length - named.length;
  const all = others === 0 ? named : [...named, `and ${others} more`];
  return new Error(`${lost.length} of ${count} findings were not taken (${all.join("; ")})`);
}
