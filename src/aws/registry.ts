import {
  type ECRClient,
  type PullThroughCacheRule as EcrRule,
  paginateDescribePullThroughCacheRules,
  ValidatePullThroughCacheRuleCommand,
  type ValidatePullThroughCacheRuleResponse,
} from "@aws-sdk/client-ecr";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RegistryReader } from "../audit/ports.ts";
import { absent, type Evidence, present } from "../model/evidence.ts";
import { type PullThroughCacheRule, ROOT_PREFIX } from "../model/rule.ts";
import type { Validation } from "../model/snapshot.ts";
import { recognizeUpstream } from "../model/upstream.ts";
import { errorName, messageOf, unreadableBecause } from "./errors.ts";
import { describeScanning, listCreationTemplates, readRegistryPolicy } from "./registry-facts.ts";
import { describeSecret } from "./secrets.ts";

/** Reads the registry that the clients' credentials and region belong to. */
export function openRegistry(ecr: ECRClient, secretsManager: () => SecretsManagerClient): RegistryReader {
  return {
    listRules: () => listRules(ecr),
    validateRule: (prefix) => validateRule(ecr, prefix),
    listCreationTemplates: () => listCreationTemplates(ecr),
    describeScanning: () => describeScanning(ecr),
    readRegistryPolicy: () => readRegistryPolicy(ecr),
    describeSecret: (arn) => describeSecret(secretsManager(), arn),
  };
}

async function listRules(client: ECRClient): Promise<Evidence<readonly PullThroughCacheRule[]>> {
  try {
    const rules: PullThroughCacheRule[] = [];
    for await (const page of paginateDescribePullThroughCacheRules({ client }, {})) {
      rules.push(...(page.pullThroughCacheRules ?? []).map(toRule));
    }
    return present(rules);
  } catch (error) {
    return unreadableBecause(error, "ecr:DescribePullThroughCacheRules");
  }
}

function toRule(rule: EcrRule): PullThroughCacheRule {
  const { ecrRepositoryPrefix, upstreamRegistryUrl } = rule;
  if (ecrRepositoryPrefix === undefined || upstreamRegistryUrl === undefined) {
    throw new Error("a rule came without ecrRepositoryPrefix or upstreamRegistryUrl");
  }
  return {
    ecrRepositoryPrefix,
    upstreamRegistryUrl,
    upstreamRegistry: recognizeUpstream(upstreamRegistryUrl, rule.upstreamRegistry),
    upstreamRepositoryPrefix: rule.upstreamRepositoryPrefix ?? ROOT_PREFIX,
    credentialArn: rule.credentialArn ?? null,
    customRoleArn: rule.customRoleArn ?? null,
    createdAt: rule.createdAt?.toISOString() ?? null,
    updatedAt: rule.updatedAt?.toISOString() ?? null,
  };
}

/**
 * The errors by which ECR refuses to validate a rule at all, for which it documents no reason (Amazon ECR API
 * reference, ValidatePullThroughCacheRule, November 2026). Such an answer is no verdict on the rule.
 */
const refusals = ["InvalidParameterException", "ValidationException"];

async function validateRule(client: ECRClient, prefix: string): Promise<Evidence<Validation>> {
  try {
    const command = new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: prefix });
    return present(toValidation(await client.send(command)));
  } catch (error) {
    const name = errorName(error);
    if (name === "PullThroughCacheRuleNotFoundException") return absent;
    if (refusals.includes(name)) return present({ outcome: "declined", detail: messageOf(error) });
    return unreadableBecause(error, "ecr:ValidatePullThroughCacheRule");
  }
}

function toValidation({ isValid, failure }: ValidatePullThroughCacheRuleResponse): Validation {
  if (isValid === undefined) throw new Error("ValidatePullThroughCacheRule answered without isValid");
  if (isValid) return { outcome: "valid" };
  return { outcome: "invalid", failure: failure ?? "AWS gave no reason" };
}
