import { createHash } from "node:crypto";
import {
  type Finding,
  severities,
  statusSchema,
  type Transition,
  transitionSchema,
} from "../../src/schemas/finding.ts";
import {
  type Coverage,
  type CoverageGap,
  type Drift,
  type Report,
  type SeenAccount,
  type Summary,
  summarySchema,
} from "../../src/schemas/report.ts";
import { aRule } from "./builders.ts";

/** A failing finding of an audit without a previous state, with `overrides`. */
export function aFinding(overrides: Partial<Finding> = {}): Finding {
  const { id = "f-0001", transition = "opened" } = overrides;
  return {
    id,
    check: "rule-validation",
    status: "FAIL",
    severity: "high",
    account: "111122223333",
    accountName: "payments-prod",
    organizationalUnits: ["ou-ab12-34567890"],
    region: "eu-west-1",
    prefix: "docker-hub",
    kind: "validation-failed",
    data: { failure: "The credentials were refused by the upstream registry." },
    title: "ECR cannot reach the upstream",
    message: "ECR says of this rule: The credentials were refused by the upstream registry.",
    remediation:
      "Renew the access token, put it into the rule's secret, and validate the rule again. Until then ECR serves only what it has cached.",
    docs: "docs/checks/rule-validation.md",
    firstSeenAt: "2026-11-20T02:00:00.000Z",
    lastSeenAt: "2026-11-20T02:00:00.000Z",
    transition,
    eventId: isNotified(transition) ? anAlertId(id, transition) : null,
    stale: false,
    waiver: null,
    owner: null,
    cause: null,
    openDays: null,
    flapping: null,
    changedBy: null,
    steps: [],
    docsUrl: "",
    consoleUrl: "",
    requirements: [],
    ...overrides,
  };
}

function isNotified(transition: Transition | null): transition is Transition {
  return transition !== null && transition !== "unchanged";
}

/** An id as alerts have it: the same for the same `parts`. */
function anAlertId(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join(" ")).digest("hex").slice(0, 32);
}

/** The gap of a registry that an SCP denies access to, with `overrides`. */
export function aGap(overrides: Partial<CoverageGap> = {}): CoverageGap {
  return {
    account: "444455556666",
    accountName: "sandbox",
    region: "us-east-1",
    state: "unreachable",
    reason: "denied-by-scp",
    operation: "ecr:DescribePullThroughCacheRules",
    detail: "User is not authorized to perform this action with an explicit deny in a service control policy",
    prefixes: [],
    ...overrides,
  };
}

/** A rule that was added since the previous audit, with `overrides`. */
export function aDrift(overrides: Partial<Drift> = {}): Drift {
  const { region = "eu-west-1", prefix = "docker-hub", change = "added" } = overrides;
  return {
    account: "111122223333",
    region,
    prefix,
    change,
    before: null,
    after: aRule(),
    eventId: anAlertId(region, prefix, change),
    changedBy: null,
    ...overrides,
  };
}

/**
 * The report of a compliant audit of 12 registries, with `overrides`. Status, coverage and summary follow from its
 * findings and gaps.
 */
export function aReport(overrides: Partial<Report> & { gaps?: readonly CoverageGap[] } = {}): Report {
  const { gaps = [], ...fields } = overrides;
  const findings = fields.findings ?? [];
  const coverage = fields.coverage ?? coverageOf(gaps);
  return {
    schemaVersion: 1,
    auditId: "2026-11-20T02-00-00Z-7f3a",
    startedAt: "2026-11-20T02:00:00.000Z",
    finishedAt: "2026-11-20T02:03:12.000Z",
    trigger: "schedule",
    topics: [],
    lookupFailures: [],
    previous: null,
    alsoPrevious: [],
    deliveries: [],
    files: [],
    baseline: false,
    status: statusOf(findings, coverage),
    policy: {
      name: "Example organization",
      digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    narrowedTo: null,
    coverage,
    registries: seenRegistries,
    summary: summaryOf(findings),
    findings,
    drift: [],
    waivers: { expired: [], expiring: [], unused: [] },
    ...fields,
  };
}

/** The twelve registries that were seen whatever else there is. */
const seenRegistries: readonly SeenAccount[] = [
  { account: "111122223333", accountName: "payments-prod" },
  { account: "222233334444", accountName: "payments-dev" },
  { account: "333344445555", accountName: "web-prod" },
  { account: "666677778888", accountName: "logistics" },
].map((account) => ({
  ...account,
  organizationalUnits: ["ou-ab12-34567890"],
  regions: ["eu-central-1", "eu-west-1", "us-east-1"],
}));

const PLANNED = 12;
const PASSING = 480;

function coverageOf(gaps: readonly CoverageGap[]): Coverage {
  const unreachable = registriesIn(gaps.filter(({ state }) => state === "unreachable"));
  const partial = registriesIn(gaps.filter(({ state }) => state === "partial"));
  return {
    planned: PLANNED + unreachable + partial,
    audited: PLANNED,
    partial,
    unreachable,
    excluded: 0,
    dropped: false,
    gaps,
    excludedAccounts: [],
  };
}

function registriesIn(gaps: readonly CoverageGap[]): number {
  return new Set(gaps.map(({ account, region }) => `${account} ${region}`)).size;
}

function statusOf(findings: readonly Finding[], { partial, unreachable }: Coverage): Report["status"] {
  if (findings.some(isFailing)) return "non-compliant";
  return partial + unreachable > 0 ? "incomplete" : "compliant";
}

function isFailing({ status, transition }: Finding): boolean {
  return status === "FAIL" && transition !== "resolved";
}

function summaryOf(findings: readonly Finding[]): Summary {
  const countOf = (counts: (finding: Finding) => boolean) => findings.filter(counts).length;
  const answers = countedBy(statusSchema.options, (status) =>
    countOf((finding) => finding.status === status && finding.transition !== "resolved"),
  );
  return summarySchema.parse({
    rules: 36,
    findings: {
      ...answers,
      PASS: PASSING + countOf(({ status, transition }) => status === "PASS" && transition === null),
    },
    failing: countedBy(severities, (severity) =>
      countOf((finding) => isFailing(finding) && finding.severity === severity),
    ),
    transitions: countedBy(transitionSchema.exclude(["unchanged"]).options, (transition) =>
      countOf((finding) => finding.transition === transition),
    ),
    causes: new Set(findings.filter(isFailing).map((finding) => finding.cause?.id ?? finding)).size,
  });
}

function countedBy<Key extends string>(keys: readonly Key[], count: (key: Key) => number) {
  return Object.fromEntries(keys.map((key) => [key, count(key)]));
}
