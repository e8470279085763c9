import type * as z from "zod";
import type { PolicyTexts } from "../facts/cached-repositories.ts";
import type { Evidence } from "../facts/evidence.ts";
import type { RegistrySnapshot } from "../facts/snapshot.ts";
import type { registryUnderTestSchema } from "./registry.ts";

/** A registry as a file of cases has it. */
export type RegistryFile = z.input<typeof registryUnderTestSchema>;
type RepositoryFile = NonNullable<RegistryFile["cachedRepositories"]>[number];

/**
 * Describes a registry in a case, with some of its repositories: its rules, templates and scanning configuration as they were
 * read. A repository with a policy that is no JSON object cannot be described, and is left out. Pure.
 */
export function describeRegistry(
  { target, rules, creationTemplates, scanning, ...facts }: RegistrySnapshot,
  names: ReadonlySet<string>,
): RegistryFile {
  const { account, region, organizationId, organizationalUnits } = target;
  const { cachedRepositories: cached } = facts;
  const lookedAt = cached.state === "present" ? cached.value.lookedAt : [];
  return {
    account,
    region,
    ...(organizationId === null ? {} : { organizationId }),
    ...(organizationalUnits.length === 0 ? {} : { organizationalUnits: [...organizationalUnits] }),
    rules: (rules.state === "present" ? rules.value : []).map(({ rule }) => ({
      ecrRepositoryPrefix: rule.ecrRepositoryPrefix,
      upstreamRegistryUrl: rule.upstreamRegistryUrl,
      upstreamRepositoryPrefix: rule.upstreamRepositoryPrefix,
      ...(rule.credentialArn === null ? {} : { credentialArn: rule.credentialArn }),
      ...(rule.customRoleArn === null ? {} : { customRoleArn: rule.customRoleArn }),
    })),
    ...(creationTemplates.state === "present"
      ? {
          creationTemplates: creationTemplates.value.map(({ lifecyclePolicy, repositoryPolicy, ...one }) => ({
            ...one,
            appliedFor: [...one.appliedFor],
            ...withPolicy("lifecyclePolicy", lifecyclePolicy),
            ...withPolicy("repositoryPolicy", repositoryPolicy),
          })),
        }
      : {}),
    ...(scanning.state === "present"
      ? {
          scanning: {
            scanType: scanning.value.scanType === "ENHANCED" ? "ENHANCED" : "BASIC",
            rules: scanning.value.rules.map(({ scanFrequency, filters }) => ({
              scanFrequency,
              filters: [...filters],
            })),
          },
        }
      : {}),
    cachedRepositories: lookedAt
      .filter(({ name }) => names.has(name))
      .flatMap(({ prefix: _, createdAt, ...repository }): readonly RepositoryFile[] => {
        const lifecyclePolicy = policyOf(repository.name, facts.cachedLifecyclePolicies);
        const repositoryPolicy = policyOf(repository.name, facts.cachedRepositoryPolicies);
        if (lifecyclePolicy === undefined || repositoryPolicy === undefined) return [];
        const created = createdAt === null ? {} : { createdAt };
        return [{ ...repository, ...created, lifecyclePolicy, repositoryPolicy }];
      }),
  };
}

/** The policy of a repository; null if it has none, or it was not asked for; undefined if it cannot be described. */
function policyOf(name: string, evidence: Evidence<PolicyTexts>): Record<string, unknown> | null | undefined {
  if (evidence.state !== "present") return null;
  const { texts, of } = evidence.value;
  const index = Object.hasOwn(of, name) ? of[name] : undefined;
  return index === null ? null : parsed(texts[index ?? -1] ?? "");
}

function withPolicy(key: "lifecyclePolicy" | "repositoryPolicy", text: string | null) {
  const policy = text === null ? undefined : parsed(text);
  return policy === undefined ? {} : { [key]: policy };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
