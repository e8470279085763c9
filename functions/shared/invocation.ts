import * as z from "zod";
import { callRecordSchema, changeIn } from "../../src/audit/changes/call-record.ts";
import type { NotifyWhen } from "../../src/audit/deliver/routing.ts";
import { type AuditRequest, wholeScope } from "../../src/audit/plan/request.ts";
import { PULL_EVENT, type PullEvent, pullEventSchema } from "../../src/audit/pulls/pull-event.ts";
import { firstLines } from "../../src/core/first-lines.ts";
import { problemsWith } from "../../src/core/json-file.ts";
import { problemLine } from "../../src/core/problem.ts";
import type { Registry } from "../../src/ecr/registry.ts";
import { accountIdSchema, regionSchema } from "../../src/ecr/target.ts";
import type { ObservedChange } from "../../src/schemas/change.ts";

/** The request of one invocation. */
export type Invocation = {
  readonly request: AuditRequest;
  /** Deliver nothing and store nothing. */
  readonly dryRun: boolean;
  /** When to notify SNS topics; `null`: as the policy says. */
  readonly notify: NotifyWhen | null;
  /** The changes that events report. */
  readonly changes: readonly ObservedChange[];
  /** The pulls that events report. */
  readonly pulls: readonly PullEvent[];
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
 * A call of ECR or Secrets Manager, as CloudTrail sends it to EventBridge (AWS CloudTrail user guide, "CloudTrail record
 * contents", November 2026). `account` is the account whose registry or secret changed.
 */
const cloudTrailSchema = z.looseObject({ account: accountIdSchema, detail: callRecordSchema });

/** A call that failed, and so changed nothing. */
const failedCallSchema = z.looseObject({
  "detail-type": z.literal("AWS API Call via CloudTrail"),
  detail: z.looseObject({ eventName: z.string().optional(), errorCode: z.string().min(1) }),
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
  if (eventSchema.safeParse(event).success) return parseEvent(event);
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
    changes: [],
    pulls: [],
  };
}

/**
 * Parses an event of AWS.
 *
 * @throws InvalidEventError with all problems
 */
export function parseEvent(event: unknown): Invocation {
  return { ...askedBy(parse(eventSchema, event)), dryRun: false, notify: null };
}

/** Why an event needs no audit: it reports a call that failed. `null` for any other event. */
export function failedCallIn(event: unknown): string | null {
  const { data } = failedCallSchema.safeParse(event);
  if (data === undefined) return null;
  const { eventName = "The call", errorCode } = data.detail;
  return `${eventName} failed with ${errorCode} and changed nothing.`;
}

/** What an event asks for. */
type Asked = Pick<Invocation, "request" | "changes" | "pulls">;

function askedBy(event: z.infer<typeof eventSchema>): Asked {
  switch (event["detail-type"]) {
    case "Scheduled Event":
      return { request: wholeScope("schedule"), changes: [], pulls: [] };
    case "AWS API Call via CloudTrail": {
      const { account, detail } = parse(cloudTrailSchema, event);
      return afterChange(changeIn(account, detail));
    }
    case PULL_EVENT: {
      const { account, region, detail } = parse(pullThroughSchema, event);
      const request = narrowed({ account, region }, [detail["ecr-repository-prefix"]]);
      // An event that cannot be recorded still says which rule to look at.
      const pull = pullEventSchema.safeParse(event);
      return { request, changes: [], pulls: pull.success ? [pull.data] : [] };
    }
    default:
      throw new InvalidEventError(
        `The auditor does not support this event: detail-type ${JSON.stringify(event["detail-type"])}`,
      );
  }
}

/** A changed rule is audited alone. The rules of any other change are known only when they are listed. */
function afterChange(change: ObservedChange): Asked {
  const prefixes = change.thing === "rule" && change.name !== null ? [change.name] : null;
  return { request: narrowed(change, prefixes), changes: [change], pulls: [] };
}

function narrowed({ account, region }: Registry, prefixes: readonly string[] | null): AuditRequest {
  return { trigger: "event", accounts: [account], regions: [region], prefixes };
}

function parse<Schema extends z.ZodType>(schema: Schema, event: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(event, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = problemsWith(schema, parsed.error.issues).map(problemLine);
  throw new InvalidEventError(["The event is not valid:", ...firstLines(problems)].join("\n"));
}
