import { createInterface } from "node:readline/promises";

/**
 * Asks a question on a terminal and waits for one line.
 *
 * @returns the line; `null` if the operator presses Ctrl-C or ends the input
 */
export async function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  question: string,
): Promise<string | null> {
  const prompt = createInterface({ input, output, terminal: true });
  const interrupted = new Promise<null>((resolve) => {
    prompt.once("SIGINT", () => resolve(null));
    prompt.once("close", () => resolve(null));
  });
  try {
    // readline rejects with an AbortError if the interface is closed before the answer.
    return await Promise.race([interrupted, prompt.question(question).catch(() => null)]);
  } finally {
    prompt.close();
  }
}
