import type { Report } from "../../src/schemas/report.ts";
import { aRule } from "../support/builders.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";

/** A report with `text` in every field that is collected or written by hand. */
export function hostileReport(text: string): Report {
  const owner = { name: text, contact: text };
  const cause = { id: "c-0001", kind: "secret", subject: text } as const;
  const changedBy = { arn: text, sessionName: text, at: text, sourceIp: text, eventId: text };
  const words = { title: text, message: text, remediation: text, docs: text, owner, cause, changedBy };
  const place = { accountName: text, prefix: text };
  const notice = { check: text, reason: text, owner: text, ticket: text, expires: text };
  const rule = aRule({ upstreamRegistryUrl: text, upstreamRepositoryPrefix: text, credentialArn: text });
  const waiver = { reason: text, owner: text, ticket: text, expires: text };
  return aReport({
    policy: { name: text, digest: text },
    gaps: [aGap({ accountName: text, operation: text, detail: text, prefixes: [text] })],
    findings: [
      aFinding({ ...words, ...place, check: text, data: { failure: text } }),
      aFinding({ ...words, ...place, id: "f-0002", owner: null, data: { failure: text } }),
      aFinding({ ...words, ...place, transition: "resolved" }),
      aFinding({ ...words, ...place, status: "UNKNOWN", transition: null }),
      aFinding({ ...words, ...place, status: "WAIVED", transition: null, waiver }),
    ],
    drift: [aDrift({ prefix: text, change: "modified", before: aRule(), after: rule, changedBy })],
    waivers: { expired: [notice], expiring: [notice], unused: [notice] },
  });
}
