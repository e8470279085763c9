import { open } from "node:fs/promises";
import { messageOf } from "../core/errors.ts";
import { inputLimits } from "../core/input-limits.ts";
import { ConfigurationError } from "../core/problem.ts";

/**
 * Reads an input file of a command.
 *
 * @param noun what the file is, for the error message
 * @param mostBytes the largest size that is accepted
 * @throws ConfigurationError if the file cannot be read or is too large
 */
export async function readInput(
  file: string,
  noun: string,
  mostBytes: number = inputLimits.fileBytes,
): Promise<string> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > mostBytes) throw new Error(`it has ${size} bytes; the limit is ${mostBytes}`);
    return await handle.readFile("utf8");
  } catch (error) {
    const problem = { path: file, message: `could not be read: ${messageOf(error)}` };
    throw new ConfigurationError(noun, [problem]);
  }
}
