import { partitionOf } from "./partition.ts";

/**
 * The upstream registries that Amazon ECR can cache: their host if it is fixed, how clients authenticate, and the
 * prefix that the console proposes.
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

/** An upstream registry known to this version. Rules contain a plain string, because AWS adds new registries. */
export type KnownUpstream = keyof typeof upstreams;

/** The names of all known upstream registries. */
export const knownUpstreams = Object.keys(upstreams).filter(isKnownUpstream);

/** Whether `name` is an upstream registry that this version knows. */
export function isKnownUpstream(name: string): name is KnownUpstream {
  return Object.hasOwn(upstreams, name);
}

/** How clients of an upstream registry authenticate. */
export type Authentication = (typeof upstreams)[KnownUpstream]["authentication"];

/** How clients of an upstream registry authenticate; `null` if this version does not know the registry. */
export function authenticationOf(upstreamRegistry: string | null): Authentication | null {
  if (upstreamRegistry === null || !isKnownUpstream(upstreamRegistry)) return null;
  return upstreams[upstreamRegistry].authentication;
}

/** The normalized host of an upstream URL: lower-case, without scheme, port 443 and path. */
export function upstreamHost(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "")
    .replace(/\/.*$/, "")
    .replace(/:443$/, "")
    .replace(/\.$/, "");
}

/** The account and region in the host name of an ECR registry. */
export type EcrRegistry = { readonly account: string; readonly region: string };

const ecrHost =
  /^(?<account>\d{12})\.dkr(?<separator>[.-])ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?<suffix>[a-z0-9.-]+)$/;

/**
 * The account and region in the URL of a private Amazon ECR registry in any partition, including its FIPS and
 * dual-stack forms; `null` for any other URL, such as a similar name in a different domain.
 */
export function parseEcrUrl(url: string): EcrRegistry | null {
  // Most upstreams are elsewhere, and every rule is asked several times.
  if (!url.toLowerCase().includes(".dkr")) return null;
  const { account, separator, region, suffix } = ecrHost.exec(upstreamHost(url))?.groups ?? {};
  if (account === undefined || region === undefined) return null;
  const { dnsSuffix, dualStackSuffix } = partitionOf(region);
  return suffix === (separator === "-" ? dualStackSuffix : dnsSuffix) ? { account, region } : null;
}

const azureHost = /^[a-z0-9-]+\.azurecr\.io$/;

/**
 * Identifies the upstream registry of a rule by its URL, because ECR pulls from the URL regardless of the rule's name.
 * `declared` (the API's `upstreamRegistry`, which older rules and Terraform omit) is used only if the URL is not
 * conclusive. It never makes a different host count as a registry whose host is fixed.
 *
 * @returns the registry's name, which may be unknown to this version, or `null` if it cannot be identified
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
