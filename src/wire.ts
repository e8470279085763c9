import { readFile } from "node:fs/promises";
import type { AuditOptions } from "./audit/audit.ts";
import { deliver, type NotifyWhen } from "./audit/conclude.ts";
import type { Outlet } from "./audit/ports.ts";
import type { AuditRequest } from "./audit/request.ts";
import { runAudit } from "./audit/run.ts";
import { messageOf } from "./aws/errors.ts";
import { eventBridgeOutlet } from "./aws/eventbridge-outlet.ts";
import { type ClientDefaults, clientDefaults } from "./aws/http.ts";
import { readPolicyObject } from "./aws/policy-object.ts";
import { snsOutlet } from "./aws/sns-outlet.ts";
import { connect } from "./aws/sources.ts";
import { checkIds } from "./checks/index.ts";
import { systemClock } from "./local/clock.ts";
import type { Report } from "./model/report.ts";
import { packageFile } from "./package-file.ts";
import { type LoadedPolicy, loadPolicy } from "./policy/load.ts";
import { ConfigurationError } from "./policy/problem.ts";
import type { Settings } from "./settings.ts";

/** The policy that comes along. */
export const defaultPolicy = packageFile("policies/default.json");

/** An auditor that is set up: its policy is good, and its ports lead to AWS. */
export type Auditor = {
  /** Where reports are told; empty when nothing was set up. */
  readonly outlets: readonly Outlet[];
  /** Audits what the request asks for. @throws CannotStartError, RequestError */
  readonly audit: (
    request: AuditRequest,
    options: Pick<AuditOptions, "includePassing" | "onProgress" | "onSnapshot" | "collectAll">,
  ) => Promise<Report>;
  /** Tells the report to every outlet. @throws DeliveryError */
  readonly publish: (report: Report, notify: NotifyWhen) => Promise<void>;
};

/**
 * The one place where settings become ports: the Lambda functions and the command line both start here.
 *
 * @throws ConfigurationError when the policy can not be used
 */
export async function wire(settings: Settings): Promise<Auditor> {
  const defaults = clientDefaults(settings.concurrency, settings.requestTimeoutSeconds * 1_000);
  const policy = await openPolicy(settings.policy ?? defaultPolicy, defaults);
  const outlets = openOutlets(settings, defaults);
  return {
    outlets,
    audit: async (request, options) =>
      runAudit(
        request,
        policy,
        await connect(defaults, { name: settings.roleName, externalId: settings.externalId }),
        systemClock,
        {
          ...options,
          concurrency: settings.concurrency,
          callsPerRegistry: 4,
          confirmAfterMs: settings.confirmAfterSeconds * 1_000,
        },
      ),
    publish: (report, notify) => deliver(report, outlets, notify, null),
  };
}

/**
 * Reads a policy from a path or from `s3://bucket/key`.
 *
 * @throws ConfigurationError when it can not be read or used
 */
export async function openPolicy(
  location: string,
  defaults: ClientDefaults = clientDefaults(1, 10_000),
): Promise<LoadedPolicy> {
  let text: string;
  try {
    text = location.startsWith("s3://")
      ? await readPolicyObject(location, defaults)
      : await readFile(location, "utf8");
  } catch (error) {
    throw new ConfigurationError("Policy", [
      { path: location, message: `could not be read: ${messageOf(error)}` },
    ]);
  }
  return loadPolicy(text, location, checkIds);
}

function openOutlets({ topicArn, eventBus }: Settings, defaults: ClientDefaults): readonly Outlet[] {
  return [
    ...(topicArn === null ? [] : [snsOutlet(topicArn, defaults)]),
    ...(eventBus === null ? [] : [eventBridgeOutlet(eventBus, defaults, systemClock)]),
  ];
}
