import type * as z from "zod";
import { compareValues } from "../core/order.ts";
import { ALL_REGIONS } from "../ecr/registry.ts";
import { type PullThroughCacheRule, ROOT_PREFIX } from "../ecr/rule.ts";
import { isKnownUpstream, knownUpstreams, parseEcrUrl, upstreamHost, upstreams } from "../ecr/upstream.ts";
import { schemaAddress } from "../schemas/address.ts";
import type { Finding } from "../schemas/finding.ts";
import type { SnapshotFile } from "../schemas/snapshot-file.ts";
import type { policySchema } from "./schema.ts";
import type { AllowedUpstream } from "./sections/allowed-upstreams.ts";
import type { Waiver } from "./sections/waivers.ts";

/** What a policy file holds, before its defaults are filled in. */
export type PolicyFile = z.input<typeof policySchema>;

/** A policy to begin with: this account and region, every upstream. */
export function starterPolicy(): PolicyFile {
  return policyFor({ accounts: "current" }, [...knownUpstreams.map((registry) => ({ registry }))]);
}

/**
 * A policy that fits what a snapshot holds: its scope, and the upstreams that its rules cache, with their prefixes. An
 * upstream that this version does not know stays forbidden. Pure.
 */
export function policyFromSnapshot({ request, registries, excludedAccounts }: SnapshotFile): PolicyFile {
  const targets = registries.map(({ target }) => target);
  const isOrganization =
    request.accounts === null && targets.some(({ organizationId }) => organizationId !== null);
  const accounts = distinct(targets.map(({ account }) => account).filter((account) => account !== "*"));
  const regions = distinct(targets.map(({ region }) => region).filter((region) => region !== ALL_REGIONS));
  const excluded = excludedAccounts.filter(({ reason }) => reason === "excluded-by-policy");
  const scope = {
    accounts: isOrganization ? "organization" : accounts.length === 0 ? "current" : accounts,
    ...(excluded.length === 0 ? {} : { excludeAccounts: excluded.map(({ account }) => account) }),
    ...(regions.length === 0 ? {} : { regions }),
  } as const;
  const rules = registries.flatMap((registry) =>
    registry.rules.state === "present" ? registry.rules.value : [],
  );
  return policyFor(scope, allowedUpstreamsOf(rules.map(({ rule }) => rule)));
}

function policyFor(scope: PolicyFile["scope"], allowedUpstreams: readonly AllowedUpstream[]): PolicyFile {
  return {
    $schema: schemaAddress("policies/policy.schema.json"),
    version: 1,
    name: "my policy",
    scope,
    allowedUpstreams: [...allowedUpstreams],
    prefixes: { root: "forbid", overlap: "forbid" },
    secrets: {},
    creationTemplates: { required: false },
  };
}

/** One entry for each upstream that the rules cache. */
function allowedUpstreamsOf(rules: readonly PullThroughCacheRule[]): readonly AllowedUpstream[] {
  const byUpstream = Map.groupBy(rules, ({ upstreamRegistry }) => upstreamRegistry);
  return knownUpstreams.flatMap((registry) => {
    const cached = byUpstream.get(registry);
    return cached === undefined ? [] : [allowanceOf(registry, cached)];
  });
}

function allowanceOf(registry: string, rules: readonly PullThroughCacheRule[]): AllowedUpstream {
  const prefixes = rules
    .map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix)
    .filter((prefix) => prefix !== ROOT_PREFIX);
  const sources = rules.flatMap(({ upstreamRegistryUrl }) => parseEcrUrl(upstreamRegistryUrl) ?? []);
  const isOfCustomers =
    isKnownUpstream(registry) && upstreams[registry].host === null && sources.length === 0;
  return {
    registry,
    ...(isOfCustomers
      ? { urls: distinct(rules.map(({ upstreamRegistryUrl }) => upstreamHost(upstreamRegistryUrl))) }
      : {}),
    ...(prefixes.length === 0 ? {} : { prefixes: distinct(prefixes) }),
    ...(sources.length === 0
      ? {}
      : {
          accounts: distinct(sources.map(({ account }) => account)),
          regions: distinct(sources.map(({ region }) => region)),
        }),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted(compareValues);
}

/** Days that the waivers of a baseline hold: time to work on what was there before the policy. */
const baselineDays = 90;

/**
 * A waiver for each failure that there is, so that only what is new fails. Pure.
 *
 * @param findings the findings of the policy that the waivers are for
 */
export function baselineWaivers(findings: readonly Finding[], now: Date): readonly Waiver[] {
  const day = now.toISOString().slice(0, 10);
  const expires = new Date(now.getTime() + baselineDays * 86_400_000).toISOString().slice(0, 10);
  const waivers = findings
    .filter(({ status }) => status === "FAIL")
    .map(
      ({ check, account, region, prefix }): Waiver => ({
        check,
        accounts: [account],
        regions: [region],
        ...(prefix === null ? {} : { prefixes: [prefix] }),
        reason: `It failed on ${day}, when this policy was written.`,
        owner: "to be assigned",
        expires,
      }),
    );
  // A check can find several things wrong with one rule, and one waiver is for all of them.
  return [...new Map(waivers.map((waiver) => [JSON.stringify(waiver), waiver])).values()];
}
