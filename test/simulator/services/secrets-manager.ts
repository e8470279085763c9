import { z } from "zod";
import { parseArn, secretArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { daysBefore } from "../calendar.ts";
import { denied } from "../denial.ts";
import { type Dialect, JSON_DIALECT } from "../dialect.ts";
import { type CallContext, operation, placeOf, type Service } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import type { Secret } from "../world.ts";
import { regionOf } from "../world-access.ts";
import { text } from "./fields.ts";
import { epochSeconds, optionalEpochSeconds } from "./time.ts";

const DIALECT: Dialect = { ...JSON_DIALECT, internalFailure: { code: "InternalServiceError", status: 500 } };

const describeSecretInput = z.strictObject({ SecretId: text(1, 2048) });

const listSecretVersionIdsInput = z.strictObject({ SecretId: text(1, 2048) });

const getSecretValueInput = z.strictObject({
  SecretId: text(1, 2048),
  VersionId: text(32, 64).optional(),
  VersionStage: text(1, 256).optional(),
});

/**
 * Secrets Manager: DescribeSecret, ListSecretVersionIds, and GetSecretValue for the few secrets that a world makes readable.
 * Source: Secrets Manager API reference.
 */
export const secretsManager: Service = {
  name: "secretsmanager",
  protocol: jsonProtocol("secretsmanager"),
  dialect: DIALECT,
  isRegional: true,
  operations: {
    DescribeSecret: operation(describeSecretInput, describeSecret),
    ListSecretVersionIds: operation(listSecretVersionIdsInput, listSecretVersionIds),
    GetSecretValue: operation(getSecretValueInput, getSecretValue),
  },
};

function describeSecret({ SecretId }: z.output<typeof describeSecretInput>, call: CallContext): unknown {
  const secret = secretWith(SecretId, "DescribeSecret", call);
  return {
    ARN: arnOf(secret, call),
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    CreatedDate: epochSeconds(secret.createdDate),
    LastChangedDate: epochSeconds(lastChangeOf(secret, call)),
    LastRotatedDate: optionalEpochSeconds(secret.lastRotatedDate),
    RotationEnabled: secret.rotation?.enabled,
    NextRotationDate: optionalEpochSeconds(secret.rotation?.nextDate),
    DeletedDate: optionalEpochSeconds(secret.deletedDate),
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function listSecretVersionIds(
  { SecretId }: z.output<typeof listSecretVersionIdsInput>,
  call: CallContext,
): unknown {
  const secret = secretWith(SecretId, "ListSecretVersionIds", call);
  const version = (id: string, stage: string, createdAt: string) => ({
    VersionId: `${id}-0000-4000-8000-000000000000`,
    VersionStages: [stage],
    CreatedDate: epochSeconds(createdAt),
  });
  const since = secret.valueSetDate ?? lastChangeOf(secret, call);
  return {
    ARN: arnOf(secret, call),
    Name: secret.name,
    Versions: [
      version("00000001", "AWSPREVIOUS", secret.createdDate),
      version("00000002", "AWSCURRENT", since),
    ],
  };
}

function getSecretValue({ SecretId }: z.output<typeof getSecretValueInput>, call: CallContext): unknown {
  const secret = secretWith(SecretId, "GetSecretValue", call);
  if (secret.deletedDate !== undefined) {
    throw new AwsError(
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
  if (secret.value === undefined) throw forbidden("GetSecretValue", arnOf(secret, call), call);
  return {
    ARN: arnOf(secret, call),
    Name: secret.name,
    SecretString: secret.value,
    VersionStages: ["AWSCURRENT"],
    CreatedDate: epochSeconds(secret.createdDate),
  };
}

/** Rounded to days: two audits on the same day read the same date. */
function lastChangeOf({ lastChangedDate }: Secret, { now }: CallContext): string {
  return lastChangedDate ?? daysBefore(now, 10).slice(0, "yyyy-mm-dd".length);
}

/** Finds a secret by name or ARN. The ARN may omit its last six characters. */
function secretWith(secretId: string, operationName: string, call: CallContext): Secret {
  const { world, caller, region } = call;
  const arn = parseArn(secretId);
  if (arn !== undefined && arn.accountId !== caller.accountId) throw forbidden(operationName, secretId, call);
  const isElsewhere = arn !== undefined && arn.region !== region;
  const secret = regionOf(world, caller.accountId, region).secrets.find(
    (one) => one.name === secretId || arnOf(one, call) === secretId || partialArnOf(one, call) === secretId,
  );
  if (secret !== undefined && !isElsewhere) return secret;
  throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

function arnOf({ name }: Secret, call: CallContext): string {
  return secretArn(placeOf(call), name);
}

function partialArnOf(secret: Secret, call: CallContext): string {
  return arnOf(secret, call).replace(/-[^-]{6}$/, "");
}

function forbidden(operationName: string, resource: string, { caller }: CallContext): AwsError {
  return denied(DIALECT, { caller, action: `secretsmanager:${operationName}`, resource });
}
