import type { AuditRequest } from "../../src/audit/plan/request.ts";
import { messageOf } from "../../src/core/errors.ts";
import { parseJson } from "../../src/core/json-file.ts";
import { registryKey } from "../../src/ecr/registry.ts";
import type { ObservedChange } from "../../src/schemas/change.ts";
import { failedCallIn, type Invocation, parseEvent } from "./invocation.ts";
import type { QueuedMessage } from "./queue-batch.ts";

/** What the messages of a batch ask for together. */
export type MergedEvents = {
  /** One audit of everything that changed; `null` if nothing did. */
  readonly invocation: Invocation | null;
  /** The messages that are no events of AWS which the auditor supports, with all their problems. */
  readonly refused: readonly (QueuedMessage & { readonly problem: string })[];
  /** Why messages need no audit. */
  readonly skipped: readonly string[];
};

/**
 * Merges the events of a batch into one request. A message that is not valid is refused by itself. Unlike an invocation,
 * a message cannot be a request of a user.
 */
export function mergeEvents(messages: readonly QueuedMessage[]): MergedEvents {
  const asked: Invocation[] = [];
  const refused: (QueuedMessage & { readonly problem: string })[] = [];
  const skipped: string[] = [];
  for (const message of messages) {
    try {
      const event = parseJson(message.body, `message ${message.messageId}`);
      const failedCall = failedCallIn(event);
      if (failedCall === null) asked.push(parseEvent(event));
      else skipped.push(failedCall);
    } catch (error) {
      refused.push({ ...message, problem: messageOf(error) });
    }
  }
  return { invocation: asked.length === 0 ? null : mergedOf(asked), refused, skipped };
}

function mergedOf(invocations: readonly Invocation[]): Invocation {
  const requests = invocations.map(({ request }) => request);
  const whole = requests.find(({ accounts }) => accounts === null);
  const changes = invocations.flatMap((invocation) => invocation.changes);
  const pulls = invocations.flatMap((invocation) => invocation.pulls);
  return { request: whole ?? narrowedOf(invocations), dryRun: false, notify: null, changes, pulls };
}

/**
 * The request for the registries of all events and no others. If one of them concerns a registry as a whole, each
 * registry is audited as a whole: that costs some calls more, and reports nothing else.
 */
function narrowedOf(invocations: readonly Invocation[]): AuditRequest {
  const requests = invocations.map(({ request }) => request);
  const union = (listOf: (request: AuditRequest) => readonly string[] | null) => [
    ...new Set(requests.flatMap((request) => listOf(request) ?? [])),
  ];
  const needsAll = invocations.some(
    ({ request, changes }) => request.prefixes === null && !isOfSecrets(changes),
  );
  const prefixes = union((request) => request.prefixes);
  return {
    trigger: "event",
    accounts: union(({ accounts }) => accounts),
    regions: union(({ regions }) => regions),
    // The rules that use a secret are known only when they are listed.
    prefixes: needsAll || prefixes.length === 0 ? null : prefixes,
    registries: [
      ...new Set(
        requests.flatMap(({ accounts, regions }) =>
          (accounts ?? []).flatMap((account) =>
            (regions ?? []).map((region) => registryKey({ account, region })),
          ),
        ),
      ),
    ],
  };
}

function isOfSecrets(changes: readonly ObservedChange[]): boolean {
  return changes.length > 0 && changes.every(({ thing }) => thing === "secret");
}
