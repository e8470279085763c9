import { UPSTREAM_URLS, UPSTREAMS, type UpstreamName } from "./upstreams.ts";
import type {
  Account,
  AuditRole,
  Organization,
  Region,
  Repository,
  Rule,
  Secret,
  Template,
  World,
} from "./world.ts";
import { emptyRegion } from "./world-access.ts";

/** The default name of the role that the hub may assume in the accounts. */
export const AUDIT_ROLE_NAME = "pull-through-auditor";

/** A world with its differences from the default. The first account is the hub and management account by default. */
export type WorldParts = Partial<Omit<World, "accounts" | "organization" | "hub" | "validation">> & {
  readonly accounts: readonly [Account, ...Account[]];
  readonly hub?: Partial<World["hub"]>;
  readonly validation?: Partial<World["validation"]>;
  /** `none`: the hub is a stand-alone account. */
  readonly organization?: Partial<Organization> | "none";
};

/** Creates a world in which everything works, except for the given parts. */
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

/** An account with its differences from the default. */
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

/** A region with its differences from the default. */
export type RegistryParts = Partial<Omit<Region, "rules">> & {
  /** Secrets that rules refer to but that do not exist. */
  readonly missingSecrets?: readonly string[];
};

/**
 * Creates a registry with its rules. A healthy secret is created for every rule that refers to one that is not given. A
 * world therefore lists only unusual secrets.
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

/** A rule with its differences from the default. */
export type RuleParts = Partial<Omit<Rule, "ecrRepositoryPrefix">>;

/** Upstreams with a single URL. */
export type FixedUpstream = keyof typeof UPSTREAM_URLS;

/**
 * Creates a valid rule. Upstreams that need a secret use `ecr-pullthroughcache/<prefix>`. Azure and ECR upstreams have
 * many URLs and require an `upstreamRegistryUrl`.
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

/** Creates a rule from before AWS stored `upstreamRegistry` and `upstreamRepositoryPrefix`. */
export function withoutUpstreamName(rule: Rule): Rule {
  const { upstreamRegistry: _name, upstreamRepositoryPrefix: _prefix, ...older } = rule;
  return older;
}

/** Creates a secret that the upstream accepts and that changed recently. */
export function secret(name: string, parts: Partial<Omit<Secret, "name">> = {}): Secret {
  return {
    name,
    createdDate: "2025-06-02T08:00:00.000Z",
    tags: {},
    login: "accepted",
    ...parts,
  };
}

/** Creates a repository creation template that meets a strict policy. */
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

/**
 * Creates repositories as a template makes them at the time of its last update, or later. They keep their settings
 * when the template changes: templates act at creation only.
 */
export function repositoriesMadeBy(
  { imageTagMutability, encryptionType, lifecyclePolicy, repositoryPolicy, updatedAt }: Template,
  names: readonly string[],
  parts: Partial<Omit<Repository, "name">> = {},
): Repository[] {
  return names.map((name) => ({
    name,
    createdAt: updatedAt,
    imageTagMutability,
    encryptionType,
    scanOnPush: false,
    ...(lifecyclePolicy === undefined ? {} : { lifecyclePolicy }),
    ...(repositoryPolicy === undefined ? {} : { repositoryPolicy }),
    ...parts,
  }));
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

/** Derives an account id from a number, for worlds with many accounts. */
export function accountIdOf(serial: number): string {
  return (100_000_000_000 + serial * 7_919).toString();
}
