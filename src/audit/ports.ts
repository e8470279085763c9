import { firstLines } from "../core/first-lines.ts";
import type { Registry } from "../ecr/registry.ts";
import type { PlannedRule, PullThroughCacheRule, RuleAccess } from "../ecr/rule.ts";
import type { Target } from "../ecr/target.ts";
import type { CachedRepository, RepositorySize } from "../facts/cached-repositories.ts";
import type { CreationTemplate } from "../facts/creation-templates.ts";
import type { Evidence } from "../facts/evidence.ts";
import type { Scanning } from "../facts/scanning.ts";
import type { SecretDescription, SecretVersion } from "../facts/secrets.ts";
import type { Validation } from "../facts/snapshot.ts";
import type { ChainLink } from "../schemas/chain.ts";
import type { Written } from "../schemas/remediation-plan.ts";
import type { Report, TopicListeners } from "../schemas/report.ts";
import type { AuditState } from "../schemas/state.ts";
import type { PullStore } from "./pulls/pull-store.ts";

/** Who the audit runs as: the hub. */
export type Identity = { readonly account: string; readonly region: string };

/** An account as Organizations describes it. */
export type OrganizationAccount = {
  readonly id: string;
  readonly name: string | null;
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE` …; `null` if unknown. */
  readonly state: string | null;
  /** The organization's ID; `null` if unknown. */
  readonly organizationId: string | null;
  /** The root and the organizational units that contain the account, outermost first; `null` if unknown. */
  readonly organizationalUnits: readonly string[] | null;
  /** The account's e-mail address, if it is known. */
  readonly email?: string;
};

/** Reads one registry. No method throws: a failed call becomes evidence. */
export type RegistryReader = {
  /** All rules, over all pages; all or nothing. */
  readonly listRules: () => Promise<Evidence<readonly PullThroughCacheRule[]>>;
  /** Validates one rule, once; `absent` if the rule does not exist. */
  readonly validateRule: (prefix: string) => Promise<Evidence<Validation>>;
  readonly listCreationTemplates: () => Promise<Evidence<readonly CreationTemplate[]>>;
  readonly describeScanning: () => Promise<Evidence<Scanning>>;
  /** The text of the registry policy; `absent` if none is set. */
  readonly readRegistryPolicy: () => Promise<Evidence<string>>;
  /** Describes a secret without reading its value; `absent` if the secret does not exist. */
  readonly describeSecret: (arn: string) => Promise<Evidence<SecretDescription>>;
  /** Reads when the value of a secret was set, but not the value; `absent` if the secret does not exist. */
  readonly readSecretVersion: (arn: string) => Promise<Evidence<SecretVersion>>;
  /** The repositories whose names are wanted, over all pages; all or nothing. */
  readonly listRepositories: (
    isWanted: (name: string) => boolean,
  ) => Promise<Evidence<readonly DescribedRepository[]>>;
  /** The text of a repository's lifecycle policy: null if it has none; `absent` if the repository does not exist. */
  readonly readLifecyclePolicy: (name: string) => Promise<Evidence<string | null>>;
  /** The text of a repository's policy: null if it has none; `absent` if the repository does not exist. */
  readonly readRepositoryPolicy: (name: string) => Promise<Evidence<string | null>>;
  /**
   * How often each of at most 500 repositories was pulled from within a time, by name; null for one of which there is no
   * data, and no entry for one of which CloudWatch could not tell.
   */
  readonly countPulls: (
    names: readonly string[],
    time: { readonly since: Date; readonly until: Date },
  ) => Promise<Evidence<Readonly<Record<string, number | null>>>>;
  /** What the first thousand images of a repository add up to; `absent` if the repository does not exist. */
  readonly measureRepository: (name: string) => Promise<Evidence<RepositorySize>>;
};

/** A repository as ECR describes it. */
export type DescribedRepository = Omit<CachedRepository, "prefix">;

/** Reads and changes one registry, for `apply`; audits never get one. No method throws for a failed AWS call. */
export type RegistryWriter = Pick<RegistryReader, "listRules" | "validateRule"> & {
  readonly createRule: (rule: PlannedRule) => Promise<Written>;
  /** Changes the credential or the role of a rule; `null` leaves it unchanged. */
  readonly updateRule: (prefix: string, change: RuleAccess) => Promise<Written>;
  readonly deleteRule: (prefix: string) => Promise<Written>;
};

/** The calls to look up: those of one name, in a period. */
export type TrailQuestion = {
  /** Such as `PutRegistryPolicy`. */
  readonly eventName: string;
  readonly since: Date;
  readonly until: Date;
  /** The token of the page; `null` for the first. */
  readonly token: string | null;
};

/** A page of CloudTrail's event history, latest call first. It may be empty and not the last. */
export type TrailPage = {
  /** The calls in CloudTrail's form, each a text of JSON. Untrusted. */
  readonly records: readonly string[];
  readonly next: string | null;
};

/** Reads CloudTrail's event history of one account and region, page by page. Does not throw. */
export type TrailReader = (question: TrailQuestion) => Promise<Evidence<TrailPage>>;

/** How many calls were sent, counting each attempt, and how many of them AWS throttled. */
export type CallCount = { readonly sent: number; readonly throttled: number };

/** Where facts come from. */
export type Sources = {
  readonly identity: Identity;
  /** The accounts of the organization, page by page. @throws CannotStartError if they cannot be listed. */
  readonly listAccounts: () => AsyncIterable<OrganizationAccount>;
  /** The regions enabled in an account. Does not throw. */
  readonly listEnabledRegions: (account: string) => Promise<Evidence<readonly string[]>>;
  readonly openRegistry: (target: Target) => RegistryReader;
  /** Opens the event history of a registry's account and region. All questions to one share CloudTrail's rate limit. */
  readonly openTrail: (registry: Registry) => TrailReader;
  /**
   * Waits until calls to the registry could be sent soon. A registry that starts earlier would only wait, and keep memory.
   * Does not throw.
   */
  readonly room: (target: Target) => Promise<void>;
  /** The calls sent so far. */
  readonly calls: () => CallCount;
  /** Stops all calls, current and future: data without an answer becomes unreadable with reason `deadline`. */
  readonly stop: () => void;
  /** Aborts when reading is stopped. */
  readonly stopped: AbortSignal;
};

/** The current time and a way to wait. */
export type Clock = {
  readonly now: () => Date;
  /** Waits for the given time, or until the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
};

/** The state as read, and its version, for writing it back by compare-and-swap. */
export type StoredState = { readonly state: AuditState; readonly version: string };

/** Stores reports and the state of audits. */
export type AuditStore = {
  /** What it is, for errors: such as `s3://bucket/prefix`. */
  readonly name: string;
  /**
   * The state of the last audit, or `null` before the first.
   *
   * @throws StoreError if it cannot be read, is damaged, or belongs to another product or a newer version
   */
  readonly readState: () => Promise<StoredState | null>;
  /**
   * Writes the state if it still has `version` (`null`: if there is none yet).
   *
   * @returns false if another audit wrote it in the meantime: nothing was written
   * @throws StoreError
   */
  readonly writeState: (state: AuditState, version: string | null) => Promise<boolean>;
  /**
   * Stores a report and the files rendered from it, then points `latest.json` at it.
   *
   * @throws StoreError
   */
  readonly keepReport: (report: Report, files: readonly RenderedFile[]) => Promise<KeptReport>;
  /**
   * The report of an audit, by its ID or by `latest`; `null` if there is none.
   *
   * @throws StoreError if it cannot be read or has another version
   */
  readonly readReport: (auditId: string) => Promise<Report | null>;
  /** What is remembered of pulls. */
  readonly pulls: PullStore;
};

