import {
  BatchImportFindingsCommand,
  type ImportFindingsError,
  SecurityHubClient,
} from "@aws-sdk/client-securityhub";
import { countIn, IncompleteAnswerError, optionalListIn } from "../../aws/answer.ts";
import type { ClientDefaults } from "../../aws/http.ts";
import { operation } from "../../aws/operation.ts";
import type { AsffFinding } from "../../formats/asff/asff.ts";
import { unnamedFinding } from "./security-hub.ts";

/** Imports at most 100 findings, and returns those that Security Hub did not accept. */
export type ImportFindings = (
  findings: readonly AsffFinding[],
  abortSignal: AbortSignal,
) => Promise<readonly ImportFindingsError[]>;

/** Not retried: Security Hub rejects a finding that was imported already unless its `UpdatedAt` is later. */
const importFindings = operation({
  name: "securityhub:BatchImportFindings",
  command: BatchImportFindingsCommand,
  send: (client: SecurityHubClient, command, options) => client.send(command, options),
  read: ({ FailedCount, SuccessCount, FailedFindings }, { Findings = [] }) => {
    const [failed, taken] = [countIn(FailedCount, "FailedCount"), countIn(SuccessCount, "SuccessCount")];
    const failures = optionalListIn(FailedFindings, "FailedFindings");
    if (failures.length < failed) {
      const ErrorMessage = `the response counts ${failed} failures but names ${failures.length}`;
      return [...failures, { Id: unnamedFinding, ErrorCode: "NoResult", ErrorMessage }];
    }
    if (failed + taken < Findings.length) {
      throw new IncompleteAnswerError(
        `AWS reported on ${failed + taken} findings, but ${Findings.length} were sent`,
      );
    }
    return failures;
  },
  isRepeatable: false,
});

/**
 * Opens the Security Hub of a region. This is a separate module because the client is large: the notifier loads it only
 * when there are findings to import, and a bundler includes only the parts used here.
 */
export function openSecurityHub(region: string, defaults: ClientDefaults): ImportFindings {
  const client = new SecurityHubClient({ ...defaults, region });
  return (findings, abortSignal) => importFindings(client, { Findings: [...findings] }, { abortSignal });
}
