import * as z from "zod";
import { ROOT_PREFIX } from "../ecr/rule.ts";
import { isKnownUpstream, recognizeUpstream, upstreams } from "../ecr/upstream.ts";
import { present } from "../facts/evidence.ts";
import type { ObservedRule, Validation } from "../facts/snapshot.ts";
import { upstreamNameSchema } from "../policy/sections/allowed-upstreams.ts";

const validationSchema = z
  .union(
    [
      z.literal("valid"),
      z.strictObject({ invalid: z.string().min(1).describe("The reason that AWS gives.") }),
      z.strictObject({ declined: z.string().min(1).describe("Why AWS does not validate such a rule.") }),
    ],
    { error: 'must be "valid", {"invalid": "…"} or {"declined": "…"}' },
  )
  .default("valid")
  .describe("The result of ValidatePullThroughCacheRule.");

/** The schema of a rule in a case. */
export const ruleUnderTestSchema = z
  .strictObject({
    ecrRepositoryPrefix: z.string().min(2).max(30).describe("The rule's prefix."),
    upstreamRegistry: upstreamNameSchema.optional(),
    upstreamRegistryUrl: z
      .string()
      .min(1)
      .optional()
      .describe("The upstream's host. Default: the host of upstreamRegistry, if it has a single host."),
    upstreamRepositoryPrefix: z
      .string()
      .min(2)
      .max(30)
      .default(ROOT_PREFIX)
      .describe("The part of the upstream that is cached; ROOT is the whole upstream."),
    credentialArn: z.string().min(1).optional().describe("The secret it authenticates with."),
    customRoleArn: z
      .string()
      .min(1)
      .optional()
      .describe("The role with which ECR reads another ECR registry."),
    createdAt: z.iso.datetime().optional().describe("When it was created."),
    updatedAt: z.iso.datetime().optional().describe("When it was last changed."),
    validation: validationSchema,
  })
  .refine((rule) => urlOf(rule) !== null, {
    path: ["upstreamRegistryUrl"],
    error: "is missing: it can be omitted only if upstreamRegistry has a single host",
  });

type RuleUnderTest = Readonly<z.infer<typeof ruleUnderTestSchema>>;

type Upstream = {
  readonly upstreamRegistry?: string | undefined;
  readonly upstreamRegistryUrl?: string | undefined;
};

function urlOf({ upstreamRegistry = "", upstreamRegistryUrl }: Upstream): string | null {
  if (upstreamRegistryUrl !== undefined) return upstreamRegistryUrl;
  return isKnownUpstream(upstreamRegistry) ? upstreams[upstreamRegistry].host : null;
}

/** The rule as an audit would observe it. */
export function observedRuleOf(rule: RuleUnderTest): ObservedRule {
  const upstreamRegistryUrl = urlOf(rule) ?? "";
  return {
    rule: {
      ecrRepositoryPrefix: rule.ecrRepositoryPrefix,
      upstreamRegistryUrl,
      upstreamRegistry: recognizeUpstream(upstreamRegistryUrl, rule.upstreamRegistry),
      upstreamRepositoryPrefix: rule.upstreamRepositoryPrefix,
      credentialArn: rule.credentialArn ?? null,
      customRoleArn: rule.customRoleArn ?? null,
      createdAt: rule.createdAt ?? null,
      updatedAt: rule.updatedAt ?? null,
    },
    validation: present(validationOf(rule.validation)),
  };
}

function validationOf(validation: RuleUnderTest["validation"]): Validation {
  if (validation === "valid") return { outcome: "valid" };
  if ("invalid" in validation) return { outcome: "invalid", failure: validation.invalid };
  return { outcome: "declined", detail: validation.declined };
}
