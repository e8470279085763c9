import { readFile } from "node:fs/promises";
import type { Conclusion } from "./audit/conclude.ts";
import { type AuditStore, type Identity, type Outlets, StoreError } from "./audit/ports.ts";
import type { AuditRequest } from "./audit/request.ts";
import { type RunOptions, runAudit } from "./audit/run.ts";
import { messageOf } from "./aws/errors.ts";
import { eventBridgeOutlet } from "./aws/eventbridge-outlet.ts";
import { type ClientDefaults, clientDefaults } from "./aws/http.ts";
import type { Pacing } from "./aws/pace/traffic.ts";
import { readPolicyObject } from "./aws/policy-object.ts";
import { s3Store } from "./aws/s3-store.ts";
import { securityHubOutlet } from "./aws/security-hub-outlet.ts";
import { snsOutlet } from "./aws/sns-outlet.ts";
import { connect } from "./aws/sources.ts";
import { checkIds } from "./checks/index.ts";
import { systemClock } from "./local/clock.ts";
import { folderStore } from "./local/folder-store.ts";
import { packageFile } from "./package-file.ts";
import { lintPolicy } from "./policy/lint.ts";
import { type LoadedPolicy, loadPolicy } from "./policy/load.ts";
import { ConfigurationError } from "./policy/problem.ts";
import { renderHtml } from "./render/html.ts";
import type { Settings } from "./settings.ts";

/** The policy that comes along. */
export const defaultPolicy = packageFile("policies/default.json");

/** How one audit is run by those who start it. */
export type AuditorOptions = Pick<
  RunOptions,
  "includePassing" | "onProgress" | "onSnapshot" | "collectAll" | "dryRun" | "notify"
> & {
  /** Whether the outlets are told. */
  readonly publish: boolean;
};

/** An auditor that is set up: its policy is good, and its ports lead to AWS. */
export type Auditor = {
  /** Whether there is anyone to tell. */
  readonly hasOutlets: boolean;
  /**
   * Carries out an audit. What kept it from being told or remembered is in the conclusion.
   *
   * @throws CannotStartError, RequestError, StoreError
   */
  readonly run: (
    request: AuditRequest,
    options: AuditorOptions,
  ) => Promise<Conclusion & { readonly identity: Identity }>;
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
  const role = { name: settings.roleName, externalId: settings.externalId };
  const hasRoutes = policy.policy.notifications.routes.length > 0;
  return {
    hasOutlets: settings.topicArn !== null || settings.eventBus !== null || settings.securityHub || hasRoutes,
    run: async (request, { publish, ...options }) => {
      const sources = await connect(defaults, role, pacingOf(settings));
      const outlets = publish ? openOutlets(settings, defaults, sources.identity) : noOutlets;
      const conclusion = await runAudit(
        request,
        policy,
        { sources, clock: systemClock, outlets, store },
        {
          ...options,
          // Nobody is told without outlets: routes of the policy must not be followed either.
          notify: publish ? options.notify : "never",
          renderFiles,
          ...readOptions(settings),
        },
      );
      return { ...conclusion, identity: sources.identity };
    },
  };
}

/** What is kept beside a report: the page. @throws StoreError when it can not be made, which must cost no alert */
export const renderFiles: RunOptions["renderFiles"] = (report, history) => {
  try {
    const text = renderHtml(report, history);
    return [{ name: "report.html", contentType: "text/html; charset=utf-8", text }];
  } catch (error) {
    const advice = "This is a defect of pull-through-auditor: report it with this message.";
    throw new StoreError(`report.html could not be made: ${messageOf(error)}. ${advice}`, { cause: error });
  }
};

/** How calls are paced: what AWS throttles is repeated for as long as what it does not answer is waited for. */
export function pacingOf({ concurrency, requestTimeoutSeconds }: Settings): Pacing {
  return { concurrency, patienceMs: requestTimeoutSeconds * 1_000, clock: systemClock };
}

/** How registries are read. */
export function readOptions({ confirmAfterSeconds }: Settings) {
  return { callsPerRegistry: 4, confirmAfterMs: confirmAfterSeconds * 1_000 } as const;
}

/**
 * Reads a policy from a path or from `s3://bucket/key`.
 *
 * @throws ConfigurationError when it can not be read or used
 */
export async function openPolicy(location: string, defaults?: ClientDefaults): Promise<LoadedPolicy> {
  return loadPolicy(await readPolicy(location, defaults), location, checkIds);
}

/**
 * Reads a policy as {@link openPolicy} does, and lints it.
 *
 * @throws ConfigurationError when it can not be read, or anything is wrong with it
 */
export async function openFlawlessPolicy(location: string): Promise<LoadedPolicy> {
  return lintPolicy(await readPolicy(location), location, checkIds, systemClock.now());
}

/**
 * The text of a policy.
 *
 * @throws ConfigurationError when it can not be read
 */
export async function readPolicy(
  location: string,
  defaults: ClientDefaults = clientDefaults(1, 10_000),
): Promise<string> {
  try {
    return location.startsWith("s3://")
      ? await readPolicyObject(location, defaults)
      : await readFile(location, "utf8");
  } catch (error) {
    throw new ConfigurationError("Policy", [
      { path: location, message: `could not be read: ${messageOf(error)}` },
    ]);
  }
}

/** The store in a folder or in S3. */
export function openStore(location: string, defaults: ClientDefaults): AuditStore {
  return location.startsWith("s3://") ? s3Store(location, defaults) : folderStore(location);
}

const noOutlets: Outlets = { machines: [], topic: unreachableTopic, defaultTopic: null };

function unreachableTopic(topicArn: string): never {
  throw new Error(`${topicArn} was to be told, though nobody was`);
}

/** Those who are told of an audit, as the settings name them. */
export function openOutlets(
  { topicArn, eventBus, securityHub }: Settings,
  defaults: ClientDefaults,
  identity: Identity,
): Outlets {
  return {
    machines: [
      ...(eventBus === null ? [] : [eventBridgeOutlet(eventBus, defaults, systemClock)]),
      ...(securityHub ? [securityHubOutlet(identity, defaults, systemClock)] : []),
    ],
    topic: (arn) => snsOutlet(arn, defaults),
    defaultTopic: topicArn,
  };
}
