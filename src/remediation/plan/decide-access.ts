import { matchesAnyName } from "../../core/wildcards.ts";
import { isSameLocation, parseRoleArn, parseSecretArn } from "../../ecr/arn.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { parseEcrUrl, upstreamHost } from "../../ecr/upstream.ts";
import type { ObservedRule } from "../../facts/snapshot.ts";
import { entriesOnAccess, namesAllowed } from "../../policy/matching/allowed.ts";
import type { Policy } from "../../policy/schema.ts";

/** What the policy decides, or what somebody has to decide first. */
export type Decision<T> =
  | { readonly state: "decided"; readonly value: T }
  | { readonly state: "open"; readonly question: string };

/** The policy leaves it open. `question` is a whole sentence for people. */
export function open(question: string): { readonly state: "open"; readonly question: string } {
  return { state: "open", question };
}

/** It is decided. */
export function decided<T>(value: T): { readonly state: "decided"; readonly value: T } {
  return { state: "decided", value };
}

/** Decides for the only candidate there is: of none or of several, nobody but people can choose. */
export function onlyOne(candidates: Iterable<string>, question: string): Decision<string> {
  const [first, ...others] = [...new Set(candidates)].toSorted();
  if (first === undefined) return open(question);
  if (others.length === 0) return decided(first);
  return open(`${question} There are ${[first, ...others].join(", ")}.`);
}

/** The names among patterns that stand for themselves alone. */
export function plainNames(patterns: readonly string[] = []): readonly string[] {
  return patterns.filter((pattern) => !/[*?]/.test(pattern));
}

/** A decision with what was decided changed. */
export function mapped<T, U>(decision: Decision<T>, change: (value: T) => U): Decision<U> {
  return decision.state === "open" ? decision : decided(change(decision.value));
}

/** Secrets and roles that people offer for rules that lack theirs. */
export type Offers = {
  /** ARNs of secrets, each with the upstream registry that it logs in to. */
  readonly credentials: readonly { readonly upstream: string; readonly arn: string }[];
  /** ARNs of roles for ECR upstreams. */
  readonly roles: readonly string[];
};

/** A registry in which something is decided. */
export type Scene = {
  readonly target: Target;
  readonly policy: Policy;
  readonly rules: readonly ObservedRule[];
  readonly offers: Offers;
};

/**
 * The secret that the rule is to authenticate with: one that people offer for its upstream, or else the only one
 * of the names that the policy allows with which another rule of the registry proves to reach the same upstream.
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
    `Which secret of account ${target.account} in ${target.region} is the rule ${rule.ecrRepositoryPrefix} to authenticate with${allowed === null ? "" : ` (the policy allows ${allowed.join(" or ")})`}? Offer it: --credential ${rule.upstreamRegistry ?? "UPSTREAM"}=SECRET_ARN.`,
  );
}

/** The role that the rule is to use; decided as {@link decideCredential} decides. */
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
    `Which role of account ${target.account} is the rule ${rule.ecrRepositoryPrefix} to use${allowed === null ? "" : ` (the policy allows ${allowed.join(" or ")})`}? Offer it: --role ROLE_ARN.`,
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
