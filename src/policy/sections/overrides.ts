import * as z from "zod";
import { changeSchemas } from "./index.ts";
import { registryPatternsShape } from "./where.ts";

/** Different requirements for some registries. */
export const overrideSchema = z.strictObject({
  where: z
    .strictObject(registryPatternsShape)
    .describe("The registries to which it applies. All keys must match; an empty list matches everything."),
  set: z
    .strictObject(changeSchemas)
    .describe("The sections to change. Lists are replaced, objects are merged key by key."),
});

/** One entry of `overrides`. */
export type Override = Readonly<z.infer<typeof overrideSchema>>;

/** The overrides of a policy. Later entries take precedence. */
export const overridesSchema = z.array(overrideSchema).readonly();
