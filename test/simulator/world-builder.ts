import { UPSTREAM_URLS, UPSTREAMS, type UpstreamName } from "./upstreams.ts";
import type { Account, AuditRole, Organization, Region, Rule, Secret, Template, World } from "./world.ts";
import { emptyRegion } from "./world-access.ts";

/** The name of the role that accounts trust the hub to assume, unless told otherwise. */
export const AUDIT_ROLE_NAME = "pull-through-auditor";

/** A world and what is not as usual in it. The first account is hub and management account unless told otherwise. */
export type WorldParts = Partial<Omit<World, "accounts" | "organization" | "hub" | "validation">> & {
  readonly accounts: readonly [Account, ...Account[]];
  readonly hub?: Partial<World["hub"]>;
  readonly validation?: Partial<World["validation"]>;
  /** `none`: the hub is a stand-alone account. */
  readonly organization?: Partial<Organization> | "none";
};

/** A world in which everything works, but for what is given. */
export function world({ accounts, hub, organization, validation, ...parts }: WorldParts): World {
  const [first] = accounts;
  const named = [...new Set(accounts.flatMap(({ regions }) => Object.keys(regions)))].sort();
  const hubRegion = hub?.region ?? Object.keys(first.regions)[0] ?? "us-east-1";
  return {
    partition: "aws",
    hub: { accountId: first.id, principal: "user", ...hub, region: hubRegion },
    ...(organization === "none" ? {} : { organization: { ...usualOrganization(first.id), ...organization } }),
    regions: named.includes(hubRegion) ? named : [...named, hubRegion],
    accounts: Object.fromEntries(accounts.map((one) => [one.id, one])),
    validation: { credentialless: "valid", ecrToEcr: "valid", ...validation },
    faults: [],
    throttles: [],
    seed: 1,
    ...parts,
  };
}

function usualOrganization(managementAccountId: string): Organization {
  return {
    id: "o-exampleorg",
    rootId: "r-ex4m",
    managementAccountId,
    delegatedAdministrators: [],
    accountManagementTrusted: true,
    pageSize: 20,
  };
}

/** An account and what is not as usual in it. */
export type AccountParts = Partial<Omit<Account, "id" | "role">> & {
  /** `none`: the audit role is not deployed. */
  readonly role?: Partial<AuditRole> | "none";
};

/** An active account that trusts the hub. */
export function account(id: string, { role, ...parts }: AccountParts = {}): Account {
  return {
    id,
    name: `account-${id}`,
    email: `aws+${id}@example.com`,
    state: "ACTIVE",
    organizationalUnit: "",
    joinedAt: "2024-03-01T09:00:00.000Z",
    regionStatus: {},
    regions: {},
    ...(role === "none" ? {} : { role: { name: AUDIT_ROLE_NAME, maxSessionSeconds: 43_200, ...role } }),
    ...parts,
  };
}

/** A registry's surroundings and what is not as usual in them. */
export type RegistryParts = Partial<Omit<Region, "rules">> & {
  /** Secrets that rules name and that are gone. */
  readonly missingSecrets?: readonly string[];
};

/**
 * A registry with its rules. A secret that a rule names and that is not given comes to be in good health, so that a
 * world names only the secrets it has something to say of.
 */
export function registry(rules: readonly Rule[] = [], parts: RegistryParts = {}): Region {
  const { missingSecrets = [], secrets = [], ...rest } = parts;
  const given = new Set([...missingSecrets, ...secrets.map(({ name }) => name)]);
  const implied = new Set(
    rules.flatMap(({ credential }) =>
      credential === undefined || credential.startsWith("arn:") || given.has(credential) ? [] : [credential],
    ),
  );
  return {
    ...emptyRegion(),
    ...rest,
    rules: [...rules],
    secrets: [...secrets, ...[...implied].map((name) => secret(name))],
  };
}

/** A rule and what is not as usual in it. */
export type RuleParts = Partial<Omit<Rule, "ecrRepositoryPrefix">>;

/** Upstreams whose URL follows from their name. */
export type FixedUpstream = keyof typeof UPSTREAM_URLS;

/**
 * A rule that validates: upstreams that need a secret have the one named `ecr-pullthroughcache/<prefix>`. Azure and
 * ECR upstreams are many, so they need an `upstreamRegistryUrl`.
 */
export function rule(prefix: string, upstream: FixedUpstream, parts?: RuleParts): Rule;
export function rule(
  prefix: string,
  upstream: UpstreamName,
  parts: RuleParts & Pick<Rule, "upstreamRegistryUrl">,
): Rule;
export function rule(prefix: string, upstream: UpstreamName, parts: RuleParts = {}): Rule {
  const fixedUrls: Partial<Record<UpstreamName, string>> = UPSTREAM_URLS;
  const createdAt = parts.createdAt ?? "2026-02-03T10:15:00.000Z";
  return {
    ecrRepositoryPrefix: prefix,
    upstreamRegistryUrl: fixedUrls[upstream] ?? "",
    upstreamRegistry: upstream,
    upstreamRepositoryPrefix: "ROOT",
    createdAt,
    updatedAt: createdAt,
    ...(UPSTREAMS[upstream].authenticatesWith === "secret"
      ? { credential: `ecr-pullthroughcache/${prefix}` }
      : {}),
    ...parts,
  };
}

/** A rule as ones made before AWS kept `upstreamRegistry` and `upstreamRepositoryPrefix` are. */
export function withoutUpstreamName(rule: Rule): Rule {
  const { upstreamRegistry: _name, upstreamRepositoryPrefix: _prefix, ...older } = rule;
  return older;
}

/** A secret that an upstream accepts, changed not long ago. */
export function secret(name: string, parts: Partial<Omit<Secret, "name">> = {}): Secret {
  return {
    name,
    createdDate: "2025-06-02T08:00:00.000Z",
    tags: {},
    login: "accepted",
    ...parts,
  };
}

/** A repository creation template that does all that a careful policy asks. */
export function template(prefix: string, parts: Partial<Omit<Template, "prefix">> = {}): Template {
  const createdAt = "2026-02-03T10:00:00.000Z";
  return {
    prefix,
    appliedFor: ["PULL_THROUGH_CACHE"],
    imageTagMutability: "MUTABLE",
    encryptionType: "KMS",
    lifecyclePolicy: KEEP_FOR_A_MONTH,
    resourceTags: {},
    customRole: "ecr-creation-templates",
    createdAt,
    updatedAt: createdAt,
    ...parts,
  };
}

const KEEP_FOR_A_MONTH = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "any", countType: "sinceImagePushed", countUnit: "days", countNumber: 30 },
      action: { type: "expire" },
    },
  ],
});

/** An account id that follows from a number, for worlds with many accounts. */
export function accountIdOf(serial: number): string {
  return (100_000_000_000 + serial * 7_919).toString();
}
