import * as z from "zod";
import { registryFact } from "./fact.ts";

/** The schema of {@link Scanning}. */
const scanningConfigurationSchema = z.strictObject({
  scanType: z.string().describe("BASIC or ENHANCED."),
  rules: z
    .array(z.strictObject({ scanFrequency: z.string(), filters: z.array(z.string()).readonly() }))
    .readonly(),
});

/** A registry's scanning configuration (ECR API, `RegistryScanningConfiguration`, read November 2026). */
export type Scanning = Readonly<z.infer<typeof scanningConfigurationSchema>>;

/** The registry's scanning configuration. */
export const scanning = registryFact("ecr:GetRegistryScanningConfiguration", scanningConfigurationSchema);
