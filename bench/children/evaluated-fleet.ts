import type { PullThroughCacheRule } from "../../src/ecr/rule.ts";
import { present } from "../../src/facts/evidence.ts";
import { nothingCollected, type ObservedRule, type RegistrySnapshot } from "../../src/facts/snapshot.ts";

const collectedAt = "2026-11-20T02:00:00.000Z";

/**
 * Yields registries with three rules each; every tenth has a failing rule.
 *
 * @param failingRules the number of further rules of each registry, all failing
 * @param first the number of registries to leave out at the start
 */
export function* snapshotsOf(registries: number, failingRules = 0, first = 0): Generator<RegistrySnapshot> {
  for (let index = first; index < registries; index += 1) {
    const account = accountAt(index);
    const region = regionAt(index);
    yield {
      target: {
        account,
        accountName: `workload-${Math.floor(index / regions.length)}`,
        organizationId: "o-exampleorgid",
        organizationalUnits: ["r-ab12", `ou-ab12-${String(index % 20).padStart(8, "0")}`],
        region,
      },
      collectedAt,
      ...nothingCollected,
      rules: present([
        observed(ruleOf("ecr-public", "public.ecr.aws", "ecr-public", null), true),
        observed(ruleOf("quay", "quay.io", "quay", null), true),
        observed(
          ruleOf(
            "docker-hub",
            "registry-1.docker.io",
            "docker-hub",
            `arn:aws:secretsmanager:${region}:${account}:secret:ecr-pullthroughcache/docker-hub-AbCdEf`,
          ),
          index % 10 !== 0,
        ),
        ...Array.from({ length: failingRules }, (_nothing, rule) => failing(rule, account, region)),
      ]),
    };
  }
}

function failing(index: number, account: string, region: string): ObservedRule {
  const name = `team-${String(index).padStart(2, "0")}`;
  const secret = `arn:aws:secretsmanager:${region}:${account}:secret:ecr-pullthroughcache/${name}-AbCdEf`;
  const host = `${name}.azurecr.io`;
  return observed(ruleOf(name, host, "azure-container-registry", secret), false);
}

const regions = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1"] as const;

function accountAt(index: number): string {
  return String(100_000_000_001 + Math.floor(index / regions.length));
}

function regionAt(index: number): string {
  return regions[index % regions.length] ?? regions[0];
}

function ruleOf(
  ecrRepositoryPrefix: string,
  upstreamRegistryUrl: string,
  upstreamRegistry: string,
  credentialArn: string | null,
): PullThroughCacheRule {
  return {
    ecrRepositoryPrefix,
    upstreamRegistryUrl,
    upstreamRegistry,
    upstreamRepositoryPrefix: "ROOT",
    credentialArn,
    customRoleArn: null,
    createdAt: collectedAt,
    updatedAt: collectedAt,
  };
}

function observed(rule: PullThroughCacheRule, isValid: boolean): ObservedRule {
  const invalid = { outcome: "invalid", failure: "unauthorized: incorrect username or password" } as const;
  return { rule, validation: present(isValid ? { outcome: "valid" } : invalid) };
}

/** A policy with many waivers and overrides, each for a different registry or account. */
export function policyOf(waivers: number, overrides: number): object {
  return {
    version: 1,
    scope: { accounts: "organization", regions },
    allowedUpstreams: [
      { registry: "ecr-public" },
      { registry: "quay" },
      { registry: "docker-hub" },
      { registry: "azure-container-registry" },
    ],
    prefixes: { pattern: "[a-z0-9]+(-[a-z0-9]+)*", maxLength: 20 },
    overrides: Array.from({ length: overrides }, (_nothing, index) => ({
      where: { accounts: [accountAt(index * regions.length)] },
      set: { prefixes: { maxLength: 10 + (index % 20) } },
    })),
    waivers: Array.from({ length: waivers }, (_nothing, index) => ({
      check: index % 2 === 0 ? "rule-validation" : "*",
      accounts: [accountAt(index)],
      regions: [regionAt(index)],
      prefixes: ["docker-*"],
      reason: `it is known, for the ${index + 1}th time`,
      owner: "team-payments",
      expires: "2027-04-30",
    })),
  };
}
