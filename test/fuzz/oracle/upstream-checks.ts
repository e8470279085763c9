import { UPSTREAMS } from "../../simulator/upstreams.ts";
import type { PolicyFile } from "../../support/builders.ts";
import type { SeenRule } from "./model.ts";
import { type Case, failsOf, notApplicable, notDemanded, passes, type RuleOracle } from "./said.ts";
import { bare, fits, fitsAny } from "./wildcards.ts";

type Entry = PolicyFile["allowedUpstreams"][number];

/** The checks that hold a rule's upstream against `allowedUpstreams`. */
export const upstreamChecks = {
  "allowed-upstream": ({ rule, policy }) => {
    const named = naming(policy, rule);
    if (named.length === 0) {
      return failsOf([rule.upstream === null ? "upstream-not-recognized" : "upstream-not-allowed"]);
    }
    if (rule.upstream === "ecr" && rule.url.endsWith(".cn"))
      return failsOf(["upstream-in-another-partition"]);
    if (allowing(policy, rule).length > 0) return passes;
    const wrong = named.map((entry) => wrongOrigin(entry, rule));
    const best = wrong.find(({ length }) => length === 1) ?? wrong[0] ?? [];
    return failsOf(best.slice(0, 1));
  },

  "prefix-convention": ({ rule, policy }) => {
    if (rule.prefix === "ROOT") return notDemanded;
    const { pattern, maxLength } = policy.prefixes ?? {};
    const entries = allowing(policy, rule);
    const isOthers = entries.length > 0 && !entries.some((entry) => givesPrefix(entry, rule));
    return failsOf([
      pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(bare(rule.prefix)) && "prefix-pattern",
      maxLength !== undefined && bare(rule.prefix).length > maxLength && "prefix-length",
      isOthers && "prefix-of-upstream",
    ]);
  },

  "upstream-scope": ({ rule, policy }) => {
    const entries = concerning(policy, rule);
    const isNarrowed = entries.some(({ upstreamPrefixes }) => upstreamPrefixes !== undefined);
    if (allowing(policy, rule).length === 0 || !isNarrowed) return notDemanded;
    return failsOf([!entries.some((entry) => isCached(entry, rule)) && "upstream-prefix-not-allowed"]);
  },

  "upstream-credentials": (subject) => {
    const { rule, registry } = subject;
    const authentication = authenticationOf(rule);
    if (rule.credentialArn === null) {
      if (authentication === null) return notApplicable("authentication-unknown");
      return failsOf([authentication === "secret" && "credential-missing"]);
    }
    if (authentication === "nothing" || authentication === "role") return failsOf(["credential-needless"]);
    const [, , service, region, account, kind, full = ""] = rule.credentialArn.split(":");
    if (service !== "secretsmanager" || kind !== "secret") return failsOf(["credential-not-a-secret"]);
    const name = full.slice(0, -"-abc123".length);
    const isHere = account === registry.place.account && region === registry.place.region;
    return failsOf([
      !isHere && "credential-elsewhere",
      !name.startsWith("ecr-pullthroughcache/") && "credential-out-of-reach",
      !isNameAllowed("secretNames", name, subject) && "credential-not-allowed",
    ]);
  },

  "upstream-role": (subject) => {
    const { rule, registry } = subject;
    const authentication = authenticationOf(rule);
    const upstreamAccount = rule.upstream === "ecr" ? rule.url.slice(0, 12) : null;
    if (rule.roleArn === null) {
      if (upstreamAccount === null) return notApplicable("not-an-ecr-upstream");
      return failsOf([upstreamAccount !== registry.place.account && "role-missing"]);
    }
    if (authentication === null) return notApplicable("not-an-ecr-upstream");
    if (authentication !== "role") return failsOf(["role-needless"]);
    const [, account, name] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(rule.roleArn) ?? [];
    if (account === undefined || name === undefined) return failsOf(["not-a-role"]);
    return failsOf([
      account !== registry.place.account && "role-of-another-account",
      !isNameAllowed("roleNames", name, subject) && "role-not-allowed",
    ]);
  },

  // Of the policies that fuzz runs use, `no-quay` is the only check of a policy's own.
  "no-quay": ({ rule }) => (rule.url === "quay.io" ? failsOf(["assertion-failed"]) : passes),
} satisfies Record<string, RuleOracle>;

function authenticationOf({ upstream }: SeenRule): "nothing" | "secret" | "role" | null {
  return Object.entries(UPSTREAMS).find(([name]) => name === upstream)?.[1].authenticatesWith ?? null;
}

/** The entries for an upstream, by its name and host. */
function naming({ allowedUpstreams }: PolicyFile, { upstream, url }: SeenRule): readonly Entry[] {
  return allowedUpstreams.filter(
    ({ registry, urls }) => registry === upstream && (urls === undefined || fitsAny(urls, url)),
  );
}

/** The entries for an upstream that allow its account and region too. */
function allowing(policy: PolicyFile, rule: SeenRule): readonly Entry[] {
  return naming(policy, rule).filter((entry) => wrongOrigin(entry, rule).length === 0);
}

function givesPrefix({ prefixes }: Entry, { prefix }: SeenRule): boolean {
  return prefixes === undefined || fitsAny(prefixes.map(bare), bare(prefix));
}

/**
 * Of the entries for an upstream those that allow its account and region, and of them those for the rule's prefix; all
 * where there is none.
 */
function concerning(policy: PolicyFile, rule: SeenRule): readonly Entry[] {
  const allowed = allowing(policy, rule);
  const entries = allowed.length > 0 ? allowed : naming(policy, rule);
  const own = entries.filter((entry) => givesPrefix(entry, rule));
  return own.length > 0 ? own : entries;
}

/** What an entry does not allow of an ECR upstream's account and region. */
function wrongOrigin({ accounts, regions }: Entry, rule: SeenRule) {
  if (rule.upstream !== "ecr") return [];
  const [account = "", , , region = ""] = rule.url.split(".");
  return [
    ...(accounts === undefined || fitsAny(accounts, account) ? [] : ["account-not-allowed" as const]),
    ...(regions === undefined || fitsAny(regions, region) ? [] : ["region-not-allowed" as const]),
  ];
}

function isCached({ upstreamPrefixes }: Entry, rule: SeenRule): boolean {
  return upstreamPrefixes?.some((pattern) => covers(pattern, rule.upstreamPrefix)) ?? true;
}

/** Whether a pattern names a prefix or one around it; `ROOT` is around all. */
function covers(pattern: string, prefix: string): boolean {
  if (fits(pattern, "ROOT")) return true;
  if (prefix === "ROOT") return false;
  const segments = prefix.split("/");
  const around = segments.map((_segment, index) => segments.slice(0, index + 1).join("/"));
  return around.some((one) => fits(pattern, one) || fits(pattern, `${one}/`));
}

/** Of the entries on a rule's upstream those whose scope it keeps to say which names it may use, if all of them do. */
function isNameAllowed(key: "secretNames" | "roleNames", name: string, { rule, policy }: Case): boolean {
  const entries = concerning(policy, rule);
  const kept = entries.filter((entry) => wrongOrigin(entry, rule).length === 0 && isCached(entry, rule));
  const lists = (kept.length > 0 ? kept : entries).map((entry) => entry[key]);
  return lists.length === 0 || lists.some((list) => list === undefined || fitsAny(list, name));
}
