import type { CheckId } from "../../../src/checks/index.ts";
import type { PolicyFile } from "../../support/builders.ts";

/** The checks that the oracle knows: those of the catalogue, and the one of a policy's own that storms are made with. */
export type OracleId = CheckId | "no-quay";

const always = () => true;

/**
 * Whether the policy asks for a check at all: of one that it does not ask for an unread registry gives no UNKNOWN.
 * Does not compile when a check of the catalogue is missing.
 */
export const isAsked = {
  "rule-validation": always,
  "allowed-upstream": always,
  "prefix-convention": always,
  "root-prefix": always,
  "overlapping-prefixes": always,
  "duplicate-upstream": ({ prefixes }) => prefixes?.duplicateUpstreams === "forbid",
  "upstream-credentials": always,
  "secret-health": ({ secrets }) => secrets !== undefined,
  "upstream-role": always,
  "upstream-scope": always,
  "required-rule": ({ requiredRules = [] }) => requiredRules.length > 0,
  "undeclared-rule": ({ undeclaredRules }) => undeclaredRules === "forbid",
  "creation-template": ({ creationTemplates }) => creationTemplates !== undefined,
  "scan-coverage": ({ scanning }) => scanning !== undefined && scanning.required !== false,
  "registry-policy": ({ registryPolicy }) => registryPolicy !== undefined,
  "rule-quota": always,
  "fleet-consistency": always,
  "no-quay": always,
} satisfies Record<OracleId, (policy: PolicyFile) => boolean>;
