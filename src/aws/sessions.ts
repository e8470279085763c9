import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Clock } from "../audit/ports.ts";
import { type PartitionId, partitionOf } from "../ecr/partition.ts";
import { IncompleteAnswerError, nameIn, optionalMomentIn, structureIn } from "./answer.ts";
import { errorName, isFinal, RoleNotAssumableError } from "./errors.ts";
import { operation } from "./operation.ts";

/** Credentials in the shape that the SDK's clients take. */
type SessionCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

/**
 * Provides the credentials of one account's session. With `forceRefresh` it opens a new session. `memoized` says to
 * the SDK's clients that the provider itself keeps the session, so that a new one reaches all of them at once.
 */
export type CredentialProvider = ((options?: {
  readonly forceRefresh?: boolean;
}) => Promise<SessionCredentials>) & { readonly memoized: true; readonly roleArn: string };

/** How sessions are opened: clients with the hub's own credentials, and what their calls are made in. */
export type Hub = {
  /** The client of a region's endpoint. */
  readonly sts: (region: string) => STSClient;
  readonly asHub: <Answer>(
    work: () => Promise<Answer>,
    options: {
      /** Whether calls may already be under way that wait for the result. */
      readonly isRenewal: boolean;
    },
  ) => Promise<Answer>;
};

const assume = operation({
  name: "sts:AssumeRole",
  command: AssumeRoleCommand,
  send: (client: STSClient, command) => client.send(command),
  read: ({ Credentials }): SessionCredentials => {
    const credentials = structureIn(Credentials, "Credentials");
    const { Expiration: expiration } = credentials;
    if (optionalMomentIn(expiration, "Credentials.Expiration") === null || expiration === undefined) {
      throw new IncompleteAnswerError("AWS answered without Credentials.Expiration");
    }
    return {
      accessKeyId: nameIn(credentials.AccessKeyId, "Credentials.AccessKeyId"),
      secretAccessKey: nameIn(credentials.SecretAccessKey, "Credentials.SecretAccessKey"),
      sessionToken: nameIn(credentials.SessionToken, "Credentials.SessionToken"),
      expiration,
    };
  },
  isRepeatable: true,
});

/** The role that is assumed in each audited account. */
export type AuditRole = { readonly name: string; readonly externalId: string | null };

/** A session is renewed this long before it expires, so that it outlives every call that uses it. */
const renewBeforeMs = 5 * 60_000;

/** The pause after an unsuccessful renewal, while the session is still valid. */
const renewAgainAfterMs = 30_000;

/** The sessions that are kept. With more accounts at once, the least recently used session is opened again. */
const mostSessions = 1_000;

/** One hour: the longest session that AWS allows a role to open for another role (IAM user guide, role chaining). */
const sessionSeconds = 3_600;

/**
 * Opens sessions in the audited accounts: one AssumeRole per account, for all of its regions, and one more each time
 * a session is about to expire or AWS no longer accepts it. A final refusal is kept and not asked for again; after an
 * error that may pass, such as throttling, the next caller asks again.
 */
export function openSessions({ sts, asHub }: Hub, role: AuditRole, region: string, now: Clock["now"]) {
  const providers = new Map<string, CredentialProvider>();

  const assumeAt = (endpoint: string, roleArn: string, isRenewal: boolean): Promise<SessionCredentials> =>
    asHub(
      () =>
        assume(sts(endpoint), {
          RoleArn: roleArn,
          RoleSessionName: "pull-through-auditor",
          DurationSeconds: sessionSeconds,
          ...(role.externalId === null ? {} : { ExternalId: role.externalId }),
        }),
      { isRenewal },
    );
  const assumeRole = async (roleArn: string, isRenewal: boolean): Promise<SessionCredentials> => {
    try {
      return await assumeAt(region, roleArn, isRenewal);
    } catch (error) {
      const other = errorName(error) === "RegionDisabledException" ? otherEndpoint(region) : null;
      if (other === null) throw new RoleNotAssumableError(roleArn, error);
      return await assumeAt(other, roleArn, isRenewal).catch((later: unknown) => {
        throw new RoleNotAssumableError(roleArn, later);
      });
    }
  };
  const open = (account: string): CredentialProvider => {
    const roleArn = `arn:${partitionOf(region).id}:iam::${account}:role/${role.name}`;
    const provide = renewing((isRenewal) => assumeRole(roleArn, isRenewal), now);
    return Object.assign(provide, { memoized: true as const, roleArn });
  };

  return (account: string): CredentialProvider => {
    const provider = providers.get(account) ?? open(account);
    // The most recently used provider is the last one.
    providers.delete(account);
    providers.set(account, provider);
    const [oldest] = providers.keys();
    if (providers.size > mostSessions && oldest !== undefined) providers.delete(oldest);
    return provider;
  };
}

/** Regions that are enabled by default in all accounts of a partition, whose STS endpoints most accounts keep. */
const defaultEndpoints: Partial<Record<PartitionId, readonly string[]>> = {
  aws: ["us-east-1", "us-west-2"],
  "aws-cn": ["cn-north-1", "cn-northwest-1"],
  "aws-us-gov": ["us-gov-west-1", "us-gov-east-1"],
};

/**
 * Another STS endpoint of the partition. `RegionDisabledException` is about the region of the endpoint: the member account
 * has not enabled it, or has deactivated its STS endpoint. Sessions of regional endpoints are valid in all regions (IAM
 * user guide, "Activating and deactivating AWS STS in an AWS Region", November 2026).
 */
function otherEndpoint(region: string): string | null {
  const endpoints = defaultEndpoints[partitionOf(region).id] ?? [];
  return endpoints.find((endpoint) => endpoint !== region) ?? null;
}

/**
 * Calls `obtain` once for all callers and keeps the result: a session until it is about to expire, and a final
 * refusal for good. A session that cannot be renewed is used as long as it is valid, unless the caller forces a new
 * one.
 */
function renewing(obtain: (isRenewal: boolean) => Promise<SessionCredentials>, now: Clock["now"]) {
  let answer: Promise<SessionCredentials> | null = null;
  let session: SessionCredentials | null = null;
  let renewAt = Number.POSITIVE_INFINITY;
  let hadSession = false;

  const renew = async (): Promise<SessionCredentials> => {
    try {
      session = await obtain(hadSession);
      hadSession = true;
      renewAt = session.expiration.getTime() - renewBeforeMs;
      return session;
    } catch (error) {
      if (session !== null && session.expiration.getTime() > now().getTime()) {
        renewAt = now().getTime() + renewAgainAfterMs;
        return session;
      }
      if (!isFinal(error)) answer = null;
      throw error;
    }
  };
  return ({ forceRefresh = false }: { readonly forceRefresh?: boolean } = {}) => {
    if (forceRefresh) session = null;
    if (forceRefresh || answer === null || now().getTime() >= renewAt) {
      renewAt = Number.POSITIVE_INFINITY;
      answer = renew();
    }
    return answer;
  };
}
