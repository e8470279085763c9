import { MEMBER, smallWorld } from "../../e2e/support/organization.ts";
import type { Fault } from "../../simulator/faults.ts";
import type { World } from "../../simulator/world.ts";
import { rule } from "../../simulator/world-builder.ts";

const deniedRegistry: Fault = {
  on: { service: "ecr", account: MEMBER },
  effect: { kind: "deny", by: "service-control-policy" },
};

/** Worlds by what an audit says of them; what fails has the severity high. */
export const worlds = {
  compliant: () => smallWorld(),
  failing: () => smallWorld({ rules: [broken] }),
  incomplete: () => smallWorld({ faults: [deniedRegistry] }),
  "failing and incomplete": () =>
    smallWorld({
      rules: [broken, rule("quay", "quay")],
      faults: [
        {
          on: { operation: "ValidatePullThroughCacheRule", prefix: "quay" },
          effect: { kind: "deny", by: "missing-permission" },
        },
      ],
    }),
} as const satisfies Record<string, () => World>;

const broken = rule("docker-hub", "docker-hub", {
  validation: { isValid: false, failure: "unauthorized: authentication required" },
});
