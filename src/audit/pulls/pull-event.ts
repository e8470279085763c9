import * as z from "zod";
import { withoutSecrets } from "../../core/collected.ts";
import { sha256Of } from "../../core/ids.ts";
import { withoutSlash } from "../../ecr/prefix.ts";
import type { Registry } from "../../ecr/registry.ts";
import { accountIdSchema, regionSchema } from "../../ecr/target.ts";

/** The detail type of ECR's events about pulls through rules. */
export const PULL_EVENT = "ECR Pull Through Cache Action";

/** The most characters of the texts that events carry, so that no event fills the store. */
const longest = { code: 100, repository: 256, tag: 128, reason: 500, prefix: 256, id: 200 } as const;

/** How a pull through a rule failed. */
export type PullFailure = {
  readonly code: string;
  readonly repository: string | null;
  readonly tag: string | null;
  readonly reason: string | null;
};

/** One pull through a rule, as ECR reported it. */
export type PullEvent = Registry & {
  /** The rule's prefix, without a slash at its end. */
  readonly prefix: string;
  /** A digest of the event's ID, of eight characters. */
  readonly id: string;
  /** When the pull happened, in milliseconds. */
  readonly at: number;
  /** `null`: the pull succeeded. */
  readonly failure: PullFailure | null;
};

const textUpTo = (most: number) =>
  z
    .string()
    .transform((text) => text.slice(0, most).toWellFormed())
    .transform((text) => (text === "" ? null : text))
    .nullish()
    .catch(null)
    .transform((text) => text ?? null);

/**
 * An event as EventBridge delivers it (Amazon ECR user guide, "Amazon ECR events and EventBridge", November 2026). Which
 * failure codes there are is not documented, so any is accepted. Only what decides about the record must be valid.
 */
const eventSchema = z.looseObject({
  id: z.string().min(1).max(longest.id),
  source: z.literal("aws.ecr"),
  "detail-type": z.literal(PULL_EVENT),
  account: accountIdSchema,
  region: regionSchema,
  time: z.iso.datetime({ offset: true }),
  resources: z.array(z.string()).optional(),
  detail: z.looseObject({
    "sync-status": z.string().min(1).max(100),
    "ecr-repository-prefix": z.string().min(1).max(longest.prefix),
    "repository-name": textUpTo(longest.repository),
    "image-tag": textUpTo(longest.tag),
    "failure-code": textUpTo(longest.code),
    "failure-reason": textUpTo(longest.reason),
  }),
});

/** The schema of an event about a pull, which becomes a {@link PullEvent}. */
export const pullEventSchema = eventSchema.transform((event, context): PullEvent => {
  const { account, region, detail, id, time } = event;
  const foreign = event.resources?.find((arn) => !isOf(arn, { account, region }));
  if (foreign !== undefined) {
    return refused(
      context,
      ["resources"],
      "must be of the event's account and region",
      foreign.slice(0, 300),
    );
  }
  const failure = failureOf(detail);
  if (failure === undefined) {
    return refused(
      context,
      ["detail", "sync-status"],
      "says neither that the pull succeeded nor that it failed",
      detail["sync-status"],
    );
  }
  return {
    account,
    region,
    prefix: withoutSlash(detail["ecr-repository-prefix"].toWellFormed()),
    id: Buffer.from(sha256Of(id), "hex").subarray(0, 6).toString("base64"),
    at: Date.parse(time),
    failure,
  };
});

function refused(context: z.RefinementCtx, path: string[], message: string, input: string): never {
  context.issues.push({ code: "custom", path, message, input });
  return z.NEVER;
}

/** Only the value SUCCESS is documented. A status that is neither that nor a failure is no reason for an alarm. */
function failureOf(detail: z.output<typeof eventSchema>["detail"]): PullFailure | null | undefined {
  const status = detail["sync-status"];
  const code = detail["failure-code"];
  if (status === "SUCCESS") return null;
  if (code === null && !/fail|error/i.test(status)) return undefined;
  const reason = detail["failure-reason"];
  return {
    code: code ?? "Unknown",
    repository: detail["repository-name"],
    tag: detail["image-tag"],
    reason: reason === null ? null : withoutSecrets(reason),
  };
}

/** Whether a resource of an event is of the account and region that EventBridge names as its origin. */
function isOf(arn: string, { account, region }: Registry): boolean {
  const [, , service, ofRegion, ofAccount] = arn.split(":");
  return service === "ecr" && ofRegion === region && ofAccount === account;
}
