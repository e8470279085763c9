import {
  DescribePullThroughCacheRulesCommand,
  type ECRClient,
  type PullThroughCacheRule as EcrRule,
  ValidatePullThroughCacheRuleCommand,
  type ValidatePullThroughCacheRuleResponse,
} from "@aws-sdk/client-ecr";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RegistryReader } from "../audit/ports.ts";
import { withoutSecrets } from "../core/collected.ts";
import { messageOf } from "../core/errors.ts";
import { type PullThroughCacheRule, ROOT_PREFIX } from "../ecr/rule.ts";
import { recognizeUpstream } from "../ecr/upstream.ts";
import { absent, type Evidence, present } from "../facts/evidence.ts";
import type { Validation } from "../facts/snapshot.ts";
import { flagIn, listIn, nameIn, optionalMomentIn, optionalTextIn } from "./answer.ts";
import {
  listRepositories,
  measureRepository,
  readLifecyclePolicy,
  readRepositoryPolicy,
} from "./cached-repositories.ts";
import { errorName, unreadableBecause } from "./errors.ts";
import { operation } from "./operation.ts";
import { allItems, nextToken } from "./pages.ts";
import {
  describeScanning,
  describeSecret,
  listCreationTemplates,
  readRegistryPolicy,
  readSecretVersion,
} from "./registry-facts.ts";

/** What ECR and Secrets Manager know of a registry. */
type RegistryOnly = Omit<RegistryReader, "countPulls">;

/** Reads the registry of the clients' account and region. */
export function openRegistry(ecr: ECRClient, secretsManager: () => SecretsManagerClient): RegistryOnly {
  return {
    listRules: () => listRules(ecr),
    validateRule: (prefix) => validateRule(ecr, prefix),
    listCreationTemplates: () => listCreationTemplates(ecr),
    describeScanning: () => describeScanning(ecr),
    readRegistryPolicy: () => readRegistryPolicy(ecr),
    describeSecret: (arn) => describeSecret(secretsManager(), arn),
    readSecretVersion: (arn) => readSecretVersion(secretsManager(), arn),
    listRepositories: (isWanted) => listRepositories(ecr, isWanted),
    readLifecyclePolicy: (name) => readLifecyclePolicy(ecr, name),
    readRepositoryPolicy: (name) => readRepositoryPolicy(ecr, name),
    measureRepository: (name) => measureRepository(ecr, name),
  };
}

/** A registry has at most 50 rules (Amazon ECR user guide, "Service quotas", November 2026). Further pages may be empty. */
const mostPages = 200;

const describeRules = operation({
  name: "ecr:DescribePullThroughCacheRules",
  command: DescribePullThroughCacheRulesCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: (page) => ({
    items: listIn(page.pullThroughCacheRules, "pullThroughCacheRules").map(toRule),
    next: nextToken(page.nextToken),
  }),
  isRepeatable: true,
});

async function listRules(client: ECRClient): Promise<Evidence<readonly PullThroughCacheRule[]>> {
  try {
    const rules = await allItems({
      name: "ecr:DescribePullThroughCacheRules",
      page: (token) => describeRules(client, token === undefined ? {} : { nextToken: token }),
      mostPages,
      keyOf: ({ ecrRepositoryPrefix }) => ecrRepositoryPrefix,
      again: "same-or-error",
    });
    return present(rules);
  } catch (error) {
    return unreadableBecause(error, "ecr:DescribePullThroughCacheRules");
  }
}

function toRule(rule: EcrRule): PullThroughCacheRule {
  const upstreamRegistryUrl = nameIn(rule.upstreamRegistryUrl, "pullThroughCacheRules[].upstreamRegistryUrl");
  const optional = (
    member: "upstreamRegistry" | "upstreamRepositoryPrefix" | "credentialArn" | "customRoleArn",
  ) => optionalTextIn(rule[member], `pullThroughCacheRules[].${member}`);
  return {
    ecrRepositoryPrefix: nameIn(rule.ecrRepositoryPrefix, "pullThroughCacheRules[].ecrRepositoryPrefix"),
    upstreamRegistryUrl,
    upstreamRegistry: recognizeUpstream(upstreamRegistryUrl, optional("upstreamRegistry") ?? undefined),
    upstreamRepositoryPrefix: optional("upstreamRepositoryPrefix") ?? ROOT_PREFIX,
    credentialArn: optional("credentialArn"),
    customRoleArn: optional("customRoleArn"),
    createdAt: optionalMomentIn(rule.createdAt, "pullThroughCacheRules[].createdAt"),
    updatedAt: optionalMomentIn(rule.updatedAt, "pullThroughCacheRules[].updatedAt"),
  };
}

/**
 * The errors with which ECR declines to validate a rule, without a documented reason (Amazon ECR API reference,
 * ValidatePullThroughCacheRule, November 2026). Such an answer does not say whether the rule is valid.
 */
const refusals = ["InvalidParameterException", "ValidationException"];

const validate = operation({
  name: "ecr:ValidatePullThroughCacheRule",
  command: ValidatePullThroughCacheRuleCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: toValidation,
  isRepeatable: true,
});

async function validateRule(client: ECRClient, prefix: string): Promise<Evidence<Validation>> {
  try {
    return present(await validate(client, { ecrRepositoryPrefix: prefix }));
  } catch (error) {
    const name = errorName(error);
    if (name === "PullThroughCacheRuleNotFoundException") return absent;
    if (refusals.includes(name)) return present({ outcome: "declined", detail: messageOf(error) });
    return unreadableBecause(error, "ecr:ValidatePullThroughCacheRule");
  }
}

function toValidation({ isValid, failure }: ValidatePullThroughCacheRuleResponse): Validation {
  if (flagIn(isValid, "isValid")) return { outcome: "valid" };
  const reason = optionalTextIn(failure, "failure");
  return { outcome: "invalid", failure: reason === null ? "AWS gave no reason" : withoutSecrets(reason) };
}
