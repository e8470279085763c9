import { setTimeout as sleep } from "node:timers/promises";
import { cleanse, withoutSecrets } from "../core/collected.ts";
import { IncompleteAnswerError } from "./answer.ts";
import { withRenewal } from "./renewal.ts";

/** A command of the SDK. Only its parameters are used here. */
type Sent = { readonly input: object };

/** How one call is made. When `abortSignal` aborts, the call ends and is not repeated. */
export type CallOptions = { readonly abortSignal?: AbortSignal };

/** An operation of AWS: what is sent, and how its answer is read. */
export type Operation<Client, Command extends Sent, Output, Answer> = {
  /** The operation's name in IAM: `service:Operation`. */
  readonly name: string;
  readonly command: new (input: Command["input"]) => Command;
  readonly send: (client: Client, command: Command, options: CallOptions) => Promise<Output>;
  /**
   * Takes the members that the auditor uses from the answer.
   *
   * @throws IncompleteAnswerError when one of them is missing
   */
  readonly read: (output: Output, input: Command["input"]) => Answer;
  /** Whether it is safe to repeat a call that AWS may have carried out although its answer was unusable. */
  readonly isRepeatable: boolean;
};

/** The pauses before a call with an unusable answer is repeated, in milliseconds: as many as after a 5xx. */
const pausesMs = [50, 100, 200];

/**
 * Turns a command and the function that reads its answer into a call of AWS. The auditor makes all of its calls this
 * way, and a test enforces it. An answer with a status of 200 and without the expected content is an error, and the
 * call is repeated as after a 5xx. Credentials that AWS refuses are renewed once (see {@link withRenewal}). Errors
 * contain no tokens and no signatures.
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
      throw noAnswer(name, "its answer does not have the expected shape", error);
    }
  };

  const ask = async (client: Client, input: Command["input"], options: CallOptions): Promise<Answer> => {
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

  return (client: Client, input: Command["input"], options: CallOptions = {}): Promise<Answer> =>
    withRenewal(client, name, () => ask(client, input, options));
}

function noAnswer(name: string, why: string, cause: unknown): IncompleteAnswerError {
  cleanse(cause);
  return new IncompleteAnswerError(withoutSecrets(`${name}: ${why}`), { cause });
}

/** Whether the SDK could not parse an answer with a status of success: HTML, `null` or truncated JSON. */
function isUnreadableSuccess(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return false;
  const { $metadata: metadata } = error;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return false;
  const { httpStatusCode: status } = metadata;
  return typeof status === "number" && status >= 200 && status < 300;
}
