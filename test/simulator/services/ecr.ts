import { z } from "zod";
import { JSON_DIALECT } from "../dialect.ts";
import { operation, type Service } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import {
  describeRegistry,
  describeTemplates,
  describeTemplatesInput,
  getRegistryPolicy,
  getScanningConfiguration,
} from "./ecr-registry.ts";
import {
  describeImages,
  describeImagesInput,
  describeRepositories,
  describeRepositoriesInput,
  getLifecyclePolicy,
  getRepositoryPolicy,
  repositoryInput,
} from "./ecr-repositories.ts";
import {
  createRule,
  createRuleInput,
  deleteRule,
  deleteRuleInput,
  updateRule,
  updateRuleInput,
} from "./ecr-rule-changes.ts";
import { describeRules, describeRulesInput } from "./ecr-rules.ts";
import { validateRule, validateRuleInput } from "./ecr-validation.ts";

/**
 * Elastic Container Registry: pull through cache rules and the registry settings around them.
 * Source: ECR API reference. It documents neither throttling nor denied access. Both are as for any JSON service.
 */
export const ecr: Service = {
  name: "ecr",
  protocol: jsonProtocol("AmazonEC2ContainerRegistry_V20150921"),
  dialect: {
    ...JSON_DIALECT,
    invalidInput: { code: "InvalidParameterException", status: 400 },
    internalFailure: { code: "ServerException", status: 500 },
  },
  isRegional: true,
  operations: {
    DescribePullThroughCacheRules: operation(describeRulesInput, describeRules),
    ValidatePullThroughCacheRule: operation(validateRuleInput, validateRule),
    CreatePullThroughCacheRule: operation(createRuleInput, createRule),
    UpdatePullThroughCacheRule: operation(updateRuleInput, updateRule),
    DeletePullThroughCacheRule: operation(deleteRuleInput, deleteRule),
    DescribeRepositoryCreationTemplates: operation(describeTemplatesInput, describeTemplates),
    DescribeRepositories: operation(describeRepositoriesInput, describeRepositories),
    DescribeImages: operation(describeImagesInput, describeImages),
    GetLifecyclePolicy: operation(repositoryInput, getLifecyclePolicy),
    GetRepositoryPolicy: operation(repositoryInput, getRepositoryPolicy),
    DescribeRegistry: operation(z.strictObject({}), (_input, call) => describeRegistry(call)),
    GetRegistryPolicy: operation(z.strictObject({}), (_input, call) => getRegistryPolicy(call)),
    GetRegistryScanningConfiguration: operation(z.strictObject({}), (_input, call) =>
      getScanningConfiguration(call),
    ),
  },
};
