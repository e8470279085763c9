import { messageOf } from "../core/errors.ts";
import { inputLimits } from "../core/input-limits.ts";
import { ConfigurationError } from "../core/problem.ts";
import { readLimited } from "../local/read-limited.ts";

/**
 * The text of a file, a pipe or `/dev/stdin` that a command reads.
 *
 * @param noun what the file is; the error begins with it
 * @param mostBytes the largest input that is read
 * @throws ConfigurationError when it cannot be read or is too large
 */
export async function readInput(
  file: string,
  noun: string,
  mostBytes: number = inputLimits.fileBytes,
): Promise<string> {
  try {
    return await readLimited(file, mostBytes);
  } catch (error) {
    const problem = { path: file, message: `could not be read: ${messageOf(error)}` };
    throw new ConfigurationError(noun, [problem]);
  }
}
