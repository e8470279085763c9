import { partitionOf } from "../ecr/partition.ts";
import { repositoriesArn } from "../render/arn.ts";
import { changedByText } from "../render/changed-by.ts";
import { briefLine } from "../render/escape/cut.ts";
import { safeJson } from "../render/escape/json.ts";
import { isResolved } from "../schemas/count-findings.ts";
import type { Finding, Severity, Status } from "../schemas/finding.ts";
import type { Report } from "../schemas/report.ts";

/**
 * The versions of the Open Cybersecurity Schema Framework that are written: the current one, of August 3rd, 2026, and the
 * last one that Amazon Security Lake takes from custom sources, in Parquet (Amazon Security Lake user guide, "Collecting
 * data from custom sources", November 2026).
 */
type OcsfVersion = "1.9.0" | "1.3.0";

const COMPLIANCE_FINDING = 2003;

/**
 * Renders the findings as a JSON list of OCSF events of the class Compliance Finding (2003), with the cloud profile.
 *
 * Source: ocsf/ocsf-schema on GitHub, release 1.9.0: `events/findings/compliance_finding.json` and what it extends and
 * refers to, read November 2026. What version 1.3.0 does not have is in the repository's CHANGELOG.md under the version that
 * added it.
 *
 * @param version the version of this product
 * @param ocsfVersion the version of the schema
 */
export function renderOcsf(report: Report, version: string, ocsfVersion: OcsfVersion = "1.9.0"): string {
  return `${safeJson(
    report.findings.map((finding) => eventOf(finding, report, version, ocsfVersion)),
    2,
  )}\n`;
}

function eventOf(finding: Finding, report: Report, version: string, ocsfVersion: OcsfVersion) {
  const {
    id,
    check,
    kind,
    severity,
    title,
    message,
    remediation,
    docs,
    docsUrl,
    region,
    account,
    accountName,
  } = finding;
  const [activityId, activity] = activityOf(finding);
  const [severityId, severityName] = severityIds[severity];
  const [statusId, status] = statusOf(finding);
  const time = epochOf(report.finishedAt);
  const firstSeen = epochOf(finding.firstSeenAt);
  const lastSeen = epochOf(finding.lastSeenAt);
  return {
    activity_id: activityId,
    activity_name: activity,
    category_uid: 2,
    category_name: "Findings",
    class_uid: COMPLIANCE_FINDING,
    class_name: "Compliance Finding",
    type_uid: COMPLIANCE_FINDING * 100 + activityId,
    type_name: `Compliance Finding: ${activity}`,
    time,
    severity_id: severityId,
    severity: severityName,
    status_id: statusId,
    status,
    message: briefLine(message),
    metadata: {
      version: ocsfVersion,
      profiles: ["cloud"],
      product: { name: "pull-through-auditor", vendor_name: "pull-through-auditor", version },
      correlation_uid: briefLine(report.auditId),
      event_code: briefLine(kind),
      ...(finding.eventId === null ? {} : { uid: finding.eventId }),
    },
    cloud: {
      provider: "AWS",
      region: briefLine(region),
      account: {
        uid: briefLine(account),
        ...(accountName === null ? {} : { name: briefLine(accountName) }),
        type: "AWS Account",
        type_id: 10,
      },
    },
    finding_info: {
      uid: id,
      title: briefLine(title),
      desc: briefLine(message),
      types: ["Software and Configuration Checks"],
      analytic: { uid: briefLine(check), name: briefLine(check), type: "Rule", type_id: 1 },
      created_time: firstSeen,
      first_seen_time: firstSeen,
      last_seen_time: lastSeen,
      modified_time: lastSeen,
    },
    compliance: complianceOf(finding, report, ocsfVersion),
    remediation: {
      desc: briefLine(remediation),
      ...(docsUrl === "" ? {} : { references: [briefLine(docsUrl)] }),
    },
    resources: [resourceOf(finding, ocsfVersion)],
    unmapped: {
      docs: briefLine(docs),
      stale: finding.stale,
      transition: finding.transition,
      open_days: finding.openDays,
      ...descriptionOf(finding),
      ...waiverOf(finding),
    },
  };
}

function activityOf(finding: Finding): readonly [id: number, name: string] {
  if (isResolved(finding)) return [3, "Close"];
  return finding.transition === "opened" ? [1, "Create"] : [2, "Update"];
}

const severityIds = {
  informational: [1, "Informational"],
  low: [2, "Low"],
  medium: [3, "Medium"],
  high: [4, "High"],
  critical: [5, "Critical"],
} as const satisfies Record<Severity, readonly [id: number, name: string]>;

/** Returns the status of the finding as consumers track it. */
function statusOf(finding: Finding): readonly [id: number, name: string] {
  if (isResolved(finding)) return [4, "Resolved"];
  if (finding.status === "WAIVED") return [3, "Suppressed"];
  return [1, "New"];
}

function complianceOf(
  { check, status, kind, message, transition, requirements }: Finding,
  { policy }: Report,
  ocsfVersion: OcsfVersion,
) {
  // A resolved finding still has the status with which it was last seen.
  const [id, name] = transition === "resolved" && status === "FAIL" ? outcomes.PASS : outcomes[status];
  return {
    control: briefLine(check),
    standards: [briefLine(policy.name)],
    ...(requirements.length === 0 ? {} : { requirements: requirements.map(briefLine) }),
    status_id: id,
    status: name,
    status_code: briefLine(kind),
    // 1.4.0 added the list.
    ...(ocsfVersion === "1.3.0"
      ? { status_detail: briefLine(message) }
      : { status_details: [briefLine(message)] }),
  };
}

/** `Warning` means no result because of missing information. OCSF has no value for "not applicable": it is `Other` (99). */
const outcomes = {
  PASS: [1, "Pass"],
  UNKNOWN: [2, "Warning"],
  FAIL: [3, "Fail"],
  WAIVED: [3, "Fail"],
  NOT_APPLICABLE: [99, "Not applicable"],
} as const satisfies Record<Status, readonly [id: number, name: string]>;

function resourceOf(finding: Finding, ocsfVersion: OcsfVersion) {
  const { region, prefix } = finding;
  return {
    uid: briefLine(repositoriesArn(finding)),
    name: prefix === null ? "registry" : briefLine(prefix),
    type: prefix === null ? "ECR registry" : "ECR pull through cache rule",
    // 1.6.0 added it.
    ...(ocsfVersion === "1.3.0" ? {} : { role: "Target", role_id: 1 }),
    cloud_partition: partitionOf(region).id,
    region: briefLine(region),
  };
}

function descriptionOf({ owner, cause, changedBy }: Finding) {
  const contact = owner?.contact ?? null;
  return {
    ...(owner === null
      ? {}
      : { owner: { name: briefLine(owner.name), contact: contact === null ? null : briefLine(contact) } }),
    ...(cause === null
      ? {}
      : { cause: { id: cause.id, kind: cause.kind, subject: briefLine(cause.subject) } }),
    ...(changedBy === null ? {} : { changed_by: changedByText(changedBy) }),
  };
}

function waiverOf({ waiver }: Finding) {
  if (waiver === null) return {};
  const { reason, owner, ticket, expires } = waiver;
  return {
    waiver: {
      reason: briefLine(reason),
      owner: briefLine(owner),
      ticket: ticket === null ? null : briefLine(ticket),
      expires: briefLine(expires),
    },
  };
}

/** Converts an ISO 8601 time to milliseconds since 1970 (`timestamp_t`). */
function epochOf(time: string): number {
  return Date.parse(time);
}
