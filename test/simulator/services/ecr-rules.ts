import { z } from "zod";
import { arnAt, roleArn, secretArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { denied } from "../denial.ts";
import { JSON_DIALECT } from "../dialect.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, pageShapeOf, placeOf } from "../service.ts";
import { RULE_PREFIX } from "../upstreams.ts";
import type { Region, Rule } from "../world.ts";
import { regionOf } from "../world-access.ts";
import { accountId, pageSize, text } from "./fields.ts";
import { epochSeconds } from "./time.ts";

/** A rule's prefix as a parameter. */
export const rulePrefix = text(2, 30).regex(RULE_PREFIX);

/** The parameters of DescribePullThroughCacheRules. */
export const describeRulesInput = z.strictObject({
  registryId: accountId.optional(),
  ecrRepositoryPrefixes: z.array(rulePrefix).min(1).max(100).optional(),
  nextToken: z.string().optional(),
  maxResults: pageSize(1000).default(100),
});

/** Answers DescribePullThroughCacheRules. Source: ECR API reference. */
export function describeRules(input: z.output<typeof describeRulesInput>, call: CallContext): unknown {
  const registry = ownRegistry(input.registryId, "DescribePullThroughCacheRules", call);
  const wanted = input.ecrRepositoryPrefixes;
  const page = pageOf({
    items: wanted?.map((prefix) => ruleWith(prefix, registry, call)) ?? registry.rules,
    list: `rules ${call.caller.accountId} ${call.region} ${wanted?.join(",")}`,
    token: input.nextToken,
    size: input.maxResults,
    shape: pageShapeOf(call),
  });
  if (page === undefined) throw invalidNextToken();
  return {
    pullThroughCacheRules: page.items.map((rule) => ruleAnswer(rule, call)),
    nextToken: page.nextToken,
  };
}

/** The caller's registry. AWS does not document whether it answers for other accounts. The simulator refuses them. */
export function ownRegistry(
  registryId: string | undefined,
  operationName: string,
  call: CallContext,
): Region {
  const { world, caller, region } = call;
  const isOwn = registryId === undefined || registryId === caller.accountId;
  if (isOwn) return regionOf(world, caller.accountId, region);
  const resource = arnAt({ ...placeOf(call), accountId: registryId }, "ecr", "*");
  throw denied(JSON_DIALECT, { caller, action: `ecr:${operationName}`, resource });
}

/** The rule with a prefix. @throws AwsError if the registry has none */
export function ruleWith(prefix: string, registry: Region, { caller }: CallContext): Rule {
  const rule = registry.rules.find(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix === prefix);
  if (rule !== undefined) return rule;
  throw new AwsError(
    "PullThroughCacheRuleNotFoundException",
    `The pull through cache rule with repository prefix '${prefix}' does not exist in the registry with id '${caller.accountId}'`,
  );
}

/** A rule as ECR describes it. */
export function ruleAnswer(rule: Rule, call: CallContext) {
  return {
    ecrRepositoryPrefix: rule.ecrRepositoryPrefix,
    upstreamRegistryUrl: rule.upstreamRegistryUrl,
    createdAt: epochSeconds(rule.createdAt),
    updatedAt: epochSeconds(rule.updatedAt),
    registryId: call.caller.accountId,
    credentialArn: credentialArnOf(rule, call),
    customRoleArn: customRoleArnOf(rule, call),
    upstreamRepositoryPrefix: rule.upstreamRepositoryPrefix,
    upstreamRegistry: rule.upstreamRegistry,
  };
}

/** The ARN of a rule's secret. */
export function credentialArnOf({ credential }: Rule, call: CallContext): string | undefined {
  if (credential === undefined || credential.startsWith("arn:")) return credential;
  return secretArn(placeOf(call), credential);
}

/** The ARN of the role of a rule or a template. */
export function customRoleArnOf({ role }: Pick<Rule, "role">, call: CallContext): string | undefined {
  if (role === undefined || role.startsWith("arn:")) return role;
  return roleArn(placeOf(call), role);
}

/** The error of ECR for a token that it did not issue. */
export function invalidNextToken(): AwsError {
  return new AwsError(
    "InvalidParameterException",
    "Invalid parameter at 'nextToken': the token is not valid.",
  );
}
