import * as z from "zod";
import { changeSchemas } from "./index.ts";
import { registryPatternsShape } from "./where.ts";

/** What holds otherwise for some registries. */
export const overrideSchema = z.strictObject({
  where: z
    .strictObject(registryPatternsShape)
    .describe("The registries it holds for. All that is given must fit; an empty list always does."),
  set: z
    .strictObject(changeSchemas)
    .describe("The sections that differ. Lists are replaced, objects merged key by key."),
});

/** One entry of `overrides`. */
export type Override = Readonly<z.infer<typeof overrideSchema>>;

/** What holds otherwise for some registries; later entries win. */
export const overridesSchema = z.array(overrideSchema).readonly();
