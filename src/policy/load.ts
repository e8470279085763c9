import { duplicateKeys } from "../core/duplicate-keys.ts";
import { digestOf } from "../core/ids.ts";
import { inputLimits } from "../core/input-limits.ts";
import { parseJson, problemsWith } from "../core/json-file.ts";
import { ConfigurationError, type Problem } from "../core/problem.ts";
import { customCheckProblems, unknownCheckProblems } from "./check-names.ts";
import { inFileOrder } from "./file-parts.ts";
import { type Policy, policySchema } from "./schema.ts";

/** A policy and the digest of its file. */
export type LoadedPolicy = {
  readonly policy: Policy;
  /** `sha256:` and the hex digest of the file's bytes, as `sha256sum` prints it. */
  readonly digest: string;
  /** The only checks that are evaluated, if somebody chose some. */
  readonly chosenChecks?: readonly string[];
  /** The file's text, which is stored beside reports; omitted if the policy has no file. */
  readonly text?: string;
};

/**
 * Reads a policy from the text of its file.
 *
 * @param text the file's text, JSON
 * @param source the origin of the text, named in errors
 * @param checkIds the ids of the catalogue's checks, to which the policy can add custom checks
 * @throws ConfigurationError with every problem at once
 */
export function loadPolicy(text: string, source: string, checkIds: readonly string[]): LoadedPolicy {
  refuseLargePolicy(text, source);
  const value = parseJson(text, source);
  const { policy, problems } = examine(value, checkIds);
  const repeated = duplicateKeys(text);
  if (policy === null || repeated.length > 0) {
    throw new ConfigurationError(source, inFileOrder([...repeated, ...problems], value));
  }
  return { policy, digest: digestOf(text), text };
}

/** @throws ConfigurationError if the text of a policy exceeds the size limit */
export function refuseLargePolicy(text: string, source: string): void {
  if (Buffer.byteLength(text) <= inputLimits.policyBytes) return;
  const message = `is larger than the ${inputLimits.policyBytes} bytes that a policy may have`;
  throw new ConfigurationError(source, [{ path: "$", message }]);
}

/**
 * Validates a policy that is already parsed as JSON.
 *
 * @throws ConfigurationError with every problem at once
 */
export function parsePolicy(value: unknown, source: string, checkIds: readonly string[]): Policy {
  const { policy, problems } = examine(value, checkIds);
  if (policy === null) throw new ConfigurationError(source, problems);
  return policy;
}

/** A policy, or the problems that make it invalid, in the order of the file. */
export type Examination = { readonly policy: Policy | null; readonly problems: readonly Problem[] };

/** Validates any JSON value as a policy. Does not throw. */
export function examine(value: unknown, checkIds: readonly string[]): Examination {
  const parsed = policySchema.safeParse(value, { reportInput: true });
  const problems = [
    ...(parsed.success ? [] : problemsWith(policySchema, parsed.error.issues)),
    ...customCheckProblems(value, checkIds),
    ...unknownCheckProblems(value, checkIds),
  ];
  if (parsed.success && problems.length === 0) return { policy: parsed.data, problems };
  return { policy: null, problems: inFileOrder(problems, value) };
}
