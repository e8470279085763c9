import type { Identity, Outlets } from "../audit/ports.ts";
import type { ClientDefaults } from "../aws/http.ts";
import { systemClock } from "../local/clock.ts";
import { eventBridgeOutlet } from "../notifiers/eventbridge/eventbridge.ts";
import { securityHubOutlet } from "../notifiers/security-hub/security-hub.ts";
import { snsOutlet } from "../notifiers/sns/sns.ts";
import type { Settings } from "./settings.ts";

/** Nobody. */
export const noOutlets: Outlets = { machines: [], topic: unreachableTopic, defaultTopic: null };

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
