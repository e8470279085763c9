import type { ImportFindingsError } from "@aws-sdk/client-securityhub";
import type { Clock, Identity, Notifier, NotifierCall } from "../../audit/ports.ts";
import type { ClientDefaults } from "../../aws/http.ts";
import { withoutSecrets } from "../../core/collected.ts";
import { type AsffFinding, asffIdOf, renderAsff } from "../../formats/asff/asff.ts";
import { counted } from "../../render/words.ts";
import type { Report } from "../../schemas/report.ts";
import type { ImportFindings } from "./client.ts";

/**
 * The number of findings in one BatchImportFindings request, and the pause that limits requests to ten per second (AWS
 * Security Hub user guide, "BatchImportFindings for finding providers", November 2026).
 */
const batchSize = 100;
const pauseMs = 100;

/**
 * The documented errors of single findings, which are permanent (same source). Findings with any other error are
 * retried.
 */
const permanentErrors = ["InvalidInput", "InvalidAccess"];

const retryAfterMs = [200, 1_000, 5_000];

/** The id used for a failure that the response counts but does not name. */
export const unnamedFinding = "unnamed";

/** The maximum number of findings named in an error, which keeps it readable. */
const mostNamed = 10;

/** Imports every open, waived and closed finding into the Security Hub of the auditing account. */
export function securityHubNotifier(
  { account, region }: Identity,
  defaults: ClientDefaults,
  clock: Clock,
): Notifier {
  return {
    name: `Security Hub of ${account} in ${region}`,
    listeners: null,
    preview: (report) => ({
      summary: counted(renderAsff(report, { hubAccount: account, hubRegion: region }).length, "finding"),
      text: null,
    }),
    deliver: async (report, _reportLocation, { signal, onTaken }) => {
      const alerts = alertsById(report);
      const findings = renderAsff(report, { hubAccount: account, hubRegion: region })
        // New alerts go first, in case there is not enough time for everything.
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

/** Returns the alert ids of each finding with alerts, by the finding's `Id`. Only its latest version is imported. */
function alertsById({ findings }: Report): ReadonlyMap<string, readonly string[]> {
  const alerts = new Map<string, string[]>();
  for (const { id, eventId } of findings) {
    if (eventId === null) continue;
    const asffId = asffIdOf(id);
    alerts.set(asffId, [...(alerts.get(asffId) ?? []), eventId]);
  }
  return alerts;
}

/** The parameters of an import. */
type Importing = Pick<NotifierCall, "signal"> & {
  readonly clock: Clock;
  readonly onTaken: (findings: readonly AsffFinding[]) => void;
};

/** Imports all findings, and returns those that were not accepted. A rejected finding does not stop the others. */
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

/** Imports a batch, and retries only findings whose error may be temporary. */
async function importBatch(
  importFindings: ImportFindings,
  batch: readonly AsffFinding[],
  importing: Importing,
): Promise<readonly ImportFindingsError[]> {
  const lost: ImportFindingsError[] = [];
  let open = batch;
  for (const pauseAfter of [...retryAfterMs, null]) {
    const failures = await importFindings(open, importing.signal);
    const retryable = new Set(pauseAfter === null ? [] : failures.filter(isTemporary).map(({ Id }) => Id));
    open = open.filter(({ Id }) => retryable.has(Id));
    lost.push(...failures.filter((failure) => !open.some(({ Id }) => Id === failure.Id)));
    if (open.length === 0 || pauseAfter === null) break;
    await pause(pauseAfter, importing);
  }
  const lostIds = new Set(lost.map(({ Id }) => Id));
  // A failure without an id may be any of the findings.
  if (!lostIds.has(unnamedFinding)) importing.onTaken(batch.filter(({ Id }) => !lostIds.has(Id)));
  return lost;
}

function isTemporary({ ErrorCode: code = "" }: ImportFindingsError): boolean {
  return !permanentErrors.includes(code);
}

function lostFindings(lost: readonly ImportFindingsError[], count: number): Error {
  const named = lost
    .slice(0, mostNamed)
    .map(({ Id, ErrorCode, ErrorMessage }) => withoutSecrets(`${Id}: ${ErrorCode}: ${ErrorMessage}`));
  const others = lost.length - named.length;
  const all = others === 0 ? named : [...named, `and ${others} more`];
  return new Error(`${lost.length} of ${count} findings were not accepted (${all.join("; ")})`);
}
