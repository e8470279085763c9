import { type CheckId, isCheckId } from "../../src/checks/index.ts";
import type { Report } from "../../src/schemas/report.ts";
import type { RecordedCall } from "../simulator/ledger.ts";
import type { Region, World } from "../simulator/world.ts";
import type { PolicyFile } from "../support/builders.ts";
import { policyInForce } from "./oracle/in-force.ts";
import { askedBy } from "./oracle/repositories.ts";
import { bare } from "./oracle/wildcards.ts";

/** What decides which calls a check has to make. */
type Asking = {
  /** The policy in force. */
  readonly policy: PolicyFile;
  /** Whether repositories under the prefix have to be read. */
  readonly hasRepositories: boolean;
};

type Operations = readonly string[] | ((asking: Asking) => readonly string[]);

/**
 * The calls beyond the listing of rules without whose answers a check cannot pass. Does not compile when a check of the
 * catalogue is missing.
 */
const needed: Readonly<Record<CheckId, Operations>> = {
  "rule-validation": ["ValidatePullThroughCacheRule"],
  "allowed-upstream": [],
  "prefix-convention": [],
  "root-prefix": [],
  "overlapping-prefixes": [],
  "duplicate-upstream": [],
  "upstream-credentials": [],
  "secret-health": ({ policy }) => [
    "DescribeSecret",
    ...(policy.secrets?.maxAgeDays === undefined ? [] : ["ListSecretVersionIds"]),
  ],
  "upstream-role": [],
  "upstream-scope": [],
  "required-rule": [],
  "undeclared-rule": [],
  "creation-template": ["DescribeRepositoryCreationTemplates"],
  "scan-coverage": ["GetRegistryScanningConfiguration"],
  "registry-policy": ["GetRegistryPolicy"],
  "cached-repositories": ({ policy, hasRepositories }) => {
    const { asksLifecycles, asksAccess } = askedBy(policy);
    return [
      "DescribeRepositories",
      ...(hasRepositories && asksLifecycles ? ["GetLifecyclePolicy"] : []),
      ...(hasRepositories && asksAccess ? ["GetRepositoryPolicy"] : []),
    ];
  },
  "unused-cached-repositories": ({ hasRepositories }) => [
    "DescribeRepositories",
    ...(hasRepositories ? ["GetMetricData"] : []),
  ],
  "orphaned-cached-repositories": ["DescribeRepositories"],
  "failed-pulls": [],
  "unapproved-change": [],
  "rule-quota": [],
  "fleet-consistency": [],
};

/** Where an audit took place. */
type Surroundings = { readonly policy: PolicyFile; readonly world: World };

/**
 * The findings that pass although a call that they rest on was never answered well. Knows nothing of what the checks
 * mean, so that it would hold even where the oracle errs as the auditor does.
 */
export function passesWithoutEvidence(
  { findings }: Report,
  calls: readonly RecordedCall[],
  { policy, world }: Surroundings,
): readonly string[] {
  const answered = new Set(calls.filter(wasAnswered).flatMap(keysOf));
  return findings
    .filter(({ status, transition }) => status === "PASS" && transition !== "resolved")
    .filter(({ check, account, region, organizationalUnits: units, prefix }) => {
      const inForce = policyInForce(policy, { account, region, units, organizationId: null });
      const place = world.accounts[account]?.regions[region];
      const asking = { policy: inForce, hasRepositories: mustBeRead(place, prefix, inForce) };
      const operations = isCheckId(check) ? needed[check] : [];
      const ofCheck = typeof operations === "function" ? operations(asking) : operations;
      const ofRule = check === "rule-validation" ? ` ${prefix}` : "";
      return ["DescribePullThroughCacheRules", ...ofCheck.map((operation) => `${operation}${ofRule}`)].some(
        (key) => !answered.has(`${account} ${region} ${key}`),
      );
    })
    .map(
      ({ check, account, region, prefix }) =>
        `PASS without evidence: ${account} ${region} ${prefix} ${check}`,
    );
}

/** Whether there are repositories under a prefix, and not of a nearer rule, that are neither excluded nor have to wait. */
function mustBeRead(
  region: Region | undefined,
  prefix: string | null,
  { cachedRepositories: section }: PolicyFile,
): boolean {
  if (region === undefined || prefix === null || section?.maxRepositories !== undefined) return false;
  const { repositories = [], rules } = region;
  const nearer = rules
    .map(({ ecrRepositoryPrefix }) => bare(ecrRepositoryPrefix))
    .filter((other) => other.startsWith(`${bare(prefix)}/`));
  return repositories.some(
    ({ name }) =>
      name.startsWith(`${bare(prefix)}/`) &&
      !name.includes("/keep/") &&
      !nearer.some((other) => name.startsWith(`${other}/`)),
  );
}

const saysNone = [
  "RegistryPolicyNotFoundException",
  "LifecyclePolicyNotFoundException",
  "RepositoryPolicyNotFoundException",
];

function wasAnswered({ httpStatus, errorCode }: RecordedCall): boolean {
  return httpStatus === 200 || saysNone.includes(errorCode ?? "");
}

function keysOf({ account, region, operation, input }: RecordedCall): readonly string[] {
  const place = `${account} ${region} ${operation}`;
  const prefix: unknown = Object(input)["ecrRepositoryPrefix"];
  return typeof prefix === "string" ? [place, `${place} ${prefix}`] : [place];
}
