import type { PullThroughCacheRule } from "../../ecr/rule.ts";

/** What of a rule says how it authenticates. */
type Access = Pick<PullThroughCacheRule, "credentialArn" | "upstreamRegistry">;

/** The upstream answers that there were too many requests. Docker Hub's sentence also says "unauthenticated". */
const rate = /too ?many ?requests|rate[ -]?limit|rate exceeded|throttl|\b429\b/i;

/** Credentials, or what is not supported: AWS may say so of every rule without a credential. */
const aboutAccess =
  /credential|secret|token|auth|denied|forbidden|login|not supported|unsupported|not require|\b40[13]\b/i;

const upstreamTrouble =
  /not ?found|no such|not exist|unreachable|unavailable|time[ds]?[ -]?out|connect|resolve|refused|(?<!\d)(?:404|50\d)\b/i;

/** ECR cannot decrypt the secret. */
export const aboutKey = /decrypt|\bkms\b/i;

/** Whether a rule has nothing with which to authenticate, so that there may be nothing to validate. */
export function authenticatesWithNothing({ credentialArn, upstreamRegistry }: Access): boolean {
  return credentialArn === null && upstreamRegistry !== "ecr";
}

/**
 * Whether a failed validation says that the rule does not work. No public output shows what AWS answers for rules without a
 * credential (November 2026), so a failure of such a rule counts only if it is plainly one of the upstream. Any other is
 * treated as a refusal to validate: a guess must not raise an alarm on every rule.
 */
export function isFailureOf(rule: Access, failure: string): boolean {
  return !authenticatesWithNothing(rule) || isPlainlyAboutUpstream(failure);
}

function isPlainlyAboutUpstream(failure: string): boolean {
  return rate.test(failure) || (upstreamTrouble.test(failure) && !aboutAccess.test(failure));
}
