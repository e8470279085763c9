import type { PolicyFile } from "../../support/builders.ts";

/** Whether the policy asks for a check at all: of one that it does not ask for an unread registry gives no UNKNOWN. */
export function isAsked(check: string, policy: PolicyFile): boolean {
  switch (check) {
    case "duplicate-upstream":
      return policy.prefixes?.duplicateUpstreams === "forbid";
    case "undeclared-rule":
      return policy.undeclaredRules === "forbid";
    case "required-rule":
      return (policy.requiredRules ?? []).length > 0;
    case "secret-health":
      return policy.secrets !== undefined;
    case "creation-template":
      return policy.creationTemplates !== undefined;
    case "scan-coverage":
      return policy.scanning !== undefined && policy.scanning.required !== false;
    case "registry-policy":
      return policy.registryPolicy !== undefined;
    default:
      return true;
  }
}
