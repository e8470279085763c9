import { partitionOf } from "../../ecr/partition.ts";
import { repositoriesArn } from "../../render/arn.ts";
import { safeJson } from "../../render/escape/json.ts";
import type { Finding, Severity } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";
import { type HubFinding, type HubStanding, hubFindings } from "./hub-findings.ts";
import { limitedFields, limitedText } from "./limits.ts";

/** The account and region whose Security Hub takes the findings. */
export type Hub = { readonly hubAccount: string; readonly hubRegion: string };

/**
 * A finding in the AWS Security Finding Format, as BatchImportFindings takes it.
 *
 * `Severity` and `Types` stand in `FindingProviderFields` alone: those at the top belong to Security Hub's
 * users. So does `Workflow`, which is left out: Security Hub reads a provider's only when a finding is new and
 * never takes a `SUPPRESSED` back, so that a rule whose waiver ends would fail unseen. A provider's own word is
 * `RecordState`; where it goes from `ARCHIVED` to `ACTIVE`, Security Hub sets a user's `NOTIFIED` or `RESOLVED`
 * back to `NEW` by itself.
 *
 * Source: AWS Security Hub API reference, "AwsSecurityFinding" and "Workflow", and user guide,
 * "BatchImportFindings for finding providers", November 2026.
 */
export type AsffFinding = {
  readonly SchemaVersion: "2018-10-08";
  readonly Id: string;
  readonly ProductArn: string;
  readonly ProductName: "pull-through-auditor";
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly FirstObservedAt: string;
  readonly LastObservedAt: string;
  readonly FindingProviderFields: {
    readonly Severity: { readonly Label: Uppercase<Severity>; readonly Original: Severity };
    readonly Types: [string];
  };
  readonly Title: string;
  readonly Description: string;
  readonly Remediation: { readonly Recommendation: { readonly Text: string } };
  readonly Resources: [AsffResource];
  readonly ProductFields: Record<string, string>;
  readonly Compliance: { readonly Status: "FAILED" | "PASSED" | "NOT_AVAILABLE" };
  readonly RecordState: "ACTIVE" | "ARCHIVED";
};

type AsffResource = {
  readonly Type: "Other";
  readonly Id: string;
  readonly Partition?: AsffPartition;
  readonly Region: string;
  readonly Details: { readonly Other: Record<string, string> };
};

/** The partitions that ASFF knows (AWS Security Hub API reference, "Resource", November 2026). */
const partitions = ["aws", "aws-cn", "aws-us-gov"] as const;
type AsffPartition = (typeof partitions)[number];

/**
 * What each text may hold: what AWS allows (AWS Security Hub API reference, "AwsSecurityFinding" and
 * "Recommendation", November 2026), and of fields less than that, so that by its parts alone a finding stays
 * below 60 KB: 240 KB are allowed, and 6 MB for 100 of them.
 */
const limits = { id: 512, title: 256, description: 1024, remediation: 512, field: 512 } as const;

/** From the "Types taxonomy for ASFF" (AWS Security Hub user guide, November 2026). */
const findingType = "Software and Configuration Checks/AWS Security Best Practices";

/**
 * The findings of an audit for a Security Hub: what fails, what is waived, and what is over.
 *
 * @param hub which need not be the findings' own; `null`: each for the one of its own account and region
 */
export function renderAsff(report: Report, hub: Hub | null): AsffFinding[] {
  return hubFindings(report.findings).map((hubFinding) => {
    const { account, region } = hubFinding.finding;
    return asffFinding(hubFinding, report, hub ?? { hubAccount: account, hubRegion: region });
  });
}

/** The same as a JSON list, such as `aws securityhub batch-import-findings --findings file://…` reads. */
export function renderAsffFile(report: Report, hub: Hub | null): string {
  return `${safeJson(renderAsff(report, hub), 2)}\n`;
}

/** What a finding is called in Security Hub. */
export function asffIdOf(findingId: string): string {
  return `pull-through-auditor/${findingId}`;
}

function asffFinding(
  { finding, hubStanding }: HubFinding,
  { finishedAt }: Report,
  { hubAccount, hubRegion }: Hub,
): AsffFinding {
  const { id, check, severity, title, message, remediation, firstSeenAt, lastSeenAt } = finding;
  return {
    SchemaVersion: "2018-10-08",
    Id: asffIdOf(id),
    ProductArn: defaultProduct(hubAccount, hubRegion),
    ProductName: "pull-through-auditor",
    GeneratorId: limitedText(`pull-through-auditor/${check}`, limits.id),
    AwsAccountId: hubAccount,
    CreatedAt: firstSeenAt,
    UpdatedAt: finishedAt,
    FirstObservedAt: firstSeenAt,
    LastObservedAt: lastSeenAt,
    FindingProviderFields: {
      Severity: { Label: labels[severity], Original: severity },
      Types: [findingType],
    },
    Title: limitedText(title, limits.title),
    Description: limitedText(message, limits.description),
    Remediation: { Recommendation: { Text: limitedText(remediation, limits.remediation) } },
    Resources: [resourceOf(finding)],
    ProductFields: productFields(finding),
    Compliance: { Status: complianceOf(hubStanding, finding) },
    RecordState: hubStanding === "failing" ? "ACTIVE" : "ARCHIVED",
  };
}

const labels = {
  critical: "CRITICAL",
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
  informational: "INFORMATIONAL",
} as const satisfies { [Each in Severity]: Uppercase<Each> };

/** The product under which an account's own findings stand; Security Hub creates it when it is turned on. */
function defaultProduct(account: string, region: string): string {
  return `arn:${partitionOf(region).id}:securityhub:${region}:${account}:product/${account}/default`;
}

function resourceOf(finding: Finding): AsffResource {
  const { account, accountName, region, prefix } = finding;
  return {
    Type: "Other",
    Id: limitedText(repositoriesArn(finding), limits.id),
    ...partitionIn(region),
    Region: region,
    Details: { Other: limitedFields({ account, accountName, region, prefix }, limits.field) },
  };
}

/** Nothing in a partition that ASFF does not know: the resource's ARN names it. */
function partitionIn(region: string): { readonly Partition?: AsffPartition } {
  const known = partitions.find((partition) => partition === partitionOf(region).id);
  return known === undefined ? {} : { Partition: known };
}

function productFields(finding: Finding): Record<string, string> {
  const { account, accountName, region, prefix, check, kind, docs, stale, waiver } = finding;
  const location = { account, accountName, region, prefix };
  const waived = {
    waiverReason: waiver?.reason ?? null,
    waiverOwner: waiver?.owner ?? null,
    waiverTicket: waiver?.ticket ?? null,
    waiverExpires: waiver?.expires ?? null,
  };
  return limitedFields({ ...location, check, kind, docs, stale: String(stale), ...waived }, limits.field);
}

/** A waiver accepts a failure and mends nothing; what left the audit's scope is not known to be mended. */
function complianceOf(hubStanding: HubStanding, { status }: Finding): AsffFinding["Compliance"]["Status"] {
  if (hubStanding !== "over") return "FAILED";
  return status === "NOT_APPLICABLE" ? "NOT_AVAILABLE" : "PASSED";
}
