import * as z from "zod";
import { isKnownUpstream, upstreams } from "../../ecr/upstream.ts";
import { defineSection } from "./section.ts";
import { namePatternsSchema } from "./where.ts";

/** The properties that apply only to upstreams with this kind of authentication. */
const onlyFor = {
  accounts: "role",
  regions: "role",
  roleNames: "role",
  secretNames: "secret",
} as const;

const reasons = {
  role: "applies only to ECR upstreams",
  secret: "applies only to upstreams that authenticate with a secret",
} as const;

/** The name of an upstream registry. Any name is valid, because AWS adds new registries. */
export const upstreamNameSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be the name of an upstream registry, such as docker-hub")
  .describe(`The upstream registry as ECR names it: ${Object.keys(upstreams).join(", ")}, or a newer one.`)
  // Editors complete these.
  .meta({ examples: Object.keys(upstreams) });

/** One upstream that rules may cache, and how. */
export const allowedUpstreamSchema = z
  .strictObject({
    registry: upstreamNameSchema,
    urls: namePatternsSchema
      .optional()
      .describe("Allowed hosts, for registries with one host per customer (Azure, ECR)."),
    prefixes: namePatternsSchema.optional().describe("The prefixes that rules for this upstream may have."),
    secretNames: namePatternsSchema
      .optional()
      .describe("The names of the secrets that rules may authenticate with."),
    accounts: namePatternsSchema.optional().describe("For ecr: the accounts that rules may cache from."),
    regions: namePatternsSchema.optional().describe("For ecr: the regions that rules may cache from."),
    upstreamPrefixes: namePatternsSchema
      .optional()
      .describe("The repository prefixes of the upstream that rules may cache; ROOT is the whole upstream."),
    roleNames: namePatternsSchema.optional().describe("For ecr: the names of the roles that rules may use."),
  })
  .superRefine((entry, context) => {
    if (!isKnownUpstream(entry.registry)) return;
    const { authentication } = upstreams[entry.registry];
    for (const [key, needed] of Object.entries(onlyFor)) {
      if (key in entry && authentication !== needed) {
        context.addIssue({
          code: "custom",
          path: [key],
          message: reasons[needed],
        });
      }
    }
  });

/** The upstreams that rules may cache. */
const allowedUpstreamsSchema = z.array(allowedUpstreamSchema).readonly();

/** One entry of `allowedUpstreams`. */
export type AllowedUpstream = Readonly<z.infer<typeof allowedUpstreamSchema>>;

/** The `allowedUpstreams` section. */
export const allowedUpstreamsSection = defineSection({
  schema: allowedUpstreamsSchema.describe("The upstreams that rules may cache; an empty list allows none."),
  change: allowedUpstreamsSchema.describe("Replaces the list."),
  merging: "replaced",
});
