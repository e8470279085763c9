import type { Finding } from "../../model/finding.ts";
import type { Drift, WaiverNotice } from "../../model/report.ts";
import type { PullThroughCacheRule } from "../../model/rule.ts";
import type { MachineDigest } from "./machine-schema.ts";
import { short, shortOrNull } from "./short.ts";

/** A finding without what a digest has no room for, its texts cut short. */
export function briefFinding(finding: Finding): MachineDigest["findings"][number] {
  const { id, check, kind, status, severity, account, region } = finding;
  const { transition, eventId, stale, firstSeenAt } = finding;
  return {
    id,
    check: short(check),
    kind,
    status,
    severity,
    account,
    accountName: shortOrNull(finding.accountName),
    region,
    prefix: shortOrNull(finding.prefix),
    title: short(finding.title),
    message: short(finding.message),
    transition,
    eventId,
    stale,
    firstSeenAt,
  };
}

/** A changed rule, its texts cut short. */
export function briefDrift(drift: Drift): Drift {
  const { before, after } = drift;
  return {
    ...drift,
    prefix: short(drift.prefix),
    before: before === null ? null : briefRule(before),
    after: after === null ? null : briefRule(after),
  };
}

function briefRule(rule: PullThroughCacheRule): PullThroughCacheRule {
  return {
    ...rule,
    ecrRepositoryPrefix: short(rule.ecrRepositoryPrefix),
    upstreamRegistryUrl: short(rule.upstreamRegistryUrl),
    upstreamRegistry: shortOrNull(rule.upstreamRegistry),
    upstreamRepositoryPrefix: short(rule.upstreamRepositoryPrefix),
    credentialArn: shortOrNull(rule.credentialArn),
    customRoleArn: shortOrNull(rule.customRoleArn),
  };
}

/** A waiver to look at, its texts cut short. */
export function briefNotice({ check, reason, owner, ticket, expires }: WaiverNotice): WaiverNotice {
  return {
    check: short(check),
    reason: short(reason),
    owner: short(owner),
    ticket: shortOrNull(ticket),
    expires: short(expires),
  };
}
