import { checkIds } from "../checks/index.ts";
import { systemClock } from "../local/clock.ts";
import { lintPolicy } from "../policy/lint.ts";
import type { LoadedPolicy } from "../policy/load.ts";
import { readPolicy } from "./policy.ts";

/**
 * Reads a policy from a path or from `s3://bucket/key`, and lints it.
 *
 * @throws ConfigurationError when it can not be read, or anything is wrong with it
 */
export async function openFlawlessPolicy(location: string): Promise<LoadedPolicy> {
  return lintPolicy(await readPolicy(location), location, checkIds, systemClock.now());
}
