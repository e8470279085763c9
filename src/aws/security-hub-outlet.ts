import type { ImportFindingsError } from "@aws-sdk/client-securityhub";
import type { Clock, Identity, Outlet } from "../audit/ports.ts";
import { type AsffFinding, renderAsff } from "../render/asff.ts";
import { withoutSecrets } from "./collected.ts";
import type { ClientDefaults } from "./http.ts";
import type { ImportFindings } from "./security-hub-client.ts";

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

/** The findings that an error names, so that it can be read. */
const mostNamed = 10;

/** Tells machines: every open, waived and ended finding, in the hub account's own Security Hub. */
export function securityHubOutlet(
  { account, region }: Identity,
  defaults: ClientDefaults,
  clock: Clock,
): Outlet {
  return {
    name: `Security Hub of ${account} in ${region}`,
    deliver: async (report) => {
      const findings = renderAsff(report, { hubAccount: account, hubRegion: region });
      if (findings.length === 0) return;
      const { openSecurityHub } = await import("./security-hub-client.ts");
      const lost = await importAll(openSecurityHub(region, defaults), findings, clock);
      if (lost.length > 0) throw lostFindings(lost, findings.length);
    },
  };
}

/** Imports all findings, and answers those that were not taken: one of them keeps none of the others out. */
async function importAll(
  importFindings: ImportFindings,
  findings: readonly AsffFinding[],
  clock: Clock,
): Promise<readonly ImportFindingsError[]> {
  const lost: ImportFindingsError[] = [];
  for (let start = 0; start < findings.length; start += batchSize) {
    if (start > 0) await clock.sleep(pauseMs);
    lost.push(...(await importBatch(importFindings, findings.slice(start, start + batchSize), clock)));
  }
  return lost;
}

/** Imports a batch, and imports again only what failed for a reason that may pass. */
async function importBatch(
  importFindings: ImportFindings,
  batch: readonly AsffFinding[],
  clock: Clock,
): Promise<readonly ImportFindingsError[]> {
  const lost: ImportFindingsError[] = [];
  let open = batch;
  for (const pause of [...retryAfterMs, null]) {
    const failures = await importFindings(open);
    const passing = new Set(pause === null ? [] : failures.filter(mayPass).map(({ Id }) => Id));
    open = open.filter(({ Id }) => passing.has(Id));
    lost.push(...failures.filter((failure) => !open.some(({ Id }) => Id === failure.Id)));
    if (open.length === 0 || pause === null) break;
    await clock.sleep(pause);
  }
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
