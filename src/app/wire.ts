import type { FinalizedAudit, RunOptions } from "../audit/options.ts";
import type { AuditRequest } from "../audit/plan/request.ts";
import type { AuditStore, Identity } from "../audit/ports.ts";
import { runAudit } from "../audit/run.ts";
import { type ClientDefaults, clientDefaults } from "../aws/http.ts";
import { s3Store } from "../aws/s3/store.ts";
import { connect } from "../aws/sources.ts";
import { systemClock } from "../local/clock.ts";
import { folderStore } from "../local/folder-store.ts";
import { noNotifiers, openNotifiers } from "./notifiers.ts";
import { defaultPolicy, openPolicy } from "./policy.ts";
import { pacingOf, readOptions, roleOf } from "./reading.ts";
import type { Settings } from "./settings.ts";
import { renderFiles } from "./stored-files.ts";

/** How one audit is run by those who start it. */
export type AuditorOptions = Pick<
  RunOptions,
  "includePassing" | "onProgress" | "onSnapshot" | "collectAll" | "timeLeft" | "dryRun" | "notify"
> & {
  /** Whether the outlets are told. */
  readonly publish: boolean;
};

/** An auditor that is set up: its policy is good, and its ports lead to AWS. */
export type Auditor = {
  /** Whether there is anyone to tell. */
  readonly hasNotifiers: boolean;
  /**
   * Carries out an audit. What kept it from being told or remembered is in the conclusion.
   *
   * @throws CannotStartError, RequestError, StoreError
   */
  readonly run: (
    request: AuditRequest,
    options: AuditorOptions,
  ) => Promise<FinalizedAudit & { readonly identity: Identity }>;
};

/**
 * The one place where settings become ports: the Lambda functions and the command line both start here.
 *
 * @throws ConfigurationError when the policy can not be used
 */
export async function wire(settings: Settings): Promise<Auditor> {
  const defaults = clientDefaults(settings.concurrency, settings.requestTimeoutSeconds * 1_000);
  const policy = await openPolicy(settings.policy ?? defaultPolicy, defaults);
  const store = settings.store === null ? null : openStore(settings.store, defaults);
  const hasRoutes = policy.policy.notifications.routes.length > 0;
  return {
    hasNotifiers:
      settings.topicArn !== null || settings.eventBus !== null || settings.securityHub || hasRoutes,
    run: async (request, { publish, ...options }) => {
      const sources = await connect(defaults, roleOf(settings), pacingOf(settings));
      const notifiers = publish ? openNotifiers(settings, defaults, sources.identity) : noNotifiers;
      const finalized = await runAudit(
        request,
        policy,
        { sources, clock: systemClock, notifiers, store },
        {
          ...options,
          // Nobody is told without outlets: routes of the policy must not be followed either.
          notify: publish ? options.notify : "never",
          renderFiles,
          ...readOptions(settings),
        },
      );
      return { ...finalized, identity: sources.identity };
    },
  };
}

/** The store in a folder or in S3. */
export function openStore(location: string, defaults: ClientDefaults): AuditStore {
  return location.startsWith("s3://") ? s3Store(location, defaults) : folderStore(location);
}
