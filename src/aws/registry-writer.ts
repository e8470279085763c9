import {
  CreatePullThroughCacheRuleCommand,
  DeletePullThroughCacheRuleCommand,
  ECRClient,
  UpdatePullThroughCacheRuleCommand,
} from "@aws-sdk/client-ecr";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { STSClient } from "@aws-sdk/client-sts";
import type { Clock, RegistryWriter } from "../audit/ports.ts";
import { messageOf } from "../core/errors.ts";
import { accessParameters, parametersOf } from "../ecr/rule.ts";
import type { Written } from "../schemas/remediation-plan.ts";
import { IncompleteAnswerError, nameIn } from "./answer.ts";
import { callingAs } from "./caller.ts";
import { errorName } from "./errors.ts";
import type { ClientDefaults } from "./http.ts";
import { identify } from "./identity.ts";
import { operation } from "./operation.ts";
import { openRegistry } from "./registry.ts";
import { type AuditRole, openSessions } from "./sessions.ts";

/** The answer of each call names the changed rule. Calls are not retried: a retry would answer for the first call. */
type ChangedRule = { readonly ecrRepositoryPrefix?: string | undefined };
const change = {
  read: ({ ecrRepositoryPrefix: prefix }: ChangedRule, { ecrRepositoryPrefix: asked }: ChangedRule) => {
    if (nameIn(prefix, "ecrRepositoryPrefix") === asked) return;
    throw new IncompleteAnswerError(`AWS answered for ${prefix} instead of ${asked}`);
  },
  isRepeatable: false,
};
const createRule = operation({
  ...change,
  name: "ecr:CreatePullThroughCacheRule",
  command: CreatePullThroughCacheRuleCommand,
  send: (client: ECRClient, command) => client.send(command),
});
const updateRule = operation({
  ...change,
  name: "ecr:UpdatePullThroughCacheRule",
  command: UpdatePullThroughCacheRuleCommand,
  send: (client: ECRClient, command) => client.send(command),
});
const deleteRule = operation({
  ...change,
  name: "ecr:DeletePullThroughCacheRule",
  command: DeletePullThroughCacheRuleCommand,
  send: (client: ECRClient, command) => client.send(command),
});

/**
 * Opens registries for changes, with the SDK's default credentials in their own account and with a role in other accounts.
 * Only for the command line: no Lambda function may load this module.
 *
 * @throws CannotStartError without a region or valid credentials
 */
export async function registryWriters(
  defaults: ClientDefaults,
  role: AuditRole,
  now: Clock["now"],
): Promise<(registry: { readonly account: string; readonly region: string }) => RegistryWriter> {
  const sts = new STSClient(defaults);
  const identity = await identify(sts);
  const hub = { credentials: sts.config.credentials, lane: null };
  const asHub = <Answer>(work: () => Promise<Answer>): Promise<Answer> => callingAs(hub, work);
  const stsOf = (region: string): STSClient =>
    region === identity.region ? sts : new STSClient({ ...defaults, region, credentials: hub.credentials });
  const sessionOf = openSessions({ sts: stsOf, asHub }, role, identity.region, now);
  return ({ account, region }) => {
    const credentials = account === identity.account ? sts.config.credentials : sessionOf(account);
    const access = { ...defaults, credentials, region };
    const ecr = new ECRClient(access);
    const { listRules, validateRule } = openRegistry(ecr, () => new SecretsManagerClient(access));
    const asOwner = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
      callingAs({ credentials, lane: null }, work);
    return {
      listRules: () => asOwner(listRules),
      validateRule: (prefix) => asOwner(() => validateRule(prefix)),
      createRule: (rule) => asOwner(() => written(() => createRule(ecr, parametersOf(rule)))),
      updateRule: (ecrRepositoryPrefix, change) => {
        const input = { ecrRepositoryPrefix, ...accessParameters(change) };
        return asOwner(() => written(() => updateRule(ecr, input)));
      },
      deleteRule: (ecrRepositoryPrefix) =>
        asOwner(() => written(() => deleteRule(ecr, { ecrRepositoryPrefix }))),
    };
  };
}

async function written(call: () => Promise<unknown>): Promise<Written> {
  try {
    await call();
    return { outcome: "done" };
  } catch (error) {
    return { outcome: "refused", exception: errorName(error), message: messageOf(error) };
  }
}
