import {
  CreatePullThroughCacheRuleCommand,
  DeletePullThroughCacheRuleCommand,
  ECRClient,
  UpdatePullThroughCacheRuleCommand,
} from "@aws-sdk/client-ecr";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { STSClient } from "@aws-sdk/client-sts";
import type { Clock, RegistryDesk } from "../../audit/ports.ts";
import type { Written } from "../../model/remedy-run.ts";
import { accessParameters, parametersOf } from "../../model/rule-parameters.ts";
import { errorName, messageOf } from "../errors.ts";
import type { ClientDefaults } from "../http.ts";
import { identify } from "../identity.ts";
import { openRegistry } from "../registry.ts";
import { type AuditRole, openSessions } from "../sessions.ts";

/**
 * Opens registries for change, with the SDK's default credentials in their own account and with a role in all others.
 * For people at a desk: no Lambda function may load this module.
 *
 * @throws CannotStartError without region or working credentials
 */
export async function openDesks(
  defaults: ClientDefaults,
  role: AuditRole,
  now: Clock["now"],
): Promise<(place: { readonly account: string; readonly region: string }) => RegistryDesk> {
  const sts = new STSClient(defaults);
  const identity = await identify(sts);
  const sessionOf = openSessions((command) => sts.send(command), role, identity.region, now);
  return ({ account, region }) => {
    const credentials = account === identity.account ? sts.config.credentials : sessionOf(account);
    const access = { ...defaults, credentials, region };
    const ecr = new ECRClient(access);
    const { listRules, validateRule } = openRegistry(ecr, () => new SecretsManagerClient(access));
    return {
      listRules,
      validateRule,
      createRule: (rule) =>
        written(() => ecr.send(new CreatePullThroughCacheRuleCommand(parametersOf(rule)))),
      updateRule: (ecrRepositoryPrefix, change) => {
        const input = { ecrRepositoryPrefix, ...accessParameters(change) };
        return written(() => ecr.send(new UpdatePullThroughCacheRuleCommand(input)));
      },
      deleteRule: (ecrRepositoryPrefix) =>
        written(() => ecr.send(new DeletePullThroughCacheRuleCommand({ ecrRepositoryPrefix }))),
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
