import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import type { AuditRecord } from "../../src/schemas/history.ts";
import { type AuditState, STATE_SCHEMA_VERSION } from "../../src/schemas/state.ts";
import { trendFigures } from "../../src/schemas/trend-figures.ts";
import { aRule } from "./builders.ts";
import { aDrift, aFinding, aReport } from "./report-builders.ts";

/** The state after an audit of one registry that found one problem and could not notify a topic. */
export function aState(overrides: Partial<AuditState> = {}): AuditState {
  return {
    product: "pull-through-auditor",
    schemaVersion: STATE_SCHEMA_VERSION,
    auditId: "20261120T020000Z-7f3a0001",
    updatedAt: "2026-11-20T02:03:12.000Z",
    coverage: { planned: 1, audited: 1, partial: 0, unreachable: 0 },
    findings: {
      "f-0001": { finding: aFinding(), open: true, toldAt: "2026-11-20T02:03:12.000Z", quiet: false },
    },
    waived: { "f-0002": aWaivedFinding("111122223333") },
    registries: { "111122223333/eu-west-1": aKnownRegistry([aRule()]) },
    missed: {},
    formerPrefixes: {},
    repositoryTurns: {},
    changes: [],
    pending: { "SNS topic arn:aws:sns:eu-west-1:1:t": { findings: [aFinding()], drift: [aDrift()] } },
    history: [aRecord()],
    chain: null,
    ...overrides,
  };
}

/** What is kept of a compliant nightly audit, with `overrides`. */
export function aRecord(overrides: Partial<AuditRecord> = {}): AuditRecord {
  const { summary, coverage, status, startedAt, finishedAt } = aReport();
  const { planned, audited, partial, unreachable } = coverage;
  return {
    auditId: "20261120T020000Z-7f3a0001",
    startedAt,
    finishedAt,
    trigger: "schedule",
    wholeScope: true,
    status,
    coverage: { planned, audited, partial, unreachable },
    summary,
    trend: trendFigures({ startedAt, findings: [] }),
    location: "s3://audits/nightly/audits/2026/11/20/20261120T020000Z-7f3a0001/report.json",
    ...overrides,
  };
}

/** A waived finding of an account, as it is in the state. */
function aWaivedFinding(account: string): AuditState["waived"][string] {
  const firstSeenAt = "2026-11-20T02:00:00.000Z";
  return { account, region: "eu-west-1", check: "prefix-convention", prefix: "legacy-mirror", firstSeenAt };
}

/** What is known of a registry with these rules. */
export function aKnownRegistry(rules: readonly PullThroughCacheRule[]): AuditState["registries"][string] {
  return { changedAt: "2026-11-20T02:00:00.000Z", rules };
}

/** The state after an audit of `count` registries with three rules and a waived finding each. */
export function aFleetsState(count: number): AuditState {
  const accounts = Array.from({ length: count }, (_, index) => String(200_000_000_000 + index));
  const waived = accounts.map((account) => [`${account}${"0".repeat(20)}`, aWaivedFinding(account)] as const);
  const registries = accounts.map((account) => {
    const secretOf = (name: string) =>
      `arn:aws:secretsmanager:eu-west-1:${account}:secret:ecr-pullthroughcache/${name}-AbCdEf`;
    const rules = [
      aRule({ credentialArn: secretOf("docker-hub") }),
      aRule({
        ecrRepositoryPrefix: "github",
        upstreamRegistryUrl: "ghcr.io",
        upstreamRegistry: "github-container-registry",
        credentialArn: secretOf("github"),
      }),
      aRule({
        ecrRepositoryPrefix: "quay",
        upstreamRegistryUrl: "quay.io",
        upstreamRegistry: "quay",
        credentialArn: null,
      }),
    ];
    return [`${account}/eu-west-1`, aKnownRegistry(rules)] as const;
  });
  return aState({
    coverage: { planned: count, audited: count, partial: 0, unreachable: 0 },
    waived: Object.fromEntries(waived),
    registries: Object.fromEntries(registries),
  });
}
