import {
  BatchImportFindingsCommand,
  type BatchImportFindingsResponse,
  SecurityHubClient,
} from "@aws-sdk/client-securityhub";
import type { AsffFinding } from "../render/asff.ts";
import type { ClientDefaults } from "./http.ts";

/** Imports at most 100 findings, and answers what AWS answers. */
export type ImportFindings = (
  findings: readonly AsffFinding[],
  signal: AbortSignal,
) => Promise<BatchImportFindingsResponse>;

/**
 * A way into a region's Security Hub. A module of its own because the client is large: the outlet loads it when
 * there is something to import, and a bundler takes no more of it along than what is named here.
 */
export function openSecurityHub(region: string, defaults: ClientDefaults): ImportFindings {
  const client = new SecurityHubClient({ ...defaults, region });
  return (findings, abortSignal) =>
    client.send(new BatchImportFindingsCommand({ Findings: [...findings] }), { abortSignal });
}
