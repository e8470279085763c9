import type { DeniedBy, DeniedHow } from "./denial.ts";
import type { PageShape } from "./pagination.ts";

/** The services of the simulator, with their names in the credential scope of a signature. */
export type ServiceName =
  | "account"
  | "cloudtrail"
  | "monitoring"
  | "ecr"
  | "events"
  | "organizations"
  | "s3"
  | "secretsmanager"
  | "securityhub"
  | "sns"
  | "sts";

/** Selects calls. An omitted field matches every call. */
export interface Match {
  readonly service?: ServiceName;
  readonly operation?: string;
  /** The account a call is about: the role's for AssumeRole, the caller's for everything else. */
  readonly account?: string;
  readonly region?: string;
  /** The `ecrRepositoryPrefix` a call is about. */
  readonly prefix?: string;
  /** The `repositoryName` a call is about. */
  readonly repository?: string;
}

/** A fault: an effect on the calls that match. */
export interface Fault {
  readonly on: Match;
  readonly effect: Effect;
  /** The number of matching calls before the fault begins. */
  readonly after?: number;
  /** The number of matching calls that the fault affects; unlimited if absent. */
  readonly times?: number;
  /** The share of matching calls that the fault affects, drawn from the world's seed. */
  readonly probability?: number;
}

/** The effect of a fault on a call. */
export type Effect =
  | { readonly kind: "delay"; readonly milliseconds: number; readonly jitterMilliseconds?: number }
  | ({ readonly kind: "deny" } & DeniedHow & { readonly by: DeniedBy })
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

/** Effects that change the answer of a successful call. */
export type ShapingEffect =
  | { readonly kind: "empty-page" }
  | { readonly kind: "page"; readonly shape: PageShape }
  /** Something else replaces the answer, with a successful status. */
  | { readonly kind: "spoil"; readonly as: Spoiling }
  /** A member of the answer, by its path (`Credentials.SessionToken`), has another value; `undefined` omits it. */
  | { readonly kind: "change"; readonly member: string; readonly value?: unknown }
  /** The call reports success but changes nothing. */
  | { readonly kind: "without-effect" }
  /** This many reads after each change of rules return the state before the change. */
  | { readonly kind: "lag"; readonly reads: number }
  | {
      readonly kind: "fail-entries";
      readonly indexes: readonly number[];
      readonly code: "InternalFailure" | "ThrottlingException";
    };

/** What replaces an answer: an answer without members, or one that is not from the service. */
export type Spoiling = "no-members" | "empty-body" | "null" | "no-content" | "html" | "truncated";

/** A token bucket: each matching account, region and operation has its own, unless it is `shared` by all. */
export interface Throttle {
  readonly on: Match;
  readonly shared?: boolean;
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** The properties of a call that faults match. */
export interface CallSubject {
  readonly service: ServiceName;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly prefix?: string | undefined;
  readonly repository?: string | undefined;
}

/** Whether a call matches. */
export function matches(on: Match, subject: CallSubject): boolean {
  return (
    (on.service === undefined || on.service === subject.service) &&
    (on.operation === undefined || on.operation === subject.operation) &&
    (on.account === undefined || on.account === subject.account) &&
    (on.region === undefined || on.region === subject.region) &&
    (on.prefix === undefined || on.prefix === subject.prefix) &&
    (on.repository === undefined || on.repository === subject.repository)
  );
}
