import { NotTextError } from "../../core/decode-text.ts";
import { messageOf } from "../../core/errors.ts";
import { inputLimits } from "../../core/input-limits.ts";
import { ConfigurationError, type Problem } from "../../core/problem.ts";
import { NotCodeError } from "../../iac/not-code.ts";
import { type Deployment, type FileOfRules, rulesInFile } from "../../iac/rules-in-file.ts";
import { placesIn } from "../../iac/terraform/source-places.ts";
import { findFiles, isFolder } from "../../local/find-files.ts";
import { readLimited } from "../../local/read-limited.ts";
import { readInput } from "../read-input.ts";
import { UsageError } from "../terminal.ts";

/** How the names of files of HCL end. */
const sourceEndings = [".tf", ".tofu"];

/**
 * Finds the rules of plans in the HCL of a folder, and the waivers in its comments.
 *
 * @throws ConfigurationError if the folder cannot be read or a comment is malformed
 */
export async function findInSources(
  files: readonly FileOfRules[],
  folder: string,
): Promise<readonly FileOfRules[]> {
  const paths = await sourcesOf(folder);
  const texts = new Map<string, string>();
  for (const path of paths) texts.set(path, await readInput(path, "Code", inputLimits.templateBytes));
  const place = placesIn({ root: folder, files: texts });
  return files.map((file) =>
    file.format === "terraform" ? { ...file, rules: file.rules.map(place) } : file,
  );
}

async function sourcesOf(folder: string): Promise<readonly string[]> {
  try {
    return await findFiles(folder, sourceEndings, inputLimits.filesOfFolder);
  } catch (error) {
    throw new ConfigurationError("Code", [
      { path: folder, message: `could not be read: ${messageOf(error)}` },
    ]);
  }
}

/** How the names of plans and templates end. What is in them decides. */
const endings = [".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".template"];

/** Most problems that are named of one file. */
const mostOfOneFile = 20;

/**
 * Reads the rules that files of code declare. A folder stands for the plans and templates in it.
 *
 * @param paths files, folders, and `-` for standard input
 * @throws ConfigurationError with the problems of every file
 * @throws UsageError if a given parameter exists in no file
 */
export async function readCode(
  paths: readonly string[],
  deployment: Deployment,
): Promise<readonly FileOfRules[]> {
  const read = new Map<string, FileOfRules>();
  const problems: Problem[] = [];
  // A hook may name a file twice. Its rules count once.
  for (const path of new Set(paths)) {
    const found = (await isFolder(path))
      ? await readFolder(path, deployment)
      : await readFile(path, deployment);
    for (const file of found.files) read.set(file.file, file);
    problems.push(...found.problems);
  }
  if (problems.length > 0) throw new ConfigurationError("Code", problems);
  const files = [...read.values()];
  refuseUnknownParameters(files, deployment);
  return files;
}

type Found = { readonly files: readonly FileOfRules[]; readonly problems: readonly Problem[] };

async function readFile(file: string, deployment: Deployment): Promise<Found> {
  try {
    const text = await readInput(file, "Code", inputLimits.planBytes);
    return { files: [rulesInFile(text, file, deployment)], problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { files: [], problems: problemsOf(error, file) };
  }
}

/** Reads the plans and templates in a folder. Other files count only if they look like code with rules. */
async function readFolder(folder: string, deployment: Deployment): Promise<Found> {
  try {
    const paths = await findFiles(folder, endings, inputLimits.filesOfFolder);
    const files: FileOfRules[] = [];
    const problems: Problem[] = [];
    for (const path of paths) {
      const text = await textIn(path);
      if (text === null) continue;
      try {
        files.push(rulesInFile(text, path, deployment));
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const isCode =
          !(error instanceof NotCodeError) && /PullThroughCacheRule|pull_through_cache_rule/.test(text);
        if (isCode) problems.push(...problemsOf(error, path));
      }
    }
    if (files.length + problems.length > 0) return { files, problems };
    return { files, problems: [{ path: folder, message: `holds no plan and no template: ${whatToGive}` }] };
  } catch (error) {
    if (error instanceof ConfigurationError) return { files: [], problems: error.problems };
    return { files: [], problems: [{ path: folder, message: `could not be read: ${messageOf(error)}` }] };
  }
}

/** The text of a file in a folder; `null` if it cannot be read as text, and so is no code. */
async function textIn(path: string): Promise<string | null> {
  try {
    return await readLimited(path, inputLimits.planBytes);
  } catch (error) {
    if (error instanceof NotTextError) return null;
    throw error;
  }
}

const whatToGive =
  "give the output of terraform show -json PLANFILE, a CloudFormation template or a serverless.yml";

function problemsOf({ problems }: ConfigurationError, file: string): readonly Problem[] {
  const named = problems.map(({ path, message }) =>
    path === file || path === "$" ? { path: file, message } : { path: `${file} ${path}`, message },
  );
  if (named.length <= mostOfOneFile) return named;
  const shown = named.slice(0, mostOfOneFile - 1);
  return [...shown, { path: file, message: `has ${named.length - shown.length} more problems` }];
}

function refuseUnknownParameters(files: readonly FileOfRules[], { given }: Deployment): void {
  const known = new Set(files.flatMap(({ parameters }) => parameters));
  const unknown = [...given.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new UsageError(`--parameter ${unknown.join(", ")}: no file has a parameter with this name`);
}
