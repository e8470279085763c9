import { keysOf, pluck } from "../core/records.ts";
import {
  cachedLifecyclePolicies,
  cachedRepositories,
  cachedRepositoryPolicies,
  repositoryPulls,
  repositorySizes,
} from "./cached-repositories.ts";
import { creationTemplates } from "./creation-templates.ts";
import { pulls } from "./pulls.ts";
import { registryPolicy } from "./registry-policy.ts";
import { scanning } from "./scanning.ts";
import { secrets, secretVersions } from "./secrets.ts";

/**
 * The facts of a registry in addition to its rules. Each is collected only if an effective policy needs it. The shape
 * of snapshots, the facts to collect and the possible gaps in coverage are all derived from this table.
 */
export const facts = {
  creationTemplates,
  scanning,
  registryPolicy,
  secrets,
  secretVersions,
  cachedRepositories,
  cachedLifecyclePolicies,
  cachedRepositoryPolicies,
  pulls,
  repositoryPulls,
  repositorySizes,
} as const;

/** The name of a fact. */
export type FactName = keyof typeof facts;

/** The names of all facts. */
export const factNames = keysOf(facts);

/** The schema of each fact in a snapshot. */
export const factSchemas = pluck(facts, "schema");
