import { z } from "zod";
import { parseArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import type { CallContext } from "../service.ts";
import { RULES_TO_A_REGISTRY, UPSTREAMS, type Upstream, upstreamAt } from "../upstreams.ts";
import type { Region, Rule } from "../world.ts";
import { type CredentialState, credentialStateOf } from "./ecr-credentials.ts";
import { ownRegistry, ruleAnswer, rulePrefix, ruleWith } from "./ecr-rules.ts";
import { accountId, text } from "./fields.ts";

const credentialArn = text(50, 612).regex(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/[\w/+=.@-]+$/,
);
const customRoleArn = text(20, 2048).regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/);

/** The parameters of CreatePullThroughCacheRule. */
export const createRuleInput = z.strictObject({
  ecrRepositoryPrefix: rulePrefix,
  upstreamRegistryUrl: z.string().min(1),
  registryId: accountId.optional(),
  upstreamRegistry: z.enum(Object.keys(UPSTREAMS)).optional(),
  credentialArn: credentialArn.optional(),
  customRoleArn: customRoleArn.optional(),
  upstreamRepositoryPrefix: rulePrefix.optional(),
});

/** The parameters of UpdatePullThroughCacheRule: only the credential and the role can change. */
export const updateRuleInput = z.strictObject({
  ecrRepositoryPrefix: rulePrefix,
  registryId: accountId.optional(),
  credentialArn: credentialArn.optional(),
  customRoleArn: customRoleArn.optional(),
});

/** The parameters of DeletePullThroughCacheRule. */
export const deleteRuleInput = z.strictObject({
  ecrRepositoryPrefix: rulePrefix,
  registryId: accountId.optional(),
});

type CreateRuleInput = z.output<typeof createRuleInput>;
type Authentication = Pick<CreateRuleInput, "credentialArn" | "customRoleArn">;

/** Answers CreatePullThroughCacheRule with all its documented errors. Source: ECR API reference. */
export function createRule(input: CreateRuleInput, call: CallContext): unknown {
  const registry = ownRegistry(input.registryId, "CreatePullThroughCacheRule", call);
  refuseInconsistentRule(input, call);
  refuseUnwelcomeRule(input.ecrRepositoryPrefix, registry);
  const rule = newRule(input, call.now);
  registry.rules.push(rule);
  const { updatedAt: _notAnswered, ...answer } = ruleAnswer(rule, call);
  return answer;
}

/** Answers UpdatePullThroughCacheRule. Source: ECR API reference. */
export function updateRule(input: z.output<typeof updateRuleInput>, call: CallContext): unknown {
  const registry = ownRegistry(input.registryId, "UpdatePullThroughCacheRule", call);
  const rule = ruleWith(input.ecrRepositoryPrefix, registry, call);
  const upstream = supportedUpstream(rule);
  if (input.credentialArn === undefined && input.customRoleArn === undefined) {
    throw new AwsError("InvalidParameterException", "Either credentialArn or customRoleArn is required.");
  }
  refuseUnusableAuthentication(upstream, input, call);
  Object.assign(rule, authenticationOf(input), { updatedAt: call.now.toISOString() });
  const {
    createdAt: _created,
    upstreamRegistry: _name,
    upstreamRegistryUrl: _url,
    ...answer
  } = ruleAnswer(rule, call);
  return answer;
}

/** Answers DeletePullThroughCacheRule. Source: ECR API reference. */
export function deleteRule(input: z.output<typeof deleteRuleInput>, call: CallContext): unknown {
  const registry = ownRegistry(input.registryId, "DeletePullThroughCacheRule", call);
  const rule = ruleWith(input.ecrRepositoryPrefix, registry, call);
  registry.rules.splice(registry.rules.indexOf(rule), 1);
  const { updatedAt: _updated, upstreamRegistry: _name, ...answer } = ruleAnswer(rule, call);
  return answer;
}

