import * as z from "zod";
import { firstLines } from "../../src/core/first-lines.ts";
import { jsonPath } from "../../src/core/problem.ts";
import { type MachineDigest, machineDigestSchema } from "../../src/notifiers/sns/machine-schema.ts";

/** A message that a topic brought. SNS gives a Lambda function the text under the key `default`. */
export type TopicMessage = { readonly id: string; readonly text: string };

/** What was sent can not be read. Lists every problem. */
export class UnreadableMessageError extends Error {
  override readonly name = "UnreadableMessageError";

  constructor(what: string, { issues }: z.ZodError) {
    const problems = issues.map(({ path, message }) => `${jsonPath(path)}: ${message}`);
    super([`${what} can not be read:`, ...firstLines(problems)].join("\n"));
  }
}

/** An event of SNS (AWS Lambda developer guide, "Using Lambda with Amazon SNS", November 2026). */
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
 * The messages in an event of SNS.
 *
 * @throws UnreadableMessageError when the event is another
 */
export function messagesIn(event: unknown): readonly TopicMessage[] {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) throw new UnreadableMessageError("The event", parsed.error);
  return parsed.data.Records.map(({ Sns }) => ({ id: Sns.MessageId, text: Sns.Message }));
}

/**
 * The digest in a message; `null` for a message of somebody else.
 *
 * @throws UnreadableMessageError when it calls itself a digest and is none: an alert must not be lost
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
