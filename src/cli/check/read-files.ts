import type { Deployment, FileOfRules } from "../../iac/rules-in-file.ts";
import { rulesInFile } from "../../iac/rules-in-file.ts";
import { inputLimits } from "../../model/input-limits.ts";
import { ConfigurationError, type Problem } from "../../policy/problem.ts";
import { readInput } from "../read-input.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Reads the rules of files of code.
 *
 * @throws ConfigurationError with every problem of every file
 * @throws UsageError when a parameter is given that no file has
 */
export async function readFilesOfRules(
  files: readonly string[],
  deployment: Deployment,
): Promise<readonly FileOfRules[]> {
  const read: FileOfRules[] = [];
  const problems: Problem[] = [];
  // A hook may name a file twice, and its rules are there once.
  for (const file of new Set(files)) {
    try {
      read.push(rulesInFile(await readInput(file, "Code", inputLimits.planBytes), file, deployment));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems.map((problem) => inFile(file, problem)));
    }
  }
  if (problems.length > 0) throw new ConfigurationError("Code", problems);
  refuseUnknownParameters(read, deployment);
  return read;
}

function inFile(file: string, { path, message }: Problem): Problem {
  return path === file || path === "$" ? { path: file, message } : { path: `${file} ${path}`, message };
}

function refuseUnknownParameters(files: readonly FileOfRules[], { given }: Deployment): void {
  const known = new Set(files.flatMap(({ parameters }) => parameters));
  const unknown = [...given.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new UsageError(`--parameter ${unknown.join(", ")}: no file has a parameter of this name`);
}
