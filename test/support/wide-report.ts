import { failuresIn } from "../../src/schemas/count-findings.ts";
import type { Finding, Severity } from "../../src/schemas/finding.ts";
import type { AuditRecord } from "../../src/schemas/history.ts";
import type { CoverageGap, Report, SeenAccount } from "../../src/schemas/report.ts";
import { aFinding, aGap, aReport } from "./report-builders.ts";

const regions = [
  ["af-south-1", "ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
  ["ca-central-1", "eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ["sa-east-1", "us-east-1", "us-east-2", "us-west-2", "ap-east-1", "me-south-1", "us-west-1"],
].flat();

const problems = [
  ["rule-validation", "validation-failed", "high", "Rule can not reach its upstream"],
  ["allowed-upstream", "upstream-not-allowed", "critical", "Upstream is not allowed"],
  ["creation-template", "template-missing", "medium", "No repository creation template covers the prefix"],
  ["scan-coverage", "not-scanned", "medium", "Prefix is not scanned"],
  ["duplicate-upstream", "upstream-cached-already", "low", "Upstream is cached already"],
  ["rule-quota", "near-quota", "informational", "The registry is running out of rules"],
] as const satisfies readonly (readonly [string, string, Severity, string])[];

/** How large a {@link wideReport} is. */
export type Extent = { readonly accounts: number; readonly regions: number; readonly findings: number };

/** The report of a fleet: findings in a fifth of its accounts, an SCP's denials in some, one region left out by most. */
export function wideReport({ accounts, regions: width, findings }: Extent): Report {
  const names = regions.slice(0, width);
  const registries = Array.from({ length: accounts }, (_, index) => seenAccount(index, names));
  const gaps = registries.filter((_, index) => index % 25 === 7).map((account) => denial(account, names));
  const denied = new Set(gaps.map((gap) => gap.account));
  const planned = accounts * width;
  return aReport({
    registries: registries.map((registry) =>
      denied.has(registry.account) ? { ...registry, regions: registry.regions.slice(1) } : registry,
    ),
    findings: Array.from({ length: findings }, (_, index) => findingAt(index, registries)),
    coverage: {
      planned,
      audited: planned - gaps.length,
      partial: 0,
      unreachable: gaps.length,
      excluded: 0,
      dropped: false,
      gaps,
      excludedAccounts: [],
    },
  });
}

function seenAccount(index: number, names: readonly string[]): SeenAccount {
  const teams = ["payments", "search", "web", "data-platform", "mobile", "billing", "identity"];
  return {
    account: String(200_000_000_000 + index * 1_111),
    accountName: `${teams[index % teams.length]}-${index}`,
    organizationalUnits: ["r-ab12", `ou-ab12-${String(index % 7).repeat(8)}`],
    regions: index % 3 === 0 ? names.slice(0, -1) : names,
  };
}

function denial({ account, accountName }: SeenAccount, [region = ""]: readonly string[]): CoverageGap {
  return aGap({ account, accountName, region });
}

function findingAt(index: number, registries: readonly SeenAccount[]): Finding {
  const [check, kind, severity, title] = problems[(index * index) % problems.length] ?? problems[0];
  const { regions: names, ...account } =
    registries[(index * 5) % registries.length] ?? seenAccount(0, regions);
  const region = names[(index * 3) % names.length] ?? "eu-west-1";
  return aFinding({
    ...account,
    id: `f-${index}`,
    check,
    kind,
    severity,
    title,
    region,
    prefix: `team-${index % 40}`,
    docs: `docs/checks/${check}.md`,
    transition: index % 50 === 0 ? "opened" : "unchanged",
    firstSeenAt: index % 50 === 0 ? "2026-11-20T02:00:00.000Z" : "2026-10-02T02:00:00.000Z",
    data: {
      failure: "The credentials were refused by the upstream registry.",
      upstreamRegistryUrl: "registry-1.docker.io",
      credentialArn: `arn:aws:secretsmanager:${region}:${account.account}:secret:ecr-pullthroughcache/team-${index}`,
    },
  });
}

const dayMs = 86_400_000;

/**
 * The records of `nights` audits until that of {@link aReport}, in which less and less fails. The first third is of
 * older versions: half of it without the severities of causes, half of it without causes.
 */
export function someHistory(nights: number): readonly AuditRecord[] {
  const { auditId, startedAt, trigger, status, summary, coverage } = aReport();
  const { planned, audited, partial } = coverage;
  return Array.from({ length: nights }, (_, index) => {
    const left = nights - index;
    const at = new Date(Date.parse(startedAt) - (left - 1) * dayMs).toISOString();
    const unreachable = index % 9 === 4 ? 2 : 0;
    const failing = {
      critical: left % 6 === 0 ? 1 : 0,
      high: 3 + left,
      medium: 20 + 2 * left,
      low: 8,
      informational: 0,
    };
    const resolved = index % 4;
    const days = resolved === 0 ? null : 2 + (index % 11);
    const trend = { causes: failing, resolved, medianDays: days, worstDays: days === null ? null : 2 * days };
    return {
      auditId: `${auditId}-${index}`,
      startedAt: at,
      finishedAt: at,
      trigger,
      wholeScope: true,
      status,
      coverage: { planned, audited: audited - unreachable, partial, unreachable },
      summary: {
        ...summary,
        failing,
        transitions: { ...summary.transitions, resolved },
        causes: index < nights / 6 - 1 ? 0 : failuresIn({ failing }),
      },
      trend: index < nights / 3 - 1 ? null : trend,
      location: null,
    };
  });
}
