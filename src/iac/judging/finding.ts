import { createHash } from "node:crypto";
import type { CodeFinding } from "../../model/check-report.ts";
import type { Severity } from "../../model/finding.ts";
import type { Waiver } from "../../policy/sections/waivers.ts";
import { type DeclaredRule, prefixOf } from "../declared-rule.ts";
import type { Answer } from "./answer.ts";
import { withoutStandIns } from "./possible-registries.ts";

/** What a finding is made of. */
export type FindingParts = {
  readonly rule: DeclaredRule;
  readonly check: { readonly id: string; readonly docs: string };
  readonly answer: Answer;
  readonly severity: Severity;
  readonly waiver: Waiver | null;
};

/** An answer on a rule in code, put into words. */
export function findingOf({ rule, check, answer, severity, waiver }: FindingParts): CodeFinding {
  const { file, line, address, place } = rule;
  const { title, message, remediation } = answer.prose();
  return {
    id: idOf([file, address, check.id, answer.subject]),
    check: check.id,
    status: waiver === null ? answer.status : "WAIVED",
    severity,
    file,
    line,
    address,
    account: place.account,
    region: place.region,
    prefix: prefixOf(rule),
    kind: answer.kind,
    data: answer.data,
    title,
    message: withoutStandIns(message),
    remediation: withoutStandIns(remediation),
    docs: check.docs,
    waiver: waiver === null ? null : noteOf(waiver),
  };
}

function noteOf({ reason, owner, ticket, expires }: Waiver): CodeFinding["waiver"] {
  return { reason, owner, ticket: ticket ?? null, expires };
}

function idOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
