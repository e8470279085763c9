import { parseArn, secretArn } from "../arn.ts";
import { type CallContext, placeOf } from "../service.ts";
import type { Secret } from "../world.ts";
import { regionOf } from "../world-access.ts";

/** Whether ECR can use a rule's secret. */
export type CredentialState =
  | "usable"
  | "missing"
  | "scheduled-for-deletion"
  | "undecryptable"
  | "wrong-shape"
  | "rejected";

/** The AWS managed key by its id, as secrets that were made in the console may name it. */
export const MANAGED_KEY_ID = "5ec7e750-aaaa-4bbb-8ccc-0123456789ab";

function isManagedKey(kmsKeyId: string): boolean {
  return kmsKeyId === "alias/aws/secretsmanager" || kmsKeyId.endsWith(MANAGED_KEY_ID);
}

/**
 * Determines whether ECR can use the secret with an ARN.
 * Source: ECR User Guide, "Storing your upstream repository credentials in an AWS Secrets Manager secret": the same
 * account and region, the default key alone, `username` and `accessToken`.
 */
export function credentialStateOf(arn: string, call: CallContext): CredentialState {
  const secret = secretBehind(arn, call);
  if (secret === undefined) return "missing";
  if (secret.deletedDate !== undefined) return "scheduled-for-deletion";
  if (secret.kmsKeyId !== undefined && !isManagedKey(secret.kmsKeyId)) return "undecryptable";
  if (secret.login === "accepted") return "usable";
  return secret.login;
}

function secretBehind(arn: string, call: CallContext): Secret | undefined {
  const { accountId, region } = placeOf(call);
  const parsed = parseArn(arn);
  if (parsed?.accountId !== accountId || parsed.region !== region) return undefined;
  return regionOf(call.world, accountId, region).secrets.find(
    ({ name }) => secretArn(placeOf(call), name) === arn,
  );
}
