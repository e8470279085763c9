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

/** Imports at most 100 findings, and answers those that were not taken. */
export type ImportFindings = (
  findings: readonly AsffFinding[],
  abortSignal: AbortSignal,
) => Promise<readonly ImportFindingsError[]>;

/** To ask again at once would be refused: what was imported takes only a later `UpdatedAt`. */
const importFindings = operation({
  name: "securityhub:BatchImportFindings",
  command: BatchImportFindingsCommand,
  send: (client: SecurityHubClient, command, options) => client.send(command, options),
  read: ({ FailedCount, SuccessCount, FailedFindings }, { Findings = [] }) => {
    const [failed, taken] = [countIn(FailedCount, "FailedCount"), countIn(SuccessCount, "SuccessCount")];
    const failures = optionalListIn(FailedFindings, "FailedFindings");
    if (failures.length < failed) {
      const ErrorMessage = `the answer counts ${failed} failures and names ${failures.length}`;
      return [...failures, { Id: unnamedFinding, ErrorCode: "NoResult", ErrorMessage }];
    }
    if (failed + taken < Findings.length) {
      throw new IncompleteAnswerError(
        `AWS tells of ${failed + taken} findings where ${Findings.length} were sent`,
      );
    }
    return failures;
  },
  isRepeatable: false,
});

/**
 * A way into a region's Security Hub. A module of its own because the client is large: the outlet loads it when
 * there is something to import, and a bundler takes no more of it along than what is named here.
 */
export function openSecurityHub(region: string, defaults: ClientDefaults): ImportFindings {
  const client = new SecurityHubClient({ ...defaults, region });
  return (findings, abortSignal) => importFindings(client, { Findings: [...findings] }, { abortSignal });
}
