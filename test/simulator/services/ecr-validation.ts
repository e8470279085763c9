import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import type { CallContext } from "../service.ts";
import { upstreamAt } from "../upstreams.ts";
import type { Rule, ValidationHabit, Verdict } from "../world.ts";
import { type CredentialState, credentialStateOf } from "./ecr-credentials.ts";
import { credentialArnOf, customRoleArnOf, ownRegistry, rulePrefix, ruleWith } from "./ecr-rules.ts";
import { accountId } from "./fields.ts";

/** The parameters of ValidatePullThroughCacheRule. */
export const validateRuleInput = z.strictObject({
  ecrRepositoryPrefix: rulePrefix,
  registryId: accountId.optional(),
});

/**
 * Answers ValidatePullThroughCacheRule.
 * Source: ECR API reference: HTTP 200 with `isValid: false` and a free-text `failure` if the upstream cannot be
 * used. AWS publishes no list of failures. These texts are invented.
 */
export function validateRule(input: z.output<typeof validateRuleInput>, call: CallContext): unknown {
  const registry = ownRegistry(input.registryId, "ValidatePullThroughCacheRule", call);
  const rule = ruleWith(input.ecrRepositoryPrefix, registry, call);
  const verdict = ordainedVerdict(rule, call) ?? verdictOn(rule, call);
  if ("error" in verdict) throw new AwsError(verdict.error.code, verdict.error.message, verdict.error.status);
  return {
    ecrRepositoryPrefix: rule.ecrRepositoryPrefix,
    registryId: call.caller.accountId,
    upstreamRegistryUrl: rule.upstreamRegistryUrl,
    credentialArn: credentialArnOf(rule, call),
    customRoleArn: customRoleArnOf(rule, call),
    upstreamRepositoryPrefix: rule.upstreamRepositoryPrefix,
    isValid: verdict.isValid,
    failure: verdict.isValid ? undefined : verdict.failure,
  };
}

function ordainedVerdict(rule: Rule, { memory }: CallContext): Verdict | undefined {
  const { validation } = rule;
  if (validation === undefined || !("sequence" in validation)) return validation;
  const validatedBefore = memory.validations.get(rule) ?? 0;
  memory.validations.set(rule, validatedBefore + 1);
  return validation.sequence[validatedBefore] ?? validation.sequence.at(-1);
}

function verdictOn(rule: Rule, call: CallContext): Verdict {
  const { validation: habits } = call.world;
  if (upstreamAt(rule.upstreamRegistryUrl)?.authenticatesWith === "role") {
    return declined(habits.ecrToEcr) ?? verdictOnRole(rule, call);
  }
  const credentialArn = credentialArnOf(rule, call);
  if (credentialArn === undefined) return declined(habits.credentialless) ?? verdictWithoutCredential(rule);
  const failure = CREDENTIAL_FAILURES[credentialStateOf(credentialArn, call)];
  return failure === undefined ? { isValid: true } : { isValid: false, failure };
}

const CREDENTIAL_FAILURES: Readonly<Record<CredentialState, string | undefined>> = {
  usable: undefined,
  missing:
    "The secret associated with the pull through cache rule could not be found in AWS Secrets Manager.",
  "scheduled-for-deletion":
    "The secret associated with the pull through cache rule is scheduled for deletion and cannot be accessed.",
  undecryptable:
    "The secret associated with the pull through cache rule cannot be decrypted. Customer managed keys are not supported.",
  "wrong-shape": "The secret does not contain the keys 'username' and 'accessToken'.",
  rejected: "Authentication with the upstream registry failed: unauthorized: incorrect username or password",
};

function verdictWithoutCredential(rule: Rule): Verdict {
  if (upstreamAt(rule.upstreamRegistryUrl)?.authenticatesWith !== "secret") return { isValid: true };
  return { isValid: false, failure: "The upstream registry requires authentication: unauthorized" };
}

function verdictOnRole(rule: Rule, { caller }: CallContext): Verdict {
  const isForeign = !rule.upstreamRegistryUrl.startsWith(`${caller.accountId}.`);
  if (!isForeign || rule.role !== undefined) return { isValid: true };
  return {
    isValid: false,
    failure: "Not authorized to pull from the upstream ECR registry: no role is associated.",
  };
}

function declined(habit: ValidationHabit): Verdict | undefined {
  if (habit === "valid") return undefined;
  const message = "Validation is not supported for the upstream registry of this pull through cache rule.";
  return { error: { code: habit, message } };
}
