import { keysOf, pluck } from "../core/records.ts";
import { creationTemplates } from "./creation-templates.ts";
import { registryPolicy } from "./registry-policy.ts";
import { scanning } from "./scanning.ts";
import { secrets } from "./secrets.ts";

/**
 * The facts of a registry beyond its rules. Each is collected only where an effective policy asks for it. The shape of
 * snapshots, what is collected, and what can be a gap in coverage all follow from this table.
 */
export const facts = { creationTemplates, scanning, registryPolicy, secrets } as const;

/** The name of a fact. */
export type FactName = keyof typeof facts;

/** The names of all facts. */
export const factNames = keysOf(facts);

/** The schema of each fact in a snapshot. */
export const factSchemas = pluck(facts, "schema");
