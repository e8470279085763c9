import { readFile } from "node:fs/promises";
import { messageOf } from "../aws/errors.ts";
import { ConfigurationError } from "../policy/problem.ts";

/**
 * The text of a file that a command works on.
 *
 * @param noun what the file is, for the error
 * @throws ConfigurationError when it can not be read
 */
export async function readInput(file: string, noun: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const problem = { path: file, message: `could not be read: ${messageOf(error)}` };
    throw new ConfigurationError(noun, [problem]);
  }
}
