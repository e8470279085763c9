import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { messageOf } from "../core/errors.ts";
import { IncompleteAnswerError } from "./answer.ts";
import { regionIn } from "./arn.ts";
import type { ClientDefaults } from "./http.ts";
import { operation } from "./operation.ts";

/** A secret without a text contains bytes. An answer without both is incomplete. */
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
 * Reads the value of a secret of the auditor's own account, by name or ARN. No other code reads the value of a secret:
 * audits only describe the secrets of the accounts (see `registry-facts.ts`).
 *
 * @throws Error with the name of the secret, without any part of its value
 */
export async function readSecretValue(nameOrArn: string, defaults: ClientDefaults): Promise<string> {
  const client = new SecretsManagerClient({ ...defaults, ...regionIn(nameOrArn) });
  try {
    const value = await getSecretValue(client, { SecretId: nameOrArn });
    if (value === null) throw new Error("it contains no text");
    return value;
  } catch (error) {
    throw new Error(`The secret ${nameOrArn} could not be read: ${messageOf(error)}`, { cause: error });
  }
}
