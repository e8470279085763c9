import { matchesAnyName } from "../../core/wildcards.ts";
import { isSameLocation, parseRoleArn, parseSecretArn } from "../../ecr/arn.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { parseEcrUrl, upstreamHost } from "../../ecr/upstream.ts";
import type { ObservedRule } from "../../facts/snapshot.ts";
import { entriesOnAccess, namesAllowed } from "../../policy/matching/allowed.ts";
import type { Policy } from "../../policy/schema.ts";

/** A decision of the policy, or a question that the operator must answer first. */
export type Decision<T> =
  | { readonly state: "decided"; readonly value: T }
  | { readonly state: "open"; readonly question: string };

/** The policy leaves the decision open. `question` is a full sentence. */
export function open(question: string): { readonly state: "open"; readonly question: string } {
  return { state: "open", question };
}

/** The policy decides the value. */
export function decided<T>(value: T): { readonly state: "decided"; readonly value: T } {
  return { state: "decided", value };
}

/** Decides for a single candidate. With none or several, the operator must choose. */
export function onlyOne(candidates: Iterable<string>, question: string): Decision<string> {
  const [first, ...others] = [...new Set(candidates)].toSorted();
  if (first === undefined) return open(question);
  if (others.length === 0) return decided(first);
  return open(`${question} Candidates: ${[first, ...others].join(", ")}.`);
}

/** The patterns without wildcards. */
export function plainNames(patterns: readonly string[] = []): readonly string[] {
  return patterns.filter((pattern) => !/[*?]/.test(pattern));
}

/** Applies `change` to the value of a decision. */
export function mapped<T, U>(decision: Decision<T>, change: (value: T) => U): Decision<U> {
  return decision.state === "open" ? decision : decided(change(decision.value));
}

/** Secrets and roles that the operator offers for rules that need one. */
export type Offers = {
  /** ARNs of secrets, each with the upstream registry that it authenticates to. */
  readonly credentials: readonly { readonly upstream: string; readonly arn: string }[];
  /** ARNs of roles for ECR upstreams. */
  readonly roles: readonly string[];
};

/** The registry for which a decision is made. */
export type Scene = {
  readonly target: Target;
  readonly policy: Policy;
  readonly rules: readonly ObservedRule[];
  readonly offers: Offers;
};

/**
 * Decides which secret the rule uses: the one that the operator offers for its upstream, or else the only secret with
 * an allowed name that a valid rule of the registry uses for the same upstream.
 */
export function decideCredential(rule: PullThroughCacheRule, scene: Scene): Decision<string> {
  const { target, policy, rules, offers } = scene;
  const allowed = namesAllowed(entriesOnAccess(policy, rule), "secretNames");
  const fits = (arn: string): boolean => {
    const secret = parseSecretArn(arn);
    if (secret === null || arn === rule.credentialArn || !isSameLocation(secret, target)) return false;
    return allowed === null || matchesAnyName(allowed, secret.name);
  };
  const offered = offers.credentials.filter(({ upstream }) => upstream === rule.upstreamRegistry);
  const proven = allowed === null ? [] : provenBy(rules, isSameUpstream(rule), "credentialArn");
  const candidates = offered.map(({ arn }) => arn).filter(fits);
  return onlyOne(
    candidates.length > 0 ? candidates : proven.filter(fits),
    `Which secret of account ${target.account} in ${target.region} should the rule ${rule.ecrRepositoryPrefix} use${allowed === null ? "" : ` (the policy allows ${allowed.join(" or ")})`}? Offer it: --credential ${rule.upstreamRegistry ?? "UPSTREAM"}=SECRET_ARN.`,
  );
}

/** Decides which role the rule uses, in the same way as {@link decideCredential}. */
export function decideRole(rule: PullThroughCacheRule, scene: Scene): Decision<string> {
  const { target, policy, rules, offers } = scene;
  const allowed = namesAllowed(entriesOnAccess(policy, rule), "roleNames");
  const fits = (arn: string): boolean => {
    const role = parseRoleArn(arn);
    if (role === null || arn === rule.customRoleArn || role.account !== target.account) return false;
    return allowed === null || matchesAnyName(allowed, role.name);
  };
  const offered = offers.roles.filter(fits);
  const proven = allowed === null ? [] : provenBy(rules, isSameUpstream(rule), "customRoleArn").filter(fits);
  return onlyOne(
    offered.length > 0 ? offered : proven,
    `Which role of account ${target.account} should the rule ${rule.ecrRepositoryPrefix} use${allowed === null ? "" : ` (the policy allows ${allowed.join(" or ")})`}? Offer it: --role ROLE_ARN.`,
  );
}

function isSameUpstream(rule: PullThroughCacheRule): (other: PullThroughCacheRule) => boolean {
  const key = ({ upstreamRegistryUrl: url }: PullThroughCacheRule): string => {
    const ecr = parseEcrUrl(url);
    return ecr === null ? upstreamHost(url) : `${ecr.account} ${ecr.region}`;
  };
  return (other) => key(other) === key(rule);
}

function provenBy(
  rules: readonly ObservedRule[],
  isTheSame: (rule: PullThroughCacheRule) => boolean,
  key: "credentialArn" | "customRoleArn",
): readonly string[] {
  return rules
    .filter(({ validation }) => validation.state === "present" && validation.value.outcome === "valid")
    .filter(({ rule }) => isTheSame(rule))
    .flatMap(({ rule }) => rule[key] ?? []);
}
