import type * as z from "zod";
import { anyNamePatternsSchema } from "./names.ts";
import { anyOrganizationalUnitsSchema } from "./scope.ts";

/** The properties by which a section names registries. All that are given must fit; an empty list always does. */
export const placeShape = {
  accounts: anyNamePatternsSchema.optional().describe("Account ids."),
  organizationalUnits: anyOrganizationalUnitsSchema
    .optional()
    .describe("Organizational units; accounts at any depth below count."),
  regions: anyNamePatternsSchema.optional().describe("Regions."),
} as const;

/** Registries, named by account, organizational unit and region. */
export type PlacePatterns = {
  readonly [Key in keyof typeof placeShape]?: z.infer<(typeof placeShape)[Key]>;
};
