import * as z from "zod";
import { anyOrganizationalUnitsSchema } from "./scope.ts";

const namePattern = z.string().min(1).describe("A name; `*` stands for any characters, `?` for one.");

/** A list of names in which `*` and `?` are wildcards. */
export const namePatternsSchema = z.array(namePattern).min(1).readonly();

/** A list of names in which `*` and `?` are wildcards; an empty one narrows nothing. */
export const anyNamePatternsSchema = z.array(namePattern).readonly();

/** The properties by which a section names registries. All that are given must fit; an empty list always does. */
export const registryPatternsShape = {
  accounts: anyNamePatternsSchema.optional().describe("Account ids."),
  organizationalUnits: anyOrganizationalUnitsSchema
    .optional()
    .describe("Organizational units; accounts at any depth below count."),
  regions: anyNamePatternsSchema.optional().describe("Regions."),
} as const;

/** Registries, named by account, organizational unit and region. */
export type RegistryPatterns = {
  readonly [Key in keyof typeof registryPatternsShape]?: z.infer<(typeof registryPatternsShape)[Key]>;
};
