import { createHash } from "node:crypto";
import * as z from "zod";
import { ConfigurationError, jsonPath, type Problem } from "./problem.ts";
import { type Policy, policySchema } from "./schema.ts";

/** A policy and the fingerprint of the text it was read from. */
export type LoadedPolicy = {
  readonly policy: Policy;
  /** `sha256:` and the hex digest of the file's bytes, as `sha256sum` prints it. */
  readonly digest: string;
};

/**
 * Reads a policy from the text of its file.
 *
 * @param text the file's text, JSON
 * @param source where it came from, named in errors
 * @param checkIds the ids of all checks, against which the policy's own are held
 * @throws ConfigurationError with every problem at once
 */
export function loadPolicy(text: string, source: string, checkIds: readonly string[]): LoadedPolicy {
  const policy = parsePolicy(parseJson(text, source), source, checkIds);
  return { policy, digest: `sha256:${createHash("sha256").update(text).digest("hex")}` };
}

/**
 * Checks a policy that is already JSON.
 *
 * @throws ConfigurationError with every problem at once
 */
export function parsePolicy(value: unknown, source: string, checkIds: readonly string[]): Policy {
  const parsed = policySchema.safeParse(value, { reportInput: true });
  const problems = [...(parsed.error?.issues ?? []).flatMap(problemsOf), ...unknownChecks(value, checkIds)];
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(source, problems);
  return parsed.data;
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(source, [{ path: "$", message: `is not JSON: ${message}` }]);
  }
}

/** The problems that one issue of the schema stands for; unknown keys get one each. */
export function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: jsonPath([...issue.path, key]), message: "is not a known key" }));
  }
  return [{ path: jsonPath(issue.path), message: sentenceOf(issue) }];
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `is missing (${issue.expected})`
        : `must be of type ${issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return `must ${boundOf(issue.origin)} at least ${issue.minimum}`;
    case "too_big":
      return `must ${boundOf(issue.origin)} at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function boundOf(origin: string): string {
  if (origin === "string") return "have a length of";
  return origin === "array" ? "have a number of entries of" : "be";
}

/** As much of a file as tells which checks it names, so that unknown ones are told along with all else. */
const namingChecks = z.object({ checks: z.record(z.string(), z.unknown()) });

function unknownChecks(file: unknown, checkIds: readonly string[]): Problem[] {
  return Object.keys(namingChecks.safeParse(file).data?.checks ?? {})
    .filter((id) => !checkIds.includes(id))
    .map((id) => ({
      path: jsonPath(["checks", id]),
      message: `is not the id of a check; the checks are ${checkIds.join(", ")}`,
    }));
}
