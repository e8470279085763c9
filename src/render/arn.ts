import { cutToBytes } from "../core/bytes.ts";
import { partitionOf } from "../ecr/partition.ts";
import { ROOT_PREFIX } from "../ecr/rule.ts";
import { inlineText } from "./escape/inline.ts";

/** Longer than any repository name (at most 256 characters): only hostile text is cut. */
const LONGEST_PREFIX_BYTES = 512;

/** The location of a rule in AWS; `prefix` is `null` for a whole registry. */
export type RuleLocation = {
  readonly account: string;
  readonly region: string;
  readonly prefix: string | null;
};

/**
 * Returns the ARN pattern of the repositories that a rule creates, because a rule has no ARN. For a `ROOT` rule
 * and for a whole registry, the pattern matches every repository.
 */
export function repositoriesArn({ account, region, prefix }: RuleLocation): string {
  const registry = `arn:${partitionOf(region).id}:ecr:${region}:${account}`;
  if (prefix === null || prefix === ROOT_PREFIX) return `${registry}:repository/*`;
  const folder = cutToBytes(inlineText(prefix), LONGEST_PREFIX_BYTES).replace(/\/+$/, "");
  return `${registry}:repository/${folder}/*`;
}
