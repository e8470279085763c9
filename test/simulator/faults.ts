import type { PageShape } from "./pagination.ts";

/** The services that the simulator speaks for, as the credential scope of a signature names them. */
export type ServiceName =
  | "account"
  | "ecr"
  | "events"
  | "organizations"
  | "s3"
  | "secretsmanager"
  | "securityhub"
  | "sns"
  | "sts";

/** Which calls are meant; a field left out matches every call. */
export interface Match {
  readonly service?: ServiceName;
  readonly operation?: string;
  /** The account a call is about: the role's for AssumeRole, the caller's for everything else. */
  readonly account?: string;
  readonly region?: string;
  /** The `ecrRepositoryPrefix` a call is about. */
  readonly prefix?: string;
}

/** A trouble: what happens to the calls that match. */
export interface Fault {
  readonly on: Match;
  readonly effect: Effect;
  /** Matching calls to let pass before the trouble begins. */
  readonly after?: number;
  /** Matching calls to trouble before all is well again; without it there is no end. */
  readonly times?: number;
  /** The share of matching calls that are troubled, drawn from the world's seed. */
  readonly probability?: number;
}

/** What a fault does to a call. */
export type Effect =
  | { readonly kind: "delay"; readonly milliseconds: number; readonly jitterMilliseconds?: number }
  | { readonly kind: "deny"; readonly by: "missing-permission" | "service-control-policy" }
  | { readonly kind: "throttle" }
  | { readonly kind: "internal-failure"; readonly status: 500 | 502 | 503 | 504 }
  | { readonly kind: "refuse"; readonly code: string; readonly message: string; readonly status: number }
  | { readonly kind: "expire-credentials" }
  | { readonly kind: "reject-credentials" }
  /** The session that signed the call ends, for this call and all later ones; sessions opened later are accepted. */
  | { readonly kind: "end-session"; readonly how: SessionEnd }
  | { readonly kind: "reset-connection" }
  | { readonly kind: "hang" }
  | ShapingEffect;

/**
 * How AWS refuses a session that ended: its time is over, its role was deleted and created again, or
 * `AWSRevokeOlderSessions` denies it everything.
 */
export type SessionEnd = "expired" | "unknown" | "revoked";

/** Effects that leave the call a success and change what is in its answer. */
export type ShapingEffect =
  | { readonly kind: "empty-page" }
  | { readonly kind: "page"; readonly shape: PageShape }
  /** Something else comes in place of the answer, with a status of success. */
  | { readonly kind: "spoil"; readonly as: Spoiling }
  /** A member of the answer, by its path (`Credentials.SessionToken`), has another value; `undefined`: is left out. */
  | { readonly kind: "change"; readonly member: string; readonly value?: unknown }
  /** The call is answered as if it worked, and changes nothing. */
  | { readonly kind: "without-effect" }
  /** So many reads after each change of rules answer as it was before the change. */
  | { readonly kind: "lag"; readonly reads: number }
  | {
      readonly kind: "fail-entries";
      readonly indexes: readonly number[];
      readonly code: "InternalFailure" | "ThrottlingException";
    };

/** What comes in place of an answer: an answer without members, or none of the service's at all. */
export type Spoiling = "no-members" | "empty-body" | "null" | "no-content" | "html" | "truncated";

/** A token bucket: each account, region and operation that matches has one of its own. */
export interface Throttle {
  readonly on: Match;
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** What a call is, for matching. */
export interface CallSubject {
  readonly service: ServiceName;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly prefix?: string | undefined;
}

/** Whether a call is among those meant. */
export function matches(on: Match, subject: CallSubject): boolean {
  return (
    (on.service === undefined || on.service === subject.service) &&
    (on.operation === undefined || on.operation === subject.operation) &&
    (on.account === undefined || on.account === subject.account) &&
    (on.region === undefined || on.region === subject.region) &&
    (on.prefix === undefined || on.prefix === subject.prefix)
  );
}
