import { describe, expect, it } from "vitest";
import { waiverSnippet } from "../../../src/formats/html/problem-card.ts";
import { openWaiverMatcher } from "../../../src/policy/matching/waivers.ts";
import { policySchema } from "../../../src/policy/schema.ts";
import { aFinding } from "../../support/report-builders.ts";

const auditedAt = "2026-11-20T02:03:12.000Z";

function parsedWith(snippet: string, more: object) {
  const waiver: unknown = { ...JSON.parse(snippet), ...more };
  return policySchema.safeParse({ version: 1, allowedUpstreams: [], waivers: [waiver] });
}

describe.each([
  { what: "a rule", finding: aFinding() },
  { what: "a registry as a whole", finding: aFinding({ prefix: null }) },
])("the waiver for $what", ({ finding }) => {
  const snippet = waiverSnippet(finding, auditedAt);

  it("is rejected by the policy until it has an owner and a reason", () => {
    expect(parsedWith(snippet, {}).success).toBe(false);
    expect(parsedWith(snippet, { reason: "Known" }).success).toBe(false);
    expect(parsedWith(snippet, { owner: "team-a" }).success).toBe(false);
  });

  it("then waives this finding for thirty days, and no other", () => {
    const policy = parsedWith(snippet, { reason: "Known", owner: "team-a" });
    const workspace = (now: string) => openWaiverMatcher(policy.data?.waivers ?? [], new Date(now));
    expect(workspace(auditedAt).waiverFor(finding)).not.toBeNull();
    expect(workspace("2026-12-20T23:59:59.000Z").waiverFor(finding)).not.toBeNull();
    expect(workspace("2026-12-21T00:00:00.000Z").waiverFor(finding)).toBeNull();
    for (const elsewhere of [
      { account: "444455556666" },
      { region: "us-east-1" },
      { check: "root-prefix" },
    ]) {
      expect(workspace(auditedAt).waiverFor({ ...finding, ...elsewhere })).toBeNull();
    }
  });
});

it("holds for no other rule of the registry", () => {
  const policy = parsedWith(waiverSnippet(aFinding(), auditedAt), { reason: "Known", owner: "team-a" });
  const workspace = openWaiverMatcher(policy.data?.waivers ?? [], new Date(auditedAt));
  expect(workspace.waiverFor(aFinding({ prefix: "quay" }))).toBeNull();
});

it("reads well", () => {
  expect(waiverSnippet(aFinding(), auditedAt)).toBe(`{
  "check": "rule-validation",
  "accounts": ["111122223333"],
  "regions": ["eu-west-1"],
  "prefixes": ["docker-hub"],
  "reason": "",
  "owner": "",
  "expires": "2026-12-20"
}`);
});
