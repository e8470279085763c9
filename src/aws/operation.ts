import { setTimeout as sleep } from "node:timers/promises";
import { cleanse, withoutSecrets } from "../core/collected.ts";
import { IncompleteAnswerError } from "./answer.ts";

/** An SDK command, typed by its parameters. */
type Sent = { readonly input: object };

/** Options of one call. It ends and is not retried once `abortSignal` aborts. */
export type CallOptions = { readonly abortSignal?: AbortSignal };

/** An AWS API operation: its command and the reader of its answer. */
export type Operation<Client, Command extends Sent, Output, Answer> = {
  /** Its IAM action: `service:Operation`. */
  readonly name: string;
  readonly command: new (input: Command["input"]) => Command;
  readonly send: (client: Client, command: Command, options: CallOptions) => Promise<Output>;
  /**
   * Extracts the required data from the answer.
   *
   * @throws IncompleteAnswerError if any of it is missing
   */
  readonly read: (output: Output, input: Command["input"]) => Answer;
  /** Whether a retry is harmless if the first call succeeded. */
  readonly isRepeatable: boolean;
};

/** The pauses before retries after an incomplete answer, in milliseconds: as many retries as after a 5xx. */
const pausesMs = [50, 100, 200];

/**
 * Defines an AWS call from a command and the reader of its answer. A test ensures that all calls are defined here, and
 * therefore every answer is validated: an empty `200` is an error and is retried like a 5xx. Errors contain no tokens
 * or signatures.
 */
export function operation<Client, Command extends Sent, Output, Answer>({
  name,
  command: CommandClass,
  send,
  read,
  isRepeatable,
}: Operation<Client, Command, Output, Answer>) {
  const askOnce = async (client: Client, input: Command["input"], options: CallOptions): Promise<Answer> => {
    let output: Output;
    try {
      output = await send(client, new CommandClass(input), options);
    } catch (error) {
      if (!isUnreadableSuccess(error)) {
        cleanse(error);
        throw error;
      }
      throw noAnswer(name, "its answer cannot be read", error);
    }
    try {
      return read(output, input);
    } catch (error) {
      if (error instanceof IncompleteAnswerError) throw noAnswer(name, error.message, error);
      throw noAnswer(name, "its answer is malformed", error);
    }
  };

  return async (client: Client, input: Command["input"], options: CallOptions = {}): Promise<Answer> => {
    for (const pause of isRepeatable ? pausesMs : []) {
      try {
        return await askOnce(client, input, options);
      } catch (error) {
        if (!(error instanceof IncompleteAnswerError)) throw error;
        await sleep(pause, undefined, { signal: options.abortSignal });
      }
    }
    return askOnce(client, input, options);
  };
}

function noAnswer(name: string, why: string, cause: unknown): IncompleteAnswerError {
  cleanse(cause);
  return new IncompleteAnswerError(withoutSecrets(`${name}: ${why}`), { cause });
}

/** Whether the SDK could not parse a successful answer: HTML, `null`, or truncated JSON. */
function isUnreadableSuccess(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return false;
  const { $metadata: metadata } = error;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return false;
  const { httpStatusCode: status } = metadata;
  return typeof status === "number" && status >= 200 && status < 300;
}
