import { runProgram } from "../../../src/cli/program.ts";
import type { Terminal } from "../../../src/cli/terminal.ts";

/** What a stream is like beside being written to. */
type Streams = { readonly isTTY?: boolean; readonly columns?: number };

/** Runs the command line in this process, and keeps what it writes. */
export async function collectText(
  words: readonly string[],
  environment: Terminal["environment"] = {},
  streams: Streams = {},
) {
  const [output, errors]: [string[], string[]] = [[], []];
  const code = await runProgram(words, {
    output: { write: (text) => output.push(text), ...streams },
    errors: { write: (text) => errors.push(text), ...streams },
    environment,
  });
  return { code, output: output.join(""), errors: errors.join("") };
}
