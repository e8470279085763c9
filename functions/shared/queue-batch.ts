import * as z from "zod";

/**
 * A batch of messages as Lambda takes it from a queue (AWS Lambda developer guide, "Using Lambda with Amazon SQS",
 * November 2026).
 */
const batchSchema = z.looseObject({
  Records: z
    .array(
      z.looseObject({
        eventSource: z.literal("aws:sqs"),
        messageId: z.string().min(1),
        body: z.string(),
      }),
    )
    .min(1),
});

/** A message of a queue. Its body is untrusted. */
export type QueuedMessage = { readonly messageId: string; readonly body: string };

/** The messages of a batch; `null` for any other event. */
export function messagesIn(event: unknown): readonly QueuedMessage[] | null {
  const { data } = batchSchema.safeParse(event);
  return data === undefined ? null : data.Records.map(({ messageId, body }) => ({ messageId, body }));
}

/**
 * What a function answers to a batch: the messages that failed, which the queue delivers again and then moves to its
 * dead-letter queue. All others are deleted.
 */
export type BatchResponse = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/** The response to a batch of which these messages failed. */
export function failuresOf(messages: readonly Pick<QueuedMessage, "messageId">[]): BatchResponse {
  return { batchItemFailures: messages.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
