import type { PullThroughCacheRule } from "../model/rule.ts";
import { parseEcrUrl } from "../model/upstream.ts";
import { matchesAnyName } from "./matching.ts";
import { coversPrefix } from "./prefix.ts";
import type { AllowedUpstream } from "./sections/allowed-upstreams.ts";

/** One thing in which a rule reaches further than an entry of `allowedUpstreams` allows. */
export type ScopeMisfit = {
  readonly aspect: "account" | "region" | "upstream-prefix";
  readonly given: string;
  readonly allowed: readonly string[];
};

/** Whether an entry says how much of its upstream may be cached. */
export function narrowsScope({ accounts, regions, upstreamPrefixes }: AllowedUpstream): boolean {
  return [accounts, regions, upstreamPrefixes].some((patterns) => patterns !== undefined);
}

/** In what a rule reaches further than an entry allows. Only ECR upstreams have an account and a region. */
export function scopeMisfits(
  { accounts, regions, upstreamPrefixes }: AllowedUpstream,
  { upstreamRegistryUrl, upstreamRepositoryPrefix }: PullThroughCacheRule,
): readonly ScopeMisfit[] {
  const misfits: ScopeMisfit[] = [];
  const ecr = parseEcrUrl(upstreamRegistryUrl);
  if (ecr !== null && accounts !== undefined && !matchesAnyName(accounts, ecr.account)) {
    misfits.push({ aspect: "account", given: ecr.account, allowed: accounts });
  }
  if (ecr !== null && regions !== undefined && !matchesAnyName(regions, ecr.region)) {
    misfits.push({ aspect: "region", given: ecr.region, allowed: regions });
  }
  if (upstreamPrefixes !== undefined && !coversPrefix(upstreamPrefixes, upstreamRepositoryPrefix)) {
    misfits.push({ aspect: "upstream-prefix", given: upstreamRepositoryPrefix, allowed: upstreamPrefixes });
  }
  return misfits;
}
