import type { FinalizedAudit, RunOptions } from "../audit/options.ts";
import type { AuditRequest } from "../audit/plan/request.ts";
import type { AuditStore, Identity } from "../audit/ports.ts";
import { type DueRules, type Heard, hearPulls, settleAll } from "../audit/pulls/hear.ts";
import type { PullEvent } from "../audit/pulls/pull-event.ts";
import { pullsInProcess } from "../audit/pulls/pull-store.ts";
import { runAudit } from "../audit/run.ts";
import { type ClientDefaults, clientDefaults } from "../aws/http.ts";
import type { ReportLock } from "../aws/s3/storage.ts";
import { s3Store } from "../aws/s3/store.ts";
import { connect } from "../aws/sources.ts";
import { systemClock } from "../local/clock.ts";
import { folderStore } from "../local/folder-store.ts";
import type { LoadedPolicy } from "../policy/load.ts";
import type { Report } from "../schemas/report.ts";
import { noNotifiers, openNotifiers } from "./notifiers.ts";
import { defaultPolicy, openPolicy } from "./policy.ts";
import { lockOf, pacingOf, readOptions, roleOf } from "./reading.ts";
import type { Settings } from "./settings.ts";
import { renderFiles } from "./stored-files.ts";

/** The options of one audit that its caller chooses. */
export type AuditorOptions = Pick<
  RunOptions,
  | "includePassing"
  | "onProgress"
  | "onSnapshot"
  | "collectAll"
  | "timeLeft"
  | "dryRun"
  | "notify"
  | "changes"
  | "pulls"
> & {
  /** Whether to deliver the report to the notifiers. */
  readonly publish: boolean;
};

/** A configured auditor: its policy is valid, and its ports connect to AWS. */
export type Auditor = {
  /** Whether there is anything to publish to. */
  readonly hasNotifiers: boolean;
  /**
   * Runs an audit. If delivering or storing it fails, the result says why.
   *
   * @throws CannotStartError, RequestError, StoreError
   */
  readonly run: (
    request: AuditRequest,
    options: AuditorOptions,
  ) => Promise<FinalizedAudit & { readonly identity: Identity }>;
  /** Records pulls. @throws CannotStartError as `run`, if the scope has to be planned */
  readonly hear: (events: readonly PullEvent[]) => Promise<Heard>;
  /** Marks rules as audited, as far as the audit read them. @throws StoreError */
  readonly settle: (due: readonly DueRules[], report: Report) => Promise<void>;
};

/**
 * Turns settings into ports. The Lambda functions and the command line both start here.
 *
 * @param adapt changes the policy once it is loaded
 * @throws ConfigurationError if the policy cannot be used
 */
export async function wire(
  settings: Settings,
  adapt: (policy: LoadedPolicy) => LoadedPolicy = (policy) => policy,
): Promise<Auditor> {
  const defaults = clientDefaults(settings.concurrency, settings.requestTimeoutSeconds * 1_000);
  const policy = adapt(await openPolicy(settings.policy ?? defaultPolicy, defaults));
  const store = settings.store === null ? null : openStore(settings.store, defaults, lockOf(settings));
  const hasRoutes = policy.policy.notifications.routes.length > 0;
  const pulls = store?.pulls ?? pullsInProcess();
  return {
    hear: (events) =>
      hearPulls(events, policy.policy, {
        store: pulls,
        clock: systemClock,
        connect: () => connect(defaults, roleOf(settings), pacingOf(settings)),
      }),
    settle: (due, report) => settleAll(due, report, { store: pulls, clock: systemClock }, { prefixes: null }),
    hasNotifiers:
      settings.topicArn !== null || settings.eventBus !== null || settings.securityHub || hasRoutes,
    run: async (request, { publish, ...options }) => {
      const sources = await connect(defaults, roleOf(settings), pacingOf(settings), {
        listsOrganization: policy.policy.scope.accounts === "organization",
      });
      const notifiers = publish ? openNotifiers(settings, defaults, sources.identity) : noNotifiers;
      const finalized = await runAudit(
        request,
        policy,
        { sources, clock: systemClock, notifiers, store },
        {
          ...options,
          renderFiles,
          ...readOptions(settings),
        },
      );
      return { ...finalized, identity: sources.identity };
    },
  };
}

/** Opens the store in S3 or in a folder. Reports in S3 are locked if there is a lock. */
export function openStore(
  location: string,
  defaults: ClientDefaults,
  lock: ReportLock | null = null,
): AuditStore {
  return location.startsWith("s3://") ? s3Store(location, defaults, lock) : folderStore(location);
}
