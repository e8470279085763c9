import * as z from "zod";
import { keysOf, pluck } from "../../core/records.ts";
import { allowedUpstreamsSection } from "./allowed-upstreams.ts";
import { cachedRepositoriesSection } from "./cached-repositories.ts";
import { changesSection } from "./changes.ts";
import { checksSection } from "./checks.ts";
import { creationTemplatesSection } from "./creation-templates.ts";
import { failedPullsSection } from "./failed-pulls.ts";
import { prefixesSection } from "./prefixes.ts";
import { registryPolicySection } from "./registry-policy.ts";
import { requiredRulesSection } from "./required-rules.ts";
import { scanningSection } from "./scanning.ts";
import { secretsSection } from "./secrets.ts";
import { depths, merge } from "./section.ts";
import { undeclaredRulesSection } from "./undeclared-rules.ts";

/**
 * The sections that affect the evaluation of a registry. The policy's schema, the schema of overrides and the way in
 * which overrides are applied are all derived from this table, in its order.
 */
const sections = {
  allowedUpstreams: allowedUpstreamsSection,
  prefixes: prefixesSection,
  requiredRules: requiredRulesSection,
  undeclaredRules: undeclaredRulesSection,
  secrets: secretsSection,
  creationTemplates: creationTemplatesSection,
  scanning: scanningSection,
  registryPolicy: registryPolicySection,
  cachedRepositories: cachedRepositoriesSection,
  failedPulls: failedPullsSection,
  changes: changesSection,
  checks: checksSection,
} as const;

/** The schema of each section in the policy. */
export const sectionSchemas = pluck(sections, "schema");

/** The schema of each section in an override. */
export const changeSchemas = pluck(sections, "change");

/** How many levels below a section an override replaces its parts as a whole. */
export function depthOf(section: keyof typeof sections): number {
  return depths[sections[section].merging];
}

const sectionsSchema = z.strictObject(sectionSchemas);

type Sections = z.infer<typeof sectionsSchema>;
type Changes = z.infer<z.ZodObject<typeof changeSchemas>>;

/** Applies the changes of an override to the sections. Sections that the override omits do not change. Pure. */
export function mergeSections(base: Sections, changes: Changes): Sections {
  const merged = keysOf(sections).map((name) => [
    name,
    merge(base[name], changes[name], sections[name].merging),
  ]);
  return sectionsSchema.parse(Object.fromEntries(merged));
}
