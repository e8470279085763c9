import { type PullEvent, pullEventSchema } from "../../src/audit/pulls/pull-event.ts";
import { messageOf } from "../../src/core/errors.ts";
import { firstLines } from "../../src/core/first-lines.ts";
import { parseJson } from "../../src/core/json-file.ts";
import { jsonPath } from "../../src/core/problem.ts";
import type { QueuedMessage } from "./queue-batch.ts";

/** The pulls in the messages of a batch. */
type PullsInMessages = {
  readonly pulls: readonly { readonly messageId: string; readonly event: PullEvent }[];
  /** The messages that are no events about pulls, with all their problems. */
  readonly refused: readonly { readonly messageId: string; readonly problem: string }[];
};

/** Parses the messages of a batch. Each is refused by itself. */
export function pullsIn(messages: readonly QueuedMessage[]): PullsInMessages {
  const pulls: { messageId: string; event: PullEvent }[] = [];
  const refused: { messageId: string; problem: string }[] = [];
  for (const { messageId, body } of messages) {
    try {
      const parsed = pullEventSchema.safeParse(parseJson(body, `message ${messageId}`));
      if (parsed.success) pulls.push({ messageId, event: parsed.data });
      else refused.push({ messageId, problem: problemsOf(parsed.error) });
    } catch (error) {
      refused.push({ messageId, problem: messageOf(error) });
    }
  }
  return { pulls, refused };
}

function problemsOf({
  issues,
}: {
  readonly issues: readonly { path: PropertyKey[]; message: string }[];
}): string {
  return firstLines(issues.map(({ path, message }) => `${jsonPath(path)}: ${message}`)).join("\n");
}
