import * as z from "zod";
import { anyOrganizationalUnitsSchema } from "./scope.ts";

const namePattern = z.string().min(1).describe("A name; `*` matches any characters, `?` matches one.");

/** A list of names in which `*` and `?` are wildcards. */
export const namePatternsSchema = z.array(namePattern).min(1).readonly();

/** A list of names in which `*` and `?` are wildcards. An empty list matches everything. */
export const anyNamePatternsSchema = z.array(namePattern).readonly();

/** The properties with which a section selects registries. All must match; an empty list matches everything. */
export const registryPatternsShape = {
  accounts: anyNamePatternsSchema.optional().describe("Account ids."),
  organizationalUnits: anyOrganizationalUnitsSchema
    .optional()
    .describe("Organizational units, including the units nested in them."),
  regions: anyNamePatternsSchema.optional().describe("Regions."),
} as const;

/** Registries, selected by account, organizational unit and region. */
export type RegistryPatterns = {
  readonly [Key in keyof typeof registryPatternsShape]?: z.infer<(typeof registryPatternsShape)[Key]>;
};
