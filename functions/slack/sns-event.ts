import * as z from "zod";
import { firstLines } from "../../src/core/first-lines.ts";
import { jsonPath } from "../../src/core/problem.ts";
import { type MachineDigest, machineDigestSchema } from "../../src/notifiers/sns/machine-schema.ts";

/** A message from a topic. SNS passes the text under the key `default` to Lambda functions. */
export type TopicMessage = { readonly id: string; readonly text: string };

/** An event or a digest that cannot be parsed. Lists all problems. */
export class UnreadableMessageError extends Error {
  override readonly name = "UnreadableMessageError";

  constructor(what: string, { issues }: z.ZodError) {
    const problems = issues.map(({ path, message }) => `${jsonPath(path)}: ${message}`);
    super([`${what} cannot be read:`, ...firstLines(problems)].join("\n"));
  }
}

/** An SNS event (AWS Lambda developer guide, "Using Lambda with Amazon SNS", November 2026). */
const eventSchema = z.object({
  Records: z
    .array(
      z.object({
        EventSource: z.literal("aws:sns"),
        Sns: z.object({ MessageId: z.string(), Message: z.string() }),
      }),
    )
    .min(1),
});

const productSchema = machineDigestSchema.unwrap().pick({ product: true });

/**
 * The messages in an SNS event.
 *
 * @throws UnreadableMessageError for any other event
 */
export function messagesIn(event: unknown): readonly TopicMessage[] {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) throw new UnreadableMessageError("The event", parsed.error);
  return parsed.data.Records.map(({ Sns }) => ({ id: Sns.MessageId, text: Sns.Message }));
}

/**
 * The digest in a message; `null` for a message from another publisher.
 *
 * @throws UnreadableMessageError for an invalid digest: no alert may be lost
 */
export function digestIn(text: string): MachineDigest | null {
  const content = jsonIn(text);
  if (!productSchema.safeParse(content).success) return null;
  const parsed = machineDigestSchema.safeParse(content);
  if (!parsed.success) throw new UnreadableMessageError("The digest", parsed.error);
  return parsed.data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
