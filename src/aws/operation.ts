import { setTimeout as sleep } from "node:timers/promises";
import { cleanse, withoutSecrets } from "../core/collected.ts";
import { IncompleteAnswerError } from "./answer.ts";

/** A command of the SDK, of which its parameters count here. */
type Sent = { readonly input: object };

/** How one call is made: it ends, and is not repeated, when `abortSignal` aborts. */
export type CallOptions = { readonly abortSignal?: AbortSignal };

/** A call of AWS: what is sent, and how its answer is read. */
export type Operation<Client, Command extends Sent, Output, Answer> = {
  /** As IAM names it: `service:Operation`. */
  readonly name: string;
  readonly command: new (input: Command["input"]) => Command;
  readonly send: (client: Client, command: Command, options: CallOptions) => Promise<Output>;
  /**
   * Takes from the answer what is used of it.
   *
   * @throws IncompleteAnswerError when anything of it is missing
   */
  readonly read: (output: Output, input: Command["input"]) => Answer;
  /** Whether to ask again does no harm where the first call was carried out after all. */
  readonly isRepeatable: boolean;
};

/** The pauses before a call is repeated whose answer was none, in milliseconds: as often as after a 5xx. */
const pausesMs = [50, 100, 200];

/**
 * Makes a call of AWS out of a command and the reading of its answer. All calls are made here (a test sees to it), so
 * that none is believed whose answer nobody has read: a `200` with nothing in it is an error, and is repeated as a 5xx
 * is. Whatever it throws is free of tokens and signatures.
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
      throw noAnswer(name, "its answer can not be read", error);
    }
    try {
      return read(output, input);
    } catch (error) {
      if (error instanceof IncompleteAnswerError) throw noAnswer(name, error.message, error);
      throw noAnswer(name, "its answer is not made as it must be", error);
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

/** Whether the SDK failed over an answer with a status of success: HTML, `null`, or JSON that ends in its middle. */
function isUnreadableSuccess(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return false;
  const { $metadata: metadata } = error;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return false;
  const { httpStatusCode: status } = metadata;
  return typeof status === "number" && status >= 200 && status < 300;
}
