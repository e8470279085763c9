import type { Identity, Notifiers } from "../audit/ports.ts";
import type { ClientDefaults } from "../aws/http.ts";
import { systemClock } from "../local/clock.ts";
import { eventBridgeNotifier } from "../notifiers/eventbridge/eventbridge.ts";
import { securityHubNotifier } from "../notifiers/security-hub/security-hub.ts";
import { snsNotifier } from "../notifiers/sns/sns.ts";
import type { Settings } from "./settings.ts";

/** No notifiers: nothing is published, and the policy's routes are not followed. */
export const noNotifiers: Notifiers = { integrations: [], topic: null, defaultTopic: null };

/** Opens the notifiers that the settings name. */
export function openNotifiers(
  { topicArn, eventBus, securityHub }: Settings,
  defaults: ClientDefaults,
  identity: Identity,
): Notifiers {
  return {
    integrations: [
      ...(eventBus === null ? [] : [eventBridgeNotifier(eventBus, defaults, systemClock)]),
      ...(securityHub ? [securityHubNotifier(identity, defaults, systemClock)] : []),
    ],
    topic: (arn) => snsNotifier(arn, defaults),
    defaultTopic: topicArn,
  };
}
