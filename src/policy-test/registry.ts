import * as z from "zod";
import { absent, type Evidence, present } from "../model/evidence.ts";
import { nothingCollected, type RegistrySnapshot } from "../model/snapshot.ts";
import { accountIdSchema, regionSchema } from "../model/target.ts";
import { anyOrganizationalUnitsSchema } from "../policy/sections/scope.ts";
import { creationTemplateUnderTestSchema, scanningUnderTestSchema, secretUnderTestSchema } from "./facts.ts";
import { observedRuleOf, ruleUnderTestSchema } from "./rule.ts";

const left = "Left out: it was not read, and checks of it answer UNKNOWN.";

/** The schema of {@link RegistryUnderTest}. */
export const registryUnderTestSchema = z.strictObject({
  account: accountIdSchema,
  region: regionSchema,
  organizationId: z.string().min(1).optional().describe("The organization that the account belongs to."),
  organizationalUnits: anyOrganizationalUnitsSchema
    .default([])
    .describe("The root and the organizational units that the account lies in, at every depth."),
  rules: z.array(ruleUnderTestSchema).readonly().describe("The registry's pull through cache rules."),
  creationTemplates: z
    .array(creationTemplateUnderTestSchema)
    .readonly()
    .optional()
    .describe(`The registry's repository creation templates. ${left}`),
  scanning: scanningUnderTestSchema.optional().describe(`How the registry is scanned. ${left}`),
  registryPolicy: z
    .record(z.string(), z.unknown())
    .nullable()
    .optional()
    .describe(`The registry's policy as an IAM document; null: none is set. ${left}`),
  secrets: z
    .record(z.string(), secretUnderTestSchema.nullable())
    .default({})
    .describe("The rules' secrets by ARN; null: there is none. One left out was not read."),
});

/** A registry as a case describes it: healthy wherever it says nothing. */
export type RegistryUnderTest = Readonly<z.infer<typeof registryUnderTestSchema>>;

/** The facts that an audit would have read of a case's registry. */
export function snapshotOf(registry: RegistryUnderTest, at: Date): RegistrySnapshot {
  const { account, region, organizationId = null, organizationalUnits, rules, secrets } = registry;
  const { creationTemplates, scanning, registryPolicy } = registry;
  return {
    target: { account, accountName: null, organizationId, organizationalUnits, region },
    collectedAt: at.toISOString(),
    rules: present(rules.map(observedRuleOf)),
    creationTemplates:
      creationTemplates === undefined ? nothingCollected.creationTemplates : present(creationTemplates),
    scanning: scanning === undefined ? nothingCollected.scanning : present(scanning),
    registryPolicy: registryPolicyOf(registryPolicy),
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([arn, secret]) => [
        arn,
        secret === null ? absent : present({ ...secret, name: secretNameOf(arn) }),
      ]),
    ),
  };
}

function registryPolicyOf(policy: RegistryUnderTest["registryPolicy"]): Evidence<string> {
  if (policy === undefined) return nothingCollected.registryPolicy;
  return policy === null ? absent : present(JSON.stringify(policy));
}

/** The name within a secret's ARN, which Secrets Manager ends with a hyphen and six random characters. */
function secretNameOf(arn: string): string {
  return arn.replace(/^.*:secret:/, "").replace(/-[A-Za-z0-9]{6}$/, "");
}
