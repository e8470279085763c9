import { partitionOf } from "./partition.ts";

/**
 * The upstream registries that Amazon ECR can cache: their host where it is fixed, what they authenticate
 * with, and the prefix that the console proposes.
 *
 * Source: Amazon ECR user guide, "Sync an upstream registry with an Amazon ECR private registry", and the
 * `UpstreamRegistry` enum of `@aws-sdk/client-ecr` 3.1169.0, November 2026.
 */
export const upstreams = {
  "ecr-public": { host: "public.ecr.aws", authentication: "none", consolePrefix: "ecr-public" },
  k8s: { host: "registry.k8s.io", authentication: "none", consolePrefix: "kubernetes" },
  quay: { host: "quay.io", authentication: "none", consolePrefix: "quay" },
  "docker-hub": { host: "registry-1.docker.io", authentication: "secret", consolePrefix: "docker-hub" },
  "github-container-registry": { host: "ghcr.io", authentication: "secret", consolePrefix: "github" },
  "gitlab-container-registry": {
    host: "registry.gitlab.com",
    authentication: "secret",
    consolePrefix: "gitlab",
  },
  "azure-container-registry": { host: null, authentication: "secret", consolePrefix: "azure" },
  chainguard: { host: "cgr.dev", authentication: "secret", consolePrefix: "chainguard" },
  ecr: { host: null, authentication: "role", consolePrefix: null },
} as const satisfies Record<
  string,
  { host: string | null; authentication: "none" | "secret" | "role"; consolePrefix: string | null }
>;

/** An upstream registry known to this version. AWS adds new ones: rules carry a plain string. */
export type KnownUpstream = keyof typeof upstreams;

/** The names of all known upstream registries. */
export const knownUpstreams = Object.keys(upstreams).filter(isKnownUpstream);

/** Whether `name` is an upstream registry that this version knows. */
export function isKnownUpstream(name: string): name is KnownUpstream {
  return Object.hasOwn(upstreams, name);
}

/** What an upstream registry authenticates with. */
export type Authentication = (typeof upstreams)[KnownUpstream]["authentication"];

/** What an upstream registry authenticates with; `null` for one that this version does not know. */
export function authenticationOf(upstreamRegistry: string | null): Authentication | null {
  if (upstreamRegistry === null || !isKnownUpstream(upstreamRegistry)) return null;
  return upstreams[upstreamRegistry].authentication;
}

/** The host of an upstream URL: without scheme, port 443, path and capitals, so that spellings compare. */
export function upstreamHost(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/\/.*$/, "")
    .replace(/:443$/, "")
    .replace(/\.$/, "");
}

/** The account and region that an ECR registry's host names. */
export type EcrRegistry = { readonly account: string; readonly region: string };

const ecrHost =
  /^(?<account>\d{12})\.dkr(?<separator>[.-])ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?<suffix>[a-z0-9.-]+)$/;

/**
 * The account and region of an Amazon ECR private registry's URL, in any partition, its FIPS and dual-stack
 * forms included; `null` for any other URL, such as a look-alike in another domain.
 */
export function parseEcrUrl(url: string): EcrRegistry | null {
  const { account, separator, region, suffix } = ecrHost.exec(upstreamHost(url))?.groups ?? {};
  if (account === undefined || region === undefined) return null;
  const { dnsSuffix, dualStackSuffix } = partitionOf(region);
  return suffix === (separator === "-" ? dualStackSuffix : dnsSuffix) ? { account, region } : null;
}

const azureHost = /^[a-z0-9-]+\.azurecr\.io$/;

/**
 * The upstream registry that a rule caches, by its URL: ECR pulls from the URL, whatever the rule is called.
 * `declared` (the API's `upstreamRegistry`, which older rules and Terraform leave out) decides only where
 * the URL tells nothing, and never turns a foreign host into a registry whose host is fixed.
 *
 * @returns the registry's name, known to this version or not, or `null` when nothing tells it.
 */
export function recognizeUpstream(url: string, declared?: string): string | null {
  const host = upstreamHost(url);
  const byHost = knownUpstreams.find((name) => upstreams[name].host === host);
  if (byHost !== undefined) return byHost;
  if (parseEcrUrl(url) !== null) return "ecr";
  if (azureHost.test(host)) return "azure-container-registry";
  if (declared === undefined || isKnownUpstream(declared)) return null;
  return declared;
}
