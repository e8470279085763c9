import * as z from "zod";
import { isKnownUpstream, upstreams } from "../../ecr/upstream.ts";
import { defineSection } from "./section.ts";
import { namePatternsSchema } from "./where.ts";

/** The properties that only mean something for upstreams with this way of authenticating. */
const onlyFor = {
  accounts: "role",
  regions: "role",
  roleNames: "role",
  secretNames: "secret",
} as const;

const authenticatesWith = {
  role: "which only ECR upstreams have",
  secret: "which this upstream does not authenticate with",
} as const;

/** The name of an upstream registry. Open: AWS adds new ones. */
export const upstreamNameSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be the name of an upstream registry, such as docker-hub")
  .describe(`The upstream registry as ECR names it: ${Object.keys(upstreams).join(", ")}, or a newer one.`);

/** One upstream that rules may cache, and how. */
export const allowedUpstreamSchema = z
  .strictObject({
    registry: upstreamNameSchema,
    urls: namePatternsSchema
      .optional()
      .describe("Allowed hosts, for registries that have one for each customer (Azure, ECR)."),
    prefixes: namePatternsSchema.optional().describe("The prefixes that rules for this upstream may have."),
    secretNames: namePatternsSchema.optional().describe("The secrets that may be used to authenticate."),
    accounts: namePatternsSchema.optional().describe("For ecr: the accounts that may be cached from."),
    regions: namePatternsSchema.optional().describe("For ecr: the regions that may be cached from."),
    upstreamPrefixes: namePatternsSchema
      .optional()
      .describe("The repository prefixes of the upstream that may be cached; ROOT is all of it."),
    roleNames: namePatternsSchema.optional().describe("For ecr: the roles that rules may use."),
  })
  .superRefine((entry, context) => {
    if (!isKnownUpstream(entry.registry)) return;
    const { authentication } = upstreams[entry.registry];
    for (const [key, needed] of Object.entries(onlyFor)) {
      if (key in entry && authentication !== needed) {
        context.addIssue({
          code: "custom",
          path: [key],
          message: `speaks of a ${needed}'s matter, ${authenticatesWith[needed]}`,
        });
      }
    }
  });

/** The upstreams that rules may cache. */
const allowedUpstreamsSchema = z.array(allowedUpstreamSchema).readonly();

/** One entry of `allowedUpstreams`. */
export type AllowedUpstream = Readonly<z.infer<typeof allowedUpstreamSchema>>;

/** The section `allowedUpstreams`. */
export const allowedUpstreamsSection = defineSection({
  schema: allowedUpstreamsSchema.describe("The upstreams that rules may cache; an empty list allows none."),
  change: allowedUpstreamsSchema.describe("Replaces the list."),
  merging: "replaced",
});
