import { fileURLToPath } from "node:url";
import type { World } from "../simulator/world.ts";
import { account, registry, rule, type WorldParts, world } from "../simulator/world-builder.ts";

/** The account that audits. Its one rule is sound. */
export const HUB = "111122223333";
/** The account whose rule for Docker Hub fails validation; its other rule is sound. */
export const MEMBER = "444455556666";
/** The region of both. */
export const REGION = "eu-west-1";

const TOPIC = "pull-through-audit";
const EVENT_BUS = "pull-through-auditor";

/** Two accounts, one failing rule, and the notifiers. */
export function fleet(parts: Omit<WorldParts, "accounts"> = {}): World {
  return world({
    hub: { region: REGION, principal: "role" },
    accounts: [
      account(HUB, {
        regions: {
          [REGION]: registry([rule("ecr-public", "ecr-public")], {
            topics: [{ name: TOPIC, publishers: [] }],
            eventBuses: [EVENT_BUS],
          }),
        },
      }),
      account(MEMBER, {
        regions: {
          [REGION]: registry([
            rule("docker-hub", "docker-hub", {
              validation: { isValid: false, failure: "unauthorized: incorrect username or password" },
            }),
            rule("quay", "quay"),
          ]),
        },
      }),
    ],
    ...parts,
  });
}

/** The settings of an auditor that audits the whole {@link fleet} and publishes to its topic and its bus. */
export const settings = {
  AUDIT_POLICY: fileURLToPath(new URL("fleet-policy.json", import.meta.url)),
  AUDIT_TOPIC_ARN: `arn:aws:sns:${REGION}:${HUB}:${TOPIC}`,
  AUDIT_EVENT_BUS: EVENT_BUS,
  AUDIT_CONFIRM_AFTER_SECONDS: "0",
} as const satisfies Readonly<Record<string, string>>;

/** The same, but for a topic that is not there. */
export const settingsWithoutTopic = {
  ...settings,
  AUDIT_TOPIC_ARN: `arn:aws:sns:${REGION}:${HUB}:deleted`,
} as const satisfies Readonly<Record<string, string>>;
