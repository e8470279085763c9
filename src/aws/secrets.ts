import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { absent, type Evidence, present } from "../model/evidence.ts";
import type { SecretDescription } from "../model/facts.ts";
import { nameIn, optionalListIn, optionalMomentIn, optionalTextIn, textIn } from "./answer.ts";
import { errorName, unreadableBecause } from "./errors.ts";
import { operation } from "./operation.ts";

const describe = operation({
  name: "secretsmanager:DescribeSecret",
  command: DescribeSecretCommand,
  send: (client: SecretsManagerClient, command) => client.send(command),
  read: (secret): SecretDescription => {
    textIn(secret.ARN, "ARN");
    const tags = optionalListIn(secret.Tags, "Tags");
    return {
      name: nameIn(secret.Name, "Name"),
      kmsKeyId: optionalTextIn(secret.KmsKeyId, "KmsKeyId"),
      lastChangedAt:
        optionalMomentIn(secret.LastChangedDate, "LastChangedDate") ??
        optionalMomentIn(secret.CreatedDate, "CreatedDate"),
      deletedAt: optionalMomentIn(secret.DeletedDate, "DeletedDate"),
      tags: Object.fromEntries(
        tags.map(({ Key, Value }) => [
          textIn(Key, "Tags[].Key"),
          optionalTextIn(Value, "Tags[].Value") ?? "",
        ]),
      ),
    };
  },
  isRepeatable: true,
});

/** What is known of a secret, never its value; `absent` when there is none. */
export async function describeSecret(
  client: SecretsManagerClient,
  arn: string,
): Promise<Evidence<SecretDescription>> {
  try {
    return present(await describe(client, { SecretId: arn }));
  } catch (error) {
    if (errorName(error) === "ResourceNotFoundException") return absent;
    return unreadableBecause(error, "secretsmanager:DescribeSecret");
  }
}
