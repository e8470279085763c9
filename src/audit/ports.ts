import { firstLines } from "../core/first-lines.ts";
import type { PlannedRule, PullThroughCacheRule, RuleAccess } from "../ecr/rule.ts";
import type { Target } from "../ecr/target.ts";
import type { CreationTemplate } from "../facts/creation-templates.ts";
import type { Evidence } from "../facts/evidence.ts";
import type { Scanning } from "../facts/scanning.ts";
import type { SecretDescription } from "../facts/secrets.ts";
import type { Validation } from "../facts/snapshot.ts";
import type { Written } from "../schemas/remediation-plan.ts";
import type { Report } from "../schemas/report.ts";
import type { AuditState } from "../schemas/state.ts";

/** Who the audit runs as: the hub. */
export type Identity = { readonly account: string; readonly region: string };

/** An account as Organizations tells of it. */
export type OrganizationAccount = {
  readonly id: string;
  readonly name: string | null;
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE` …: only active accounts can be audited. */
  readonly state: string;
  /** The organization's id; `null` when it was not told. */
  readonly organizationId: string | null;
  /** The root and the organizational units around the account, outermost first; `null` when it was not told. */
  readonly organizationalUnits: readonly string[] | null;
};

/** What an audit asks of one registry. No method throws: trouble is evidence. */
export type RegistryReader = {
  /** All rules, over all pages; all or nothing. */
  readonly listRules: () => Promise<Evidence<readonly PullThroughCacheRule[]>>;
  /** What AWS says of one rule's health, asked once; `absent` when the rule is gone. */
  readonly validateRule: (prefix: string) => Promise<Evidence<Validation>>;
  readonly listCreationTemplates: () => Promise<Evidence<readonly CreationTemplate[]>>;
  readonly describeScanning: () => Promise<Evidence<Scanning>>;
  /** The text of the registry's policy; `absent` when none is set. */
  readonly readRegistryPolicy: () => Promise<Evidence<string>>;
  /** What is known of a secret, never its value; `absent` when there is none. */
  readonly describeSecret: (arn: string) => Promise<Evidence<SecretDescription>>;
};

/** A registry that `apply` reads and changes; no audit gets one. No method throws for AWS's trouble. */
export type RegistryWriter = Pick<RegistryReader, "listRules" | "validateRule"> & {
  readonly createRule: (rule: PlannedRule) => Promise<Written>;
  /** Gives a rule another credential or role; what is `null` stays as it is. */
  readonly updateRule: (prefix: string, change: RuleAccess) => Promise<Written>;
  readonly deleteRule: (prefix: string) => Promise<Written>;
};

/** How many calls were sent, each attempt for itself, and how many of them AWS throttled. */
export type CallCount = { readonly sent: number; readonly throttled: number };

/** Where facts come from. */
export type Sources = {
  readonly identity: Identity;
  /** The accounts of the organization, page by page. @throws CannotStartError when they can not be listed. */
  readonly listAccounts: () => AsyncIterable<OrganizationAccount>;
  /** The regions enabled in an account. Does not throw. */
  readonly listEnabledRegions: (account: string) => Promise<Evidence<readonly string[]>>;
  readonly openRegistry: (target: Target) => RegistryReader;
  /** Waits until a call could be sent at once. To begin a registry before would only keep it waiting. */
  readonly room: () => Promise<void>;
  /** What was sent so far. */
  readonly calls: () => CallCount;
  /** Gives up all that is asked for, now and later: what has no answer yet is unreadable, with reason `deadline`. */
  readonly stop: () => void;
  /** Aborts when reading is stopped. */
  readonly stopped: AbortSignal;
};

/** The time, and waiting. */
export type Clock = {
  readonly now: () => Date;
  /** Waits for a time, or until the signal aborts. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
};

/** The state as it was read, and the version by which it is written back only if nobody was faster. */
export type StoredState = { readonly state: AuditState; readonly version: string };

/** Where audits are remembered. */
export type AuditStore = {
  /** What it is, for errors: such as `s3://bucket/prefix`. */
  readonly name: string;
  /**
   * The state of the last audit, or `null` before the first.
   *
   * @throws StoreError when it can not be read, or is damaged or of another product or a newer version
   */
  readonly readState: () => Promise<StoredState | null>;
  /**
   * Writes the state if it still has `version` (`null`: if there is none yet).
   *
   * @returns false when another audit was faster: nothing was written
   * @throws StoreError
   */
  readonly writeState: (state: AuditState, version: string | null) => Promise<boolean>;
  /**
   * Keeps a report, and beside it what else was rendered of it, then points `latest.json` at it.
   *
   * @returns where the report stands, for people
   * @throws StoreError
   */
  readonly keepReport: (report: Report, files: readonly RenderedFile[]) => Promise<string>;
  /**
   * The report of an audit, by its id or as the `latest`; `null` when there is none.
   *
   * @throws StoreError when it can not be read, or is none of this version
   */
  readonly readReport: (auditId: string) => Promise<Report | null>;
};

/** A rendered report, by file name, such as `report.html`. */
export type RenderedFile = { readonly name: string; readonly contentType: string; readonly text: string };

/** The store could not be read or written. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** Somewhere an audit's result is told: a renderer and a transport. */
export type Notifier = {
  /** What it is, for errors: such as the topic's ARN. */
  readonly name: string;
  /** Tells the report, or throws when it could not be told in the end. */
  readonly deliver: (report: Report, reportLocation: string | null, call: NotifierCall) => Promise<void>;
};

/** What an outlet and those who have it told say to each other meanwhile. */
export type NotifierCall = {
  /** Aborts when the time is over: what is under way is given up, and nothing more is begun. */
  readonly signal: AbortSignal;
  /** Called with the `eventId` of each alert that was taken for certain, before all of them were. */
  readonly onTaken: (eventId: string) => void;
};

/** All outlets of an audit. */
export type Notifiers = {
  /** Told after every audit. */
  readonly integrations: readonly Notifier[];
  /** People, behind an SNS topic: told when they asked to be. */
  readonly topic: (topicArn: string) => Notifier;
  /** The topic of what no route takes; `null` for none. */
  readonly defaultTopic: string | null;
};

/** The audit could not begin: no credentials, or the organization can not be listed. Nothing was audited. */
export class CannotStartError extends Error {
  override readonly name = "CannotStartError";
}

/** A request asks for what the policy's scope does not hold. Carries every problem at once. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(["The request can not be carried out:", ...firstLines(problems)].join("\n"));
    this.problems = problems;
  }
}
