import * as z from "zod";
import { registryFact } from "./fact.ts";

/** The registry's policy, as the text that ECR gives. */
export const registryPolicy = registryFact(
  "ecr:GetRegistryPolicy",
  z.string(),
  "The policy's JSON text; absent: none is set.",
);
