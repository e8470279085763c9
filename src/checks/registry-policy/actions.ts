import { changingActions } from "../iam/repository-policy.ts";

/**
 * The actions of Amazon ECR by which a principal that a registry policy lets in can change what the registry caches, or
 * how. With the policy scope V2, the registry policy is enforced for all actions of ECR (Amazon ECR user guide, "Private
 * registry permissions in Amazon ECR", November 2026). Another page says that CreatePullThroughCacheRule must be granted by
 * identity policies; as the two differ, the action counts.
 *
 * `registry`: the actions count whatever resources a statement names. `repository`: they count only on repositories
 * under the prefix of a rule.
 */
export const watchedActions = {
  registry: [
    // Pulls through a rule.
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    // Rules.
    "ecr:CreatePullThroughCacheRule",
    "ecr:UpdatePullThroughCacheRule",
    "ecr:DeletePullThroughCacheRule",
    // Templates, with which ECR creates the repositories.
    "ecr:CreateRepositoryCreationTemplate",
    "ecr:UpdateRepositoryCreationTemplate",
    "ecr:DeleteRepositoryCreationTemplate",
    // Scanning.
    "ecr:PutRegistryScanningConfiguration",
    // The policy itself, and its scope.
    "ecr:PutRegistryPolicy",
    "ecr:DeleteRegistryPolicy",
    "ecr:PutAccountSetting",
  ],
  repository: changingActions,
} as const;