function refuseInconsistentRule(input: CreateRuleInput, call: CallContext): void {
  const upstream = supportedUpstream(input);
  refuseUnusableAuthentication(upstream, input, call);
  if (upstream.authenticatesWith === "secret" && input.credentialArn === undefined) {
    // Observed: aws-controllers-k8s/community #2589.
    throw new AwsError(
      "UnsupportedUpstreamRegistryException",
      "The specified upstream registry requires authentication. Specify a valid Secrets Manager ARN",
    );
  }
  if (input.ecrRepositoryPrefix === "ROOT" && input.upstreamRepositoryPrefix !== undefined) {
    throw new AwsError(
      "InvalidParameterException",
      "upstreamRepositoryPrefix cannot be set when ecrRepositoryPrefix is ROOT.",
    );
  }
}

function refuseUnwelcomeRule(prefix: string, { rules }: Region): void {
  if (rules.some(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix === prefix)) {
    throw new AwsError(
      "PullThroughCacheRuleAlreadyExistsException",
      `A pull through cache rule with repository prefix '${prefix}' already exists.`,
    );
  }
  if (rules.length >= RULES_TO_A_REGISTRY) {
    throw new AwsError(
      "LimitExceededException",
      `The registry already has ${RULES_TO_A_REGISTRY} pull through cache rules.`,
    );
  }
}

function newRule(input: CreateRuleInput, now: Date): Rule {
  const moment = now.toISOString();
  return {
    ecrRepositoryPrefix: input.ecrRepositoryPrefix,
    upstreamRegistryUrl: input.upstreamRegistryUrl,
    upstreamRepositoryPrefix: input.upstreamRepositoryPrefix ?? "ROOT",
    createdAt: moment,
    updatedAt: moment,
    ...(input.upstreamRegistry === undefined ? {} : { upstreamRegistry: input.upstreamRegistry }),
    ...authenticationOf(input),
  };
}

function supportedUpstream(
  rule: Pick<CreateRuleInput, "upstreamRegistry" | "upstreamRegistryUrl">,
): Upstream {
  const upstream = upstreamAt(rule.upstreamRegistryUrl);
  const isNamedRightly =
    rule.upstreamRegistry === undefined ||
    Object.entries(UPSTREAMS).some(([name, named]) => name === rule.upstreamRegistry && named === upstream);
  if (upstream !== undefined && isNamedRightly) return upstream;
  throw new AwsError(
    "UnsupportedUpstreamRegistryException",
    `The upstream registry '${rule.upstreamRegistryUrl}' is not supported.`,
  );
}

function refuseUnusableAuthentication(
  upstream: Upstream,
  authentication: Authentication,
  call: CallContext,
): void {
  if (authentication.customRoleArn !== undefined)
    refuseUnusableRole(upstream, authentication.customRoleArn, call);
  if (authentication.credentialArn !== undefined) {
    refuseUnusableSecret(upstream, authentication.credentialArn, call);
  }
}

function refuseUnusableRole(upstream: Upstream, arn: string, { caller }: CallContext): void {
  if (upstream.authenticatesWith !== "role") {
    throw new AwsError("InvalidParameterException", "customRoleArn is for ECR upstreams only.");
  }
  if (parseArn(arn)?.accountId !== caller.accountId) {
    throw new AwsError("InvalidParameterException", "customRoleArn must be in the account of the registry.");
  }
}

const SECRET_REFUSALS: Readonly<Record<CredentialState, string | undefined>> = {
  usable: undefined,
  // Rejected credentials are only detected by validating the rule.
  rejected: undefined,
  missing: "SecretNotFoundException",
  "scheduled-for-deletion": "UnableToAccessSecretException",
  undecryptable: "UnableToDecryptSecretValueException",
  "wrong-shape": "UnableToAccessSecretException",
};

function refuseUnusableSecret(upstream: Upstream, arn: string, call: CallContext): void {
  if (upstream.authenticatesWith !== "secret") {
    throw new AwsError("InvalidParameterException", "The upstream registry takes no credentialArn.");
  }
  const state = credentialStateOf(arn, call);
  const code = SECRET_REFUSALS[state];
  if (code !== undefined) throw new AwsError(code, `The secret '${arn}' cannot be used: ${state}.`);
}

function authenticationOf({
  credentialArn,
  customRoleArn,
}: Authentication): Pick<Rule, "credential" | "role"> {
  return {
    ...(credentialArn === undefined ? {} : { credential: credentialArn }),
    ...(customRoleArn === undefined ? {} : { role: customRoleArn }),
  };
}
