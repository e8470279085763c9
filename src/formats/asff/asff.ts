import { partitionOf } from "../../ecr/partition.ts";
import { repositoriesArn } from "../../render/arn.ts";
import { causeText } from "../../render/causes.ts";
import { changedByText } from "../../render/changed-by.ts";
import { safeJson } from "../../render/escape/json.ts";
import { remediationWithin } from "../../render/steps.ts";
import type { Finding, Severity } from "../../schemas/finding.ts";
import type { Report } from "../../schemas/report.ts";
import { type HubFinding, type HubState, hubFindings } from "./hub-findings.ts";
import { limitedFields, limitedText } from "./limits.ts";

/** The account and region of the Security Hub that receives the findings. */
export type Hub = { readonly hubAccount: string; readonly hubRegion: string };

/**
 * A finding in the AWS Security Finding Format, as BatchImportFindings takes it.
 *
 * `Severity` and `Types` are set only in `FindingProviderFields`, because the top-level fields belong to the users of
 * Security Hub. `Workflow` belongs to them too and is omitted: Security Hub reads a provider's value only when a finding
 * is new, and never resets `SUPPRESSED`, so a rule would stay hidden after its waiver expires. Providers control
 * `RecordState`. When it changes from `ARCHIVED` to `ACTIVE`, Security Hub resets a user's `NOTIFIED` or `RESOLVED` to
 * `NEW`.
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
  readonly Remediation: { readonly Recommendation: { readonly Text: string; readonly Url?: string } };
  readonly SourceUrl?: string;
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

/** The partitions that ASFF supports (AWS Security Hub API reference, "Resource", November 2026). */
const partitions = ["aws", "aws-cn", "aws-us-gov"] as const;
type AsffPartition = (typeof partitions)[number];

/**
 * The maximum length of each text, as AWS allows (AWS Security Hub API reference, "AwsSecurityFinding" and
 * "Recommendation", November 2026). `field` is lower than AWS allows, which keeps a finding below 60 KB: AWS allows 240 KB
 * for one finding and 6 MB for 100.
 */
const limits = {
  id: 512,
  title: 256,
  description: 1024,
  remediation: 512,
  field: 512,
  requirements: 32,
} as const;

/** From the "Types taxonomy for ASFF" (AWS Security Hub user guide, November 2026). */
const findingType = "Software and Configuration Checks/AWS Security Best Practices";

/**
 * Converts the findings of an audit for Security Hub: failing, waived and closed findings.
 *
 * @param hub the Security Hub that receives all findings; with `null`, each finding is for the Security Hub of its own
 * account and region
 */
export function renderAsff(report: Report, hub: Hub | null): AsffFinding[] {
  return hubFindings(report.findings).map((hubFinding) => {
    const { account, region } = hubFinding.finding;
    return asffFinding(hubFinding, report, hub ?? { hubAccount: account, hubRegion: region });
  });
}

/** Renders the findings as a JSON list for `aws securityhub batch-import-findings --findings file://…`. */
export function renderAsffFile(report: Report, hub: Hub | null): string {
  return `${safeJson(renderAsff(report, hub), 2)}\n`;
}

/** Returns the `Id` of a finding in Security Hub. */
export function asffIdOf(findingId: string): string {
  return `pull-through-auditor/${findingId}`;
}

function asffFinding(
  { finding, hubState }: HubFinding,
  { finishedAt }: Report,
  { hubAccount, hubRegion }: Hub,
): AsffFinding {
  const { id, check, severity, title, message, remediation, firstSeenAt, lastSeenAt, docsUrl, consoleUrl } =
    finding;
  const { requirements } = finding;
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
    Remediation: {
      Recommendation: {
        Text: limitedText(remediationWithin(finding, limits.remediation) ?? remediation, limits.remediation),
        ...(isUrl(docsUrl) ? { Url: docsUrl } : {}),
      },
    },
    ...(isUrl(consoleUrl) ? { SourceUrl: consoleUrl } : {}),
    Resources: [resourceOf(finding)],
    ProductFields: productFields(finding),
    Compliance: {
      Status: complianceOf(hubState, finding),
      ...(requirements.length === 0
        ? {}
        : { RelatedRequirements: requirements.slice(0, limits.requirements) }),
    },
    RecordState: hubState === "failing" ? "ACTIVE" : "ARCHIVED",
  };
}

/** Security Hub rejects a finding with an address that is not one, or is longer than a field. */
function isUrl(text: string): boolean {
  return text.length <= limits.field && /^https?:\/\/[^\s]+$/.test(text);
}

const labels = {
  critical: "CRITICAL",
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
  informational: "INFORMATIONAL",
} as const satisfies { [Each in Severity]: Uppercase<Each> };

/** Returns the product for an account's own findings, which Security Hub creates when it is enabled. */
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

/** Omits a partition that ASFF does not support; the resource's ARN names it anyway. */
function partitionIn(region: string): { readonly Partition?: AsffPartition } {
  const known = partitions.find((partition) => partition === partitionOf(region).id);
  return known === undefined ? {} : { Partition: known };
}

function productFields(finding: Finding): Record<string, string> {
  const { account, accountName, region, prefix, check, kind, docs, stale, waiver, owner, cause, changedBy } =
    finding;
  const location = { account, accountName, region, prefix };
  const waived = {
    waiverReason: waiver?.reason ?? null,
    waiverOwner: waiver?.owner ?? null,
    waiverTicket: waiver?.ticket ?? null,
    waiverExpires: waiver?.expires ?? null,
  };
  const described = {
    owner: owner?.name ?? null,
    ownerContact: owner?.contact ?? null,
    causeId: cause?.id ?? null,
    cause: cause === null ? null : causeText(cause),
    changedBy: changedBy === null ? null : changedByText(changedBy),
  };
  return limitedFields(
    { ...location, check, kind, docs, stale: String(stale), ...described, ...waived },
    limits.field,
  );
}

/** A waiver accepts a failure without fixing it. A finding that left the audit's scope may not be fixed either. */
function complianceOf(hubState: HubState, { status }: Finding): AsffFinding["Compliance"]["Status"] {
  if (hubState !== "closed") return "FAILED";
  return status === "NOT_APPLICABLE" ? "NOT_AVAILABLE" : "PASSED";
}
