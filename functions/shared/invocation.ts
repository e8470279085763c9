import * as z from "zod";
import type { NotifyWhen } from "../../src/audit/deliver/routing.ts";
import { type AuditRequest, wholeScope } from "../../src/audit/plan/request.ts";
import { firstLines } from "../../src/core/first-lines.ts";
import { jsonPath } from "../../src/core/problem.ts";
import { accountIdSchema, regionSchema } from "../../src/ecr/target.ts";

/** The request of one invocation. */
export type Invocation = {
  readonly request: AuditRequest;
  /** Deliver nothing and store nothing. */
  readonly dryRun: boolean;
  /** When to notify SNS topics; `null`: as the policy says. */
  readonly notify: NotifyWhen | null;
};

/** An event that is neither a valid request nor a supported AWS event. Lists all problems. */
export class InvalidEventError extends Error {
  override readonly name = "InvalidEventError";
}

const requestSchema = z.strictObject({
  accounts: z.array(accountIdSchema).min(1).optional(),
  regions: z.array(regionSchema).min(1).optional(),
  prefixes: z.array(z.string().min(2).max(30)).min(1).optional(),
  dryRun: z.boolean().default(false),
  notify: z.enum(["changes", "always", "never"]).optional(),
});

/** An EventBridge event, from a scheduled rule, from EventBridge Scheduler or from a service. */
const eventSchema = z.looseObject({ source: z.string(), "detail-type": z.string() });

/**
 * An ECR API call, as CloudTrail sends it to EventBridge (AWS CloudTrail user guide, "CloudTrail record contents",
 * November 2026). `account` is the account whose registry changed.
 */
const cloudTrailSchema = z.looseObject({
  account: accountIdSchema,
  detail: z.looseObject({
    eventName: z.enum([
      "CreatePullThroughCacheRule",
      "UpdatePullThroughCacheRule",
      "DeletePullThroughCacheRule",
    ]),
    awsRegion: regionSchema,
    requestParameters: z.looseObject({ ecrRepositoryPrefix: z.string() }),
  }),
});

/** An ECR event about a pull through a rule (Amazon ECR user guide, "Amazon ECR events", November 2026). */
const pullThroughSchema = z.looseObject({
  account: accountIdSchema,
  region: regionSchema,
  detail: z.looseObject({ "ecr-repository-prefix": z.string() }),
});

/**
 * Parses the event of a Lambda invocation: a request of a user, or an event of AWS.
 *
 * @throws InvalidEventError with all problems
 */
export function parseInvocation(event: unknown): Invocation {
  const sent = eventSchema.safeParse(event);
  if (sent.success) return { request: requestOf(sent.data), dryRun: false, notify: null };
  const { accounts, regions, prefixes, dryRun, notify } = parse(requestSchema, event ?? {});
  return {
    request: {
      trigger: "console",
      accounts: accounts ?? null,
      regions: regions ?? null,
      prefixes: prefixes ?? null,
    },
    dryRun,
    notify: notify ?? null,
  };
}

function requestOf(event: z.infer<typeof eventSchema>): AuditRequest {
  switch (event["detail-type"]) {
    case "Scheduled Event":
      return wholeScope("schedule");
    case "AWS API Call via CloudTrail": {
      const { account, detail } = parse(cloudTrailSchema, event);
      return narrowed(account, detail.awsRegion, detail.requestParameters.ecrRepositoryPrefix);
    }
    case "ECR Pull Through Cache Action": {
      const { account, region, detail } = parse(pullThroughSchema, event);
      return narrowed(account, region, detail["ecr-repository-prefix"]);
    }
    default:
      throw new InvalidEventError(
        `The auditor does not support this event: detail-type ${JSON.stringify(event["detail-type"])}`,
      );
  }
}

function narrowed(account: string, region: string, prefix: string): AuditRequest {
  return { trigger: "event", accounts: [account], regions: [region], prefixes: [prefix] };
}

function parse<Schema extends z.ZodType>(schema: Schema, event: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${jsonPath(path)}: ${message}`);
  throw new InvalidEventError(["The event is not valid:", ...firstLines(problems)].join("\n"));
}
