import { AssumeRoleCommand, type AssumeRoleCommandOutput } from "@aws-sdk/client-sts";
import type { Clock } from "../audit/ports.ts";
import { partitionOf } from "../ecr/partition.ts";
import { IncompleteAnswerError, nameIn, optionalMomentIn, structureIn } from "./answer.ts";
import { isFinal, RoleNotAssumableError } from "./errors.ts";
import { operation } from "./operation.ts";

/** Credentials as the SDK's clients take them. */
type SessionCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
};

/** Gives an account's clients their credentials. */
export type CredentialProvider = () => Promise<SessionCredentials>;

/** Asks STS for a session. */
export type AssumeRole = (command: AssumeRoleCommand) => Promise<AssumeRoleCommandOutput>;

const assume = operation({
  name: "sts:AssumeRole",
  command: AssumeRoleCommand,
  send: (ask: AssumeRole, command) => ask(command),
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

/** A session is renewed this long before it ends, so that no call under way outlives it. */
const renewBeforeMs = 5 * 60_000;

/** How long after a renewal that failed the next one is tried, while the session still holds. */
const renewAgainAfterMs = 30_000;

/** Sessions that are remembered. Of more accounts than that at once, those asked for longest ago are assumed anew. */
const mostSessions = 1_000;

/** One hour: the longest that AWS allows a role which itself assumes roles (IAM user guide, role chaining). */
const sessionSeconds = 3_600;

/**
 * Credentials of the audited accounts: one AssumeRole for each account, whatever the number of its regions,
 * and one more each time a session nears its end. A refusal is remembered, not asked for again; what would pass
 * at another time, such as throttling, is.
 */
export function openSessions(ask: AssumeRole, role: AuditRole, region: string, now: Clock["now"]) {
  const providers = new Map<string, CredentialProvider>();

  const assumeRole = async (account: string): Promise<SessionCredentials> => {
    const roleArn = `arn:${partitionOf(region).id}:iam::${account}:role/${role.name}`;
    try {
      return await assume(ask, {
        RoleArn: roleArn,
        RoleSessionName: "pull-through-auditor",
        DurationSeconds: sessionSeconds,
        ...(role.externalId === null ? {} : { ExternalId: role.externalId }),
      });
    } catch (error) {
      throw new RoleNotAssumableError(roleArn, error);
    }
  };

  return (account: string): CredentialProvider => {
    const provider = providers.get(account) ?? renewing(() => assumeRole(account), now);
    // The one asked for last stands last.
    providers.delete(account);
    providers.set(account, provider);
    const [oldest] = providers.keys();
    if (providers.size > mostSessions && oldest !== undefined) providers.delete(oldest);
    return provider;
  };
}

/**
 * Calls `obtain` once for all who ask while its answer holds: a session until it nears its end, and a final refusal
 * for ever. A session that can not be renewed is used as long as it is valid.
 */
function renewing(obtain: CredentialProvider, now: Clock["now"]): CredentialProvider {
  let answer: Promise<SessionCredentials> | null = null;
  let session: SessionCredentials | null = null;
  let renewAt = Number.POSITIVE_INFINITY;

  const renew = async (): Promise<SessionCredentials> => {
    try {
      session = await obtain();
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
  return () => {
    if (answer === null || now().getTime() >= renewAt) {
      renewAt = Number.POSITIVE_INFINITY;
      answer = renew();
    }
    return answer;
  };
}
