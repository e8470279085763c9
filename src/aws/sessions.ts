import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { partitionOf } from "../model/partition.ts";
import { RoleNotAssumableError } from "./errors.ts";

/** Credentials as the SDK's clients take them. */
type SessionCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

/** Gives an account's clients their credentials. */
export type CredentialProvider = () => Promise<SessionCredentials>;

/** The role that is assumed in each audited account. */
export type AuditRole = { readonly name: string; readonly externalId: string | null };

/** A session is renewed this long before it ends, so that no call under way outlives it. */
const renewBeforeMs = 5 * 60_000;

/** One hour: the longest that AWS allows a role which itself assumes roles (IAM user guide, role chaining). */
const sessionSeconds = 3_600;

/**
 * Credentials of the audited accounts: one AssumeRole for each account, whatever the number of its regions,
 * and one more each time a session nears its end. A refusal is remembered, not asked for again.
 */
export function openSessions(sts: STSClient, role: AuditRole, region: string) {
  const providers = new Map<string, CredentialProvider>();

  const assumeRole = async (account: string): Promise<SessionCredentials> => {
    const roleArn = `arn:${partitionOf(region).id}:iam::${account}:role/${role.name}`;
    try {
      const { Credentials: credentials } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: "pull-through-auditor",
          DurationSeconds: sessionSeconds,
          ...(role.externalId === null ? {} : { ExternalId: role.externalId }),
        }),
      );
      return complete(credentials);
    } catch (error) {
      throw new RoleNotAssumableError(roleArn, error);
    }
  };

  return (account: string): CredentialProvider => {
    const known = providers.get(account);
    if (known !== undefined) return known;
    const provider = renewing(() => assumeRole(account));
    providers.set(account, provider);
    return provider;
  };
}

/** Calls `obtain` once for all who ask while its answer holds. */
function renewing(obtain: CredentialProvider): CredentialProvider {
  let current: Promise<SessionCredentials> | null = null;
  let renewAt = Number.POSITIVE_INFINITY;
  return () => {
    if (current === null || Date.now() >= renewAt) {
      renewAt = Number.POSITIVE_INFINITY;
      current = obtain();
      current.then(
        ({ expiration }) => {
          renewAt = expiration.getTime() - renewBeforeMs;
        },
        () => undefined,
      );
    }
    return current;
  };
}

function complete(
  credentials:
    | {
        AccessKeyId?: string | undefined;
        SecretAccessKey?: string | undefined;
        SessionToken?: string | undefined;
        Expiration?: Date | undefined;
      }
    | undefined,
): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (
    AccessKeyId === undefined ||
    SecretAccessKey === undefined ||
    SessionToken === undefined ||
    Expiration === undefined
  ) {
    throw new Error("STS answered without credentials");
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
