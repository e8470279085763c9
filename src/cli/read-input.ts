import { open } from "node:fs/promises";
import { messageOf } from "../core/errors.ts";
import { inputLimits } from "../core/input-limits.ts";
import { ConfigurationError } from "../core/problem.ts";

/**
 * The text of a file that a command works on.
 *
 * @param noun what the file is, for the error
 * @param mostBytes the largest file that is read
 * @throws ConfigurationError when it can not be read, or is too large
 */
export async function readInput(
  file: string,
  noun: string,
  mostBytes: number = inputLimits.fileBytes,
): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > mostBytes) throw new Error(`it has ${size} bytes, and at most ${mostBytes} are read`);
    return await handle.readFile("utf8");
  } catch (error) {
    const problem = { path: file, message: `could not be read: ${messageOf(error)}` };
    throw new ConfigurationError(noun, [problem]);
  }
}
