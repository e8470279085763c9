import { type ClientDefaults, clientDefaults } from "../aws/http.ts";
import { readPolicyObject } from "../aws/s3/policy-object.ts";
import { checkIds } from "../checks/index.ts";
import { messageOf } from "../core/errors.ts";
import { inputLimits } from "../core/input-limits.ts";
import { ConfigurationError } from "../core/problem.ts";
import { readLimited } from "../local/read-limited.ts";
import { packageFile } from "../package-file.ts";
import { type LoadedPolicy, loadPolicy } from "../policy/load.ts";
import { locationProblem } from "./location.ts";

/** The path of the policy that is part of the package. */
export const defaultPolicy = packageFile("policies/default.json");

/**
 * Reads a policy from a path or from `s3://bucket/key`.
 *
 * @throws ConfigurationError if it cannot be read or used
 */
export async function openPolicy(location: string, defaults?: ClientDefaults): Promise<LoadedPolicy> {
  return loadPolicy(await readPolicy(location, defaults), location, checkIds);
}

/**
 * The text of a policy. A policy that is too large is refused by its size, before it is read.
 *
 * @throws ConfigurationError when it cannot be read or is too large
 */
export async function readPolicy(
  location: string,
  // Made only for S3: certificates that cannot be read do not matter for a file.
  defaults?: ClientDefaults,
): Promise<string> {
  const problem = locationProblem(location);
  if (problem !== null) throw new ConfigurationError("Policy", [{ path: location, message: problem }]);
  try {
    return location.startsWith("s3://")
      ? await readPolicyObject(location, defaults ?? clientDefaults(1, 10_000))
      : await readLimited(location, inputLimits.policyBytes);
  } catch (error) {
    throw new ConfigurationError("Policy", [
      { path: location, message: `could not be read: ${messageOf(error)}` },
    ]);
  }
}
