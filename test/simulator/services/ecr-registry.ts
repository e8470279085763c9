import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, pageShapeOf } from "../service.ts";
import type { Region, Template } from "../world.ts";
import { regionOf } from "../world-access.ts";
import { customRoleArnOf, invalidNextToken } from "./ecr-rules.ts";
import { pageSize, text } from "./fields.ts";
import { epochSeconds } from "./time.ts";

/** The parameters of DescribeRepositoryCreationTemplates. */
export const describeTemplatesInput = z.strictObject({
  prefixes: z.array(text(1, 256)).max(100).optional(),
  nextToken: z.string().optional(),
  maxResults: pageSize(1000).default(100),
});

/** Answers DescribeRepositoryCreationTemplates: requested templates that do not exist are left out. */
export function describeTemplates(
  input: z.output<typeof describeTemplatesInput>,
  call: CallContext,
): unknown {
  const { prefixes } = input;
  const { accountId } = call.caller;
  const page = pageOf({
    items: registryOf(call).templates.filter(
      ({ prefix }) => prefixes === undefined || prefixes.includes(prefix),
    ),
    list: `templates ${accountId} ${call.region} ${prefixes?.join(",")}`,
    token: input.nextToken,
    size: input.maxResults,
    shape: pageShapeOf(call),
  });
  if (page === undefined) throw invalidNextToken();
  return {
    registryId: accountId,
    repositoryCreationTemplates: page.items.map((template) => templateAnswer(template, call)),
    nextToken: page.nextToken,
  };
}

/** Answers DescribeRegistry. */
export function describeRegistry({ caller }: CallContext): unknown {
  return { registryId: caller.accountId, replicationConfiguration: { rules: [] } };
}

/** Answers GetRegistryPolicy. ECR returns an error for a registry without a policy. */
export function getRegistryPolicy(call: CallContext): unknown {
  const { registryPolicy } = registryOf(call);
  const { accountId } = call.caller;
  if (registryPolicy !== undefined) return { registryId: accountId, policyText: registryPolicy };
  throw new AwsError(
    "RegistryPolicyNotFoundException",
    `Registry policy does not exist in the registry with id '${accountId}'`,
  );
}

/** Answers GetRegistryScanningConfiguration. */
export function getScanningConfiguration(call: CallContext): unknown {
  const { scanType, rules } = registryOf(call).scanning;
  return {
    registryId: call.caller.accountId,
    scanningConfiguration: {
      scanType,
      rules: rules.map(({ scanFrequency, filters }) => ({
        scanFrequency,
        repositoryFilters: filters.map((filter) => ({ filter, filterType: "WILDCARD" })),
      })),
    },
  };
}

function registryOf({ world, caller, region }: CallContext): Region {
  return regionOf(world, caller.accountId, region);
}

function templateAnswer(template: Template, call: CallContext): unknown {
  const { encryptionType, kmsKey, resourceTags, customRole, createdAt, updatedAt, ...asDescribed } = template;
  return {
    ...asDescribed,
    customRoleArn: customRole === undefined ? undefined : customRoleArnOf({ role: customRole }, call),
    encryptionConfiguration: { encryptionType, kmsKey },
    resourceTags: Object.entries(resourceTags).map(([Key, Value]) => ({ Key, Value })),
    createdAt: epochSeconds(createdAt),
    updatedAt: epochSeconds(updatedAt),
  };
}
