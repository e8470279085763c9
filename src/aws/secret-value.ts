import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { messageOf } from "../core/errors.ts";
import { IncompleteAnswerError } from "./answer.ts";
import { regionIn } from "./arn.ts";
import type { ClientDefaults } from "./http.ts";
import { operation } from "./operation.ts";

/** A secret without text is one of bytes: only an answer that names no secret is none. */
const getSecretValue = operation({
  name: "secretsmanager:GetSecretValue",
  command: GetSecretValueCommand,
  send: (client: SecretsManagerClient, command) => client.send(command),
  read: ({ SecretString: text, SecretBinary: bytes }) => {
    if (typeof text === "string") return text;
    if (bytes !== undefined) return null;
    throw new IncompleteAnswerError("AWS answered without SecretString and SecretBinary");
  },
  isRepeatable: true,
});

/**
 * The value of a secret of our own, by its name or ARN: the one place where a secret's value is read. What
 * audits look at in the accounts' secrets is never the value (see `secrets.ts`).
 *
 * @throws Error that names the secret, but nothing of its value
 */
export async function readSecretValue(nameOrArn: string, defaults: ClientDefaults): Promise<string> {
  const client = new SecretsManagerClient({ ...defaults, ...regionIn(nameOrArn) });
  try {
    const value = await getSecretValue(client, { SecretId: nameOrArn });
    if (value === null) throw new Error("it holds no text");
    return value;
  } catch (error) {
    throw new Error(`The secret ${nameOrArn} could not be read: ${messageOf(error)}`, { cause: error });
  }
}
