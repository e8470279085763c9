import type { Report } from "../model/report.ts";
import type { LoadedPolicy } from "../policy/load.ts";
import { assembleReport } from "./assemble.ts";
import { type AuditOptions, audit } from "./audit.ts";
import { newAuditId } from "./audit-id.ts";
import { asFirstSeen } from "./compare.ts";
import type { Clock, Sources } from "./ports.ts";
import type { AuditRequest } from "./request.ts";

/**
 * Carries out one audit, from the request to the report. Delivers nothing.
 *
 * @throws CannotStartError, RequestError, as {@link audit}
 */
export async function runAudit(
  request: AuditRequest,
  { policy, digest }: LoadedPolicy,
  sources: Sources,
  clock: Clock,
  options: AuditOptions,
): Promise<Report> {
  const startedAt = clock.now();
  const { coverage, rules, counts, findings, waivers } = await audit(
    request,
    policy,
    sources,
    clock,
    options,
  );
  return assembleReport({
    auditId: newAuditId(startedAt),
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    trigger: request.trigger,
    policy: { name: policy.name, digest },
    coverage,
    rules,
    counts,
    findings: asFirstSeen(findings, startedAt),
    baseline: false,
    drift: [],
    waivers,
  });
}