/** A report that was stored. */
export type KeptReport = {
  readonly location: string;
  /** The SHA-256 of its file. */
  readonly sha256: string;
  /** The report that `latest.json` named before; `null` if it named none, or has no digest. */
  readonly replaced: ChainLink | null;
};

/** A rendered report, by file name, such as `report.html`. */
export type RenderedFile = { readonly name: string; readonly contentType: string; readonly text: string };

/** The files of a store as bytes, for verifying them. Its methods throw StoreError. */
export type StoredFiles = {
  /** The store's name, such as `s3://bucket/prefix`. */
  readonly name: string;
  /** The location of a file, for display. */
  readonly locate: (path: string) => string;
  /** The paths of all files in a folder and the folders in it, sorted. */
  readonly list: (folder: string) => AsyncIterable<string>;
  /** The bytes of a file; `null` if it does not exist. */
  readonly read: (path: string) => Promise<Uint8Array | null>;
};

/** The store could not be read or written. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** What a notifier sends for a report, for people at a terminal. */
export type Preview = {
  /** In one line: the subject of a message, or how many events. */
  readonly summary: string;
  /** The message to read; `null` if there is none, as for events. */
  readonly text: string | null;
};

/** Delivers reports to one destination: a renderer and a transport. */
export type Notifier = {
  /** What it is, for errors: such as the topic's ARN. */
  readonly name: string;
  /** Delivers the report. Throws if delivery fails after all retries. */
  readonly deliver: (report: Report, reportLocation: string | null, call: NotifierCall) => Promise<void>;
  /** What `deliver` sends. Sends nothing itself. */
  readonly preview?: (report: Report, reportLocation: string | null) => Preview;
  /** Asks who listens, once. Null for a notifier without subscribers. Does not throw. */
  readonly listeners: ((signal: AbortSignal) => Promise<TopicListeners>) | null;
};

/** How a notifier and its caller communicate during a delivery. */
export type NotifierCall = {
  /** Aborts when no time is left: stop current requests and start no more. */
  readonly signal: AbortSignal;
  /** Called with the `eventId` of each alert as soon as its delivery is confirmed. */
  readonly onTaken: (eventId: string) => void;
};

/** All notifiers of an audit. */
export type Notifiers = {
  /** Integrations, which get the report of every audit. */
  readonly integrations: readonly Notifier[];
  /** Opens the notifier of an SNS topic, whose subscribers are notified when the policy says so; `null`: of no topic. */
  readonly topic: ((topicArn: string) => Notifier) | null;
  /** The topic for findings that match no route; `null` for none. */
  readonly defaultTopic: string | null;
};

/** The audit could not start: no credentials, or the organization cannot be listed. Nothing was audited. */
export class CannotStartError extends Error {
  override readonly name = "CannotStartError";
}

/** A request names something outside the policy's scope. Lists all problems. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(["The request cannot be carried out:", ...firstLines(problems)].join("\n"));
    this.problems = problems;
  }
}
