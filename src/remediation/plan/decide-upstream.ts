import type { RequiredUpstream } from "../../checks/required-rule/text.ts";
import { partitionOf } from "../../ecr/partition.ts";
import { matchesAnyPrefix, withoutSlash } from "../../ecr/prefix.ts";
import { type PullThroughCacheRule, ROOT_PREFIX } from "../../ecr/rule.ts";
import { isKnownUpstream, parseEcrUrl, upstreams } from "../../ecr/upstream.ts";
import { entriesAllowing, entriesOnScope, scopeMisfits } from "../../policy/matching/allowed.ts";
import { matchesExpression } from "../../policy/matching/matching.ts";
import type { Policy } from "../../policy/schema.ts";
import type { AllowedUpstream } from "../../policy/sections/allowed-upstreams.ts";
import { type Decision, decided, onlyOne, open, plainNames } from "./decide-access.ts";

/** The upstream of a rule. */
export type Upstream = Pick<
  PullThroughCacheRule,
  "upstreamRegistryUrl" | "upstreamRegistry" | "upstreamRepositoryPrefix"
>;

/** Decides the upstream of a required rule with `prefix`. */
export function decideRequired(
  required: RequiredUpstream,
  prefix: string,
  policy: Policy,
): Decision<Upstream> {
  const entries = policy.allowedUpstreams.filter(
    ({ registry, prefixes }) =>
      registry === required.registry && (prefixes === undefined || matchesAnyPrefix(prefixes, prefix)),
  );
  const url = decideUrl(required, entries, prefix);
  if (url.state === "open") return url;
  const part = decidePart(required.upstreamPrefixes, entries, prefix);
  if (part.state === "open") return part;
  return decided({
    upstreamRegistryUrl: url.value,
    upstreamRegistry: required.registry,
    upstreamRepositoryPrefix: part.value,
  });
}

function decideUrl(
  { registry, urls }: RequiredUpstream,
  entries: readonly AllowedUpstream[],
  prefix: string,
): Decision<string> {
  const host = isKnownUpstream(registry) ? upstreams[registry].host : null;
  if (host !== null) return decided(host);
  const named = plainNames(urls.length > 0 ? urls : entries.flatMap((entry) => entry.urls ?? []));
  return onlyOne(
    named.length > 0 || urls.length > 0 ? named : entries.flatMap(ecrHosts),
    `Which upstream URL should the rule ${prefix} cache? Set a URL of ${registry} in urls of its requiredRules entry.`,
  );
}

function ecrHosts({ registry, accounts, regions }: AllowedUpstream): readonly string[] {
  if (registry !== "ecr") return [];
  return plainNames(accounts).flatMap((account) =>
    plainNames(regions).map((region) => ecrHost(account, region)),
  );
}

function ecrHost(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.${partitionOf(region).dnsSuffix}`;
}

function decidePart(
  required: readonly string[],
  entries: readonly AllowedUpstream[],
  prefix: string,
): Decision<string> {
  const narrowing =
    required.length > 0 ? [required] : entries.map(({ upstreamPrefixes }) => upstreamPrefixes);
  const takesAll = narrowing.some(
    (patterns) => patterns === undefined || matchesAnyPrefix(patterns, ROOT_PREFIX),
  );
  if (narrowing.length === 0 || takesAll) return decided(ROOT_PREFIX);
  return onlyOne(
    narrowing.flatMap((patterns) => plainNames(patterns)),
    `Which part of its upstream should the rule ${prefix} cache? Set it in upstreamPrefixes of its requiredRules entry.`,
  );
}

/** Decides the narrower upstream of a rule that caches too much, from a policy entry without wildcards. */
export function decideScope(rule: PullThroughCacheRule, policy: Policy): Decision<Upstream> {
  const ways = entriesOnScope(policy, rule).flatMap((entry) => narrowedTo(entry, rule) ?? []);
  const [first, ...others] = new Map(ways.map((way) => [JSON.stringify(way), way])).values();
  const { upstreamRegistry, ecrRepositoryPrefix } = rule;
  if (first === undefined || others.length > 0) {
    return open(
      `Which part of its upstream should the rule ${ecrRepositoryPrefix} cache? The policy allows ${first === undefined ? "no single account, region or repository prefix" : "more than one"}.`,
    );
  }
  return decided({ ...first, upstreamRegistry });
}

type Narrowed = Pick<Upstream, "upstreamRegistryUrl" | "upstreamRepositoryPrefix">;

/** The upstream of a rule, narrowed to what an entry allows; `null` unless the entry allows exactly one value. */
function narrowedTo(entry: AllowedUpstream, rule: PullThroughCacheRule): Narrowed | null {
  const { upstreamRegistryUrl: url, upstreamRepositoryPrefix: part } = rule;
  let [registry, narrowed] = [parseEcrUrl(url), { upstreamRegistryUrl: url, upstreamRepositoryPrefix: part }];
  for (const { aspect, allowed } of scopeMisfits(entry, rule)) {
    const [only, ...others] = allowed;
    if (only === undefined || others.length > 0 || plainNames(allowed).length === 0) return null;
    if (aspect === "upstream-prefix") narrowed = { ...narrowed, upstreamRepositoryPrefix: only };
    else if (registry !== null) {
      registry = { ...registry, [aspect]: only };
      narrowed = { ...narrowed, upstreamRegistryUrl: ecrHost(registry.account, registry.region) };
    }
  }
  return narrowed;
}

/** Decides the prefix of a rule: the only allowed prefix without wildcards that is valid and free. */
export function decidePrefix(
  rule: PullThroughCacheRule,
  policy: Policy,
  taken: readonly string[],
): Decision<string> {
  const { pattern, maxLength = 30 } = policy.prefixes;
  const named = entriesAllowing(policy, rule).flatMap(({ prefixes }) =>
    plainNames(prefixes).map(withoutSlash),
  );
  const fitting = named.filter(
    (prefix) =>
      !taken.map(withoutSlash).includes(prefix) &&
      prefix.length <= maxLength &&
      (pattern === undefined || matchesExpression(pattern, prefix)),
  );
  return onlyOne(
    fitting,
    `Which prefix should the rule ${rule.ecrRepositoryPrefix} have? The policy allows no single prefix that is free.`,
  );
}
