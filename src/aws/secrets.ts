import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { absent, type Evidence, present } from "../model/evidence.ts";
import type { SecretDescription } from "../model/facts.ts";
import { errorName, unreadableBecause } from "./errors.ts";

/** What is known of a secret, never its value; `absent` when there is none. */
export async function describeSecret(
  client: SecretsManagerClient,
  arn: string,
): Promise<Evidence<SecretDescription>> {
  try {
    const secret = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    if (secret.Name === undefined) throw new Error("Secrets Manager answered without Name");
    const lastChanged = secret.LastChangedDate ?? secret.CreatedDate;
    return present({
      name: secret.Name,
      kmsKeyId: secret.KmsKeyId ?? null,
      lastChangedAt: lastChanged?.toISOString() ?? null,
      deletedAt: secret.DeletedDate?.toISOString() ?? null,
      tags: Object.fromEntries((secret.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    });
  } catch (error) {
    if (errorName(error) === "ResourceNotFoundException") return absent;
    return unreadableBecause(error, "secretsmanager:DescribeSecret");
  }
}
