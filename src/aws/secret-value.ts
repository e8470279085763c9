import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { regionIn } from "./arn.ts";
import { messageOf } from "./errors.ts";
import type { ClientDefaults } from "./http.ts";

/**
 * The value of a secret of our own, by its name or ARN: the one place where a secret's value is read. What
 * audits look at in the accounts' secrets is never the value (see `secrets.ts`).
 *
 * @throws Error that names the secret, but nothing of its value
 */
export async function readSecretValue(nameOrArn: string, defaults: ClientDefaults): Promise<string> {
  const client = new SecretsManagerClient({ ...defaults, ...regionIn(nameOrArn) });
  try {
    const { SecretString: value } = await client.send(new GetSecretValueCommand({ SecretId: nameOrArn }));
    if (value === undefined) throw new Error("it holds no text");
    return value;
  } catch (error) {
    throw new Error(`The secret ${nameOrArn} could not be read: ${messageOf(error)}`, { cause: error });
  }
}
