import { createHash } from "node:crypto";
import * as z from "zod";
import { parseJson, problemsOf } from "./json-file.ts";
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
