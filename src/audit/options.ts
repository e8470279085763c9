import type { RegistrySnapshot } from "../facts/snapshot.ts";
import type { ObservedChange } from "../schemas/change.ts";
import type { AuditRecord } from "../schemas/history.ts";
import type { Report } from "../schemas/report.ts";
import type { AuditState } from "../schemas/state.ts";
import type { AuditProgress } from "./collect/progress.ts";
import type { ReadingOptions } from "./collect/reading.ts";
import type { UnreachedRegistries } from "./compare/unreached-registries.ts";
import type { DeliveryError } from "./deliver/deliver.ts";
import type { NotifyWhen } from "./deliver/routing.ts";
import type {
  AuditStore,
  Clock,
  Notifiers,
  Preview,
  RenderedFile,
  Sources,
  StoredState,
  StoreError,
} from "./ports.ts";
import type { PullEvent } from "./pulls/pull-event.ts";

/** Everything an audit needs from outside. */
export type Ports = {
  readonly sources: Sources;
  readonly clock: Clock;
  readonly notifiers: Notifiers;
  /** `null`: no state is kept, and the audit is compared with nothing. */
  readonly store: AuditStore | null;
};

/** How a scope is planned, collected and evaluated. */
export type EvaluateScopeOptions = ReadingOptions & {
  /** Whether the findings include passing and not applicable results. */
  readonly includePassing: boolean;
  /** Called after every step. */
  readonly onProgress: (progress: AuditProgress) => void;
  /** Whether to collect every fact, and not only those that the policy needs. */
  readonly collectAll?: boolean;
  /** Called with the facts of each registry, for callers that keep them. */
  readonly onSnapshot?: (snapshot: RegistrySnapshot) => void;
  /** The registries that the previous audit had no time for. This audit reads them first. */
  readonly missed?: UnreachedRegistries;
  /** The last known changes of all registries. Default: none is known. */
  readonly knownChanges?: readonly ObservedChange[];
  /** The state of the earlier audits, for looking up who changed what differs from it. Default: none. */
  readonly earlier?: AuditState | null;
};

/** How an evaluation is compared, reported, delivered and persisted. */
export type FinalizeOptions = {
  /** `null`: neither the report nor the state is stored. */
  readonly store: AuditStore | null;
  /** The state when the audit started. */
  readonly stored: StoredState | null;
  readonly notifiers: Notifiers;
  /** Deliver nothing and store nothing. */
  readonly dryRun: boolean;
  /** When to notify SNS topics; `null`: as the policy says. */
  readonly notify: NotifyWhen | null;
  readonly clock: Clock;
  /** How long the process may still run, in milliseconds; omit it if there is no limit. */
  readonly timeLeft?: () => number;
  /**
   * Renders the files that are stored next to the report. `history` has the oldest audit first and this one last;
   * this one has no location yet.
   */
  readonly renderFiles: (report: Report, history: readonly AuditRecord[]) => Promise<readonly RenderedFile[]>;
};

/** How one audit runs from start to end. */
export type RunOptions = Omit<EvaluateScopeOptions, "missed" | "knownChanges" | "earlier"> &
  Pick<FinalizeOptions, "dryRun" | "notify" | "renderFiles"> & {
    /** The changes that led to this audit. Default: none did. */
    readonly changes?: readonly ObservedChange[];
    /** The pulls to record before this audit. Default: none. */
    readonly pulls?: readonly PullEvent[];
  };

/** The result of an audit. */
export type FinalizedAudit = {
  readonly report: Report;
  /** Where the report is stored, or `null` if it was not stored. */
  readonly location: string | null;
  /** Why the audit could not be delivered or stored, or `null`. The report is complete in any case. */
  readonly failure: DeliveryError | StoreError | null;
  /** What the notifiers were sent, or, in a dry run, would have been sent. */
  readonly told: readonly Told[];
};

/** What one notifier was sent. */
export type Told = {
  /** The notifier's name, such as `SNS topic arn:…`. */
  readonly name: string;
  /** Whether the delivery succeeded; `null` if nothing was sent, because it was a dry run. */
  readonly isDelivered: boolean | null;
  /** Renders what was sent, when it is needed. */
  readonly preview: () => Preview | null;
};
