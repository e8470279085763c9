import { cutToBytes } from "../core/bytes.ts";
import { partitionOf } from "../ecr/partition.ts";
import { ROOT_PREFIX } from "../ecr/rule.ts";
import { inlineText } from "./escape/inline.ts";

/** Longer than any repository's name may be (256 characters), so that only hostile text is cut. */
const LONGEST_PREFIX_BYTES = 512;

/** A rule's place in AWS; `prefix` is `null` for a registry as a whole. */
export type RuleLocation = {
  readonly account: string;
  readonly region: string;
  readonly prefix: string | null;
};

/**
 * The ARN pattern of the repositories that a rule fills: a rule has no ARN of its own. A `ROOT` rule and a
 * registry as a whole stand for every repository.
 */
export function repositoriesArn({ account, region, prefix }: RuleLocation): string {
  const registry = `arn:${partitionOf(region).id}:ecr:${region}:${account}`;
  if (prefix === null || prefix === ROOT_PREFIX) return `${registry}:repository/*`;
  const folder = cutToBytes(inlineText(prefix), LONGEST_PREFIX_BYTES).replace(/\/+$/, "");
  return `${registry}:repository/${folder}/*`;
}
