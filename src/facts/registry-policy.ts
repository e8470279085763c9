import * as z from "zod";
import { registryFact } from "./fact.ts";

/** The registry policy, as the text that ECR returns. */
export const registryPolicy = registryFact(
  "ecr:GetRegistryPolicy",
  z.string(),
  "The policy's JSON text; absent: no policy is set.",
);
