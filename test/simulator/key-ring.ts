import type { SessionEnd } from "./faults.ts";
import type { World } from "./world.ts";

/** The signer of a request. */
export interface Caller {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
  /** Whether the caller is a role session. Assuming another role is then role chaining. */
  readonly isRoleSession: boolean;
}

/** Credentials from AssumeRole. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Long-lived keys of an IAM user. */
export type UserCredentials = Pick<SessionCredentials, "accessKeyId" | "secretAccessKey">;

/** A role session to create. */
export interface SessionRequest {
  readonly accountId: string;
  readonly roleName: string;
  readonly sessionName: string;
  readonly expiration: Date;
}

interface Session {
  readonly caller: Caller;
  readonly sessionToken: string;
  readonly expiresAt: number;
  endedBy?: SessionEnd;
}

const USER_KEY = /^AKIASIM0(\d{12})$/;
const SECRET_ACCESS_KEY = "simulated-secret-access-key";

/** Long-lived keys for an account. The access key id contains the account, as in AWS. */
export function userCredentials(accountId: string): UserCredentials {
  return { accessKeyId: `AKIASIM0${accountId}`, secretAccessKey: SECRET_ACCESS_KEY };
}

/**
 * Issues access keys and knows their owners.
 * Source: IAM User Guide, "IAM identifiers": `AKIA` keys are long-lived, `ASIA` keys need their session token.
 */
export class KeyRing {
  readonly #world: World;
  readonly #sessions = new Map<string, Session>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The owner of the key, or why it has none. */
  identify(accessKeyId: string, sessionToken: string | undefined, now: Date): Caller | "unknown" | "expired" {
    const session = this.#sessions.get(accessKeyId);
    if (session === undefined) return this.#userBehind(accessKeyId) ?? "unknown";
    if (session.sessionToken !== sessionToken) return "unknown";
    return session.expiresAt <= now.getTime() ? "expired" : session.caller;
  }

  /** Ends a session before its time. Long-lived keys have none. */
  endSession(accessKeyId: string, how: SessionEnd): void {
    const session = this.#sessions.get(accessKeyId);
    if (session !== undefined) session.endedBy ??= how;
  }

  /** How a session ended before its time, if it did. */
  endOf(accessKeyId: string): SessionEnd | undefined {
    return this.#sessions.get(accessKeyId)?.endedBy;
  }

  /** Creates a role session. */
  openSession({ accountId, roleName, sessionName, expiration }: SessionRequest): SessionCredentials & {
    readonly caller: Caller;
  } {
    const serial = (this.#sessions.size + 1).toString().padStart(16, "0");
    const accessKeyId = `ASIA${serial}`;
    const sessionToken = `simulated-session-token-${serial}`;
    const caller: Caller = {
      accountId,
      arn: `arn:${this.#world.partition}:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
      userId: `AROASIM0${accountId}:${sessionName}`,
      isRoleSession: true,
    };
    this.#sessions.set(accessKeyId, { caller, sessionToken, expiresAt: expiration.getTime() });
    return { accessKeyId, secretAccessKey: SECRET_ACCESS_KEY, sessionToken, expiration, caller };
  }

  #userBehind(accessKeyId: string): Caller | undefined {
    const accountId = USER_KEY.exec(accessKeyId)?.[1];
    if (accountId === undefined || this.#world.accounts[accountId] === undefined) return undefined;
    return {
      accountId,
      arn: `arn:${this.#world.partition}:iam::${accountId}:user/auditor`,
      userId: `AIDASIM0${accountId}`,
      isRoleSession: false,
    };
  }
}
