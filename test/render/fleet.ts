import type { Finding } from "../../src/schemas/finding.ts";
import type { CoverageGap, Report } from "../../src/schemas/report.ts";
import { aRule } from "../support/builders.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";

/** The id and name of the `index`th of many accounts. */
export function account(index: number): { account: string; accountName: string } {
  const teams = ["payments", "search", "data-platform", "mobile", "billing", "identity"];
  return {
    account: String(200000000000 + index * 1111),
    accountName: `${teams[index % teams.length]}-${index}`,
  };
}

/** Forty registries that an SCP makes unreachable: twenty accounts in two regions. */
export function fortyDenials(): CoverageGap[] {
  return Array.from({ length: 40 }, (_, index) => {
    const { account: id, accountName } = account(100 + Math.floor(index / 2));
    return aGap({
      account: id,
      accountName,
      region: index % 2 === 0 ? "ap-south-1" : "sa-east-1",
      detail: `User: arn:aws:sts::${id}:assumed-role/pull-through-auditor/audit is not authorized to perform: ecr:DescribePullThroughCacheRules with an explicit deny in a service control policy`,
    });
  });
}

/** Forty equal findings: one in each of forty accounts. */
export function fortyFindings(overrides: Partial<Finding> = {}): Finding[] {
  return Array.from({ length: 40 }, (_, index) =>
    aFinding({ id: `f-${index}`, ...account(index), ...overrides }),
  );
}

/** A report that contains everything that a report can contain. */
export function fleet(): Report {
  const denied = {
    status: "UNKNOWN",
    kind: "evidence-unreadable",
    transition: null,
  } as const;
  return aReport({
    gaps: [
      ...fortyDenials(),
      aGap({
        state: "partial",
        account: "111122223333",
        accountName: "payments-prod",
        region: "us-east-1",
        reason: "throttled",
        operation: "ecr:ValidatePullThroughCacheRule",
        detail: "ThrottlingException: Rate exceeded",
        prefixes: ["quay", "k8s"],
      }),
    ],
    findings: [
      ...fortyFindings({ transition: "unchanged", firstSeenAt: "2026-10-02T02:00:00.000Z" }).slice(0, 14),
      aFinding({ id: "new", transition: "opened" }),
      aFinding({ id: "new-2", transition: "opened", region: "us-east-1" }),
      aFinding({
        id: "stale",
        ...account(100),
        region: "ap-south-1",
        transition: "unchanged",
        stale: true,
        firstSeenAt: "2026-10-02T02:00:00.000Z",
        lastSeenAt: "2026-11-18T02:00:00.000Z",
      }),
      aFinding({
        id: "secret",
        transition: "reminded",
        prefix: "azure-team",
        message: "ECR says of this rule: The secret ecr-pullthroughcache/azure-team could not be found.",
        firstSeenAt: "2026-11-01T02:00:00.000Z",
      }),
      aFinding({
        id: "upstream",
        check: "allowed-upstream",
        severity: "critical",
        kind: "upstream-not-allowed",
        title: "The upstream is not allowed",
        prefix: "ROOT",
        message: "The rule caches ghcr.io, which no entry of allowedUpstreams allows.",
        remediation: "Delete the rule, or add an entry for github-container-registry to allowedUpstreams.",
        docs: "docs/checks/allowed-upstream.md",
        transition: "changed",
        firstSeenAt: "2026-11-12T02:00:00.000Z",
      }),
      aFinding({
        id: "quota",
        check: "rule-quota",
        severity: "low",
        kind: "near-quota",
        prefix: null,
        title: "The registry is running out of rules",
        message: "43 of 50 rules are used.",
        remediation: "Delete rules that nothing pulls through; the quota cannot be raised.",
        docs: "docs/checks/rule-quota.md",
        transition: "unchanged",
        firstSeenAt: "2026-09-30T02:00:00.000Z",
      }),
      aFinding({
        ...denied,
        id: "unknown-listed",
        region: "us-east-1",
        prefix: "quay",
        title: "Not evaluated: ECR can reach the upstream",
        message:
          "ecr:ValidatePullThroughCacheRule could not be read (throttled): ThrottlingException: Rate exceeded",
        data: { reason: "throttled", operation: "ecr:ValidatePullThroughCacheRule", detail: "Rate exceeded" },
      }),
      aFinding({
        ...denied,
        id: "unknown-untold",
        check: "secret-health",
        title: "Not evaluated: The secret is healthy",
        message:
          "secretsmanager:DescribeSecret could not be read (access-denied): AccessDeniedException: not authorized",
        data: {
          reason: "access-denied",
          operation: "secretsmanager:DescribeSecret",
          detail: "not authorized",
        },
      }),
      aFinding({
        id: "waived",
        status: "WAIVED",
        check: "prefix-convention",
        severity: "medium",
        prefix: "legacy-images",
        title: "The prefix breaks the convention",
        transition: null,
        waiver: {
          reason: "Renamed with the next platform release",
          owner: "team-a",
          ticket: "SEC-12",
          expires: "2027-01-31",
        },
      }),
      aFinding({
        id: "resolved",
        check: "root-prefix",
        title: "A ROOT rule catches every repository",
        prefix: "ROOT",
        region: "sa-east-1",
        transition: "resolved",
        status: "PASS",
      }),
    ],
    drift: [
      aDrift(),
      aDrift({
        change: "modified",
        prefix: "ROOT",
        before: aRule({
          ecrRepositoryPrefix: "ROOT",
          upstreamRegistryUrl: "public.ecr.aws",
          credentialArn: null,
        }),
        after: aRule({ ecrRepositoryPrefix: "ROOT", upstreamRegistryUrl: "ghcr.io" }),
      }),
      aDrift({
        change: "removed",
        prefix: "quay",
        region: "us-east-1",
        before: aRule({ upstreamRegistryUrl: "quay.io", credentialArn: null }),
        after: null,
      }),
    ],
    waivers: {
      expired: [
        {
          check: "secret-health",
          reason: "Token is being moved",
          owner: "team-b",
          ticket: null,
          expires: "2026-11-01",
        },
      ],
      expiring: [],
      unused: [
        {
          check: "root-prefix",
          reason: "Trial of a catch-all rule",
          owner: "team-c",
          ticket: "SEC-9",
          expires: "2027-03-31",
        },
      ],
    },
  });
}
