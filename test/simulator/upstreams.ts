/** An upstream registry that ECR can cache. */
export interface Upstream {
  readonly url: RegExp;
  readonly authenticatesWith: "nothing" | "secret" | "role";
}

/** The names of the upstreams, as `upstreamRegistry` spells them. */
export type UpstreamName =
  | "azure-container-registry"
  | "chainguard"
  | "docker-hub"
  | "ecr"
  | "ecr-public"
  | "github-container-registry"
  | "gitlab-container-registry"
  | "k8s"
  | "quay";

/** The one URL of each upstream that has only one. */
export const UPSTREAM_URLS = {
  chainguard: "cgr.dev",
  "docker-hub": "registry-1.docker.io",
  "ecr-public": "public.ecr.aws",
  "github-container-registry": "ghcr.io",
  "gitlab-container-registry": "registry.gitlab.com",
  k8s: "registry.k8s.io",
  quay: "quay.io",
} as const satisfies Partial<Record<UpstreamName, string>>;

/**
 * The upstreams that ECR accepts.
 * Source: ECR API reference, `CreatePullThroughCacheRule`, and ECR User Guide, "Creating a pull through cache rule".
 */
export const UPSTREAMS: Readonly<Record<UpstreamName, Upstream>> = {
  "azure-container-registry": { url: /^[a-z0-9]{5,50}\.azurecr\.io$/, authenticatesWith: "secret" },
  chainguard: { url: /^cgr\.dev$/, authenticatesWith: "secret" },
  "docker-hub": { url: /^registry-1\.docker\.io$/, authenticatesWith: "secret" },
  ecr: {
    url: /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|amazonaws\.eu)$/,
    authenticatesWith: "role",
  },
  "ecr-public": { url: /^public\.ecr\.aws$/, authenticatesWith: "nothing" },
  "github-container-registry": { url: /^ghcr\.io$/, authenticatesWith: "secret" },
  "gitlab-container-registry": { url: /^registry\.gitlab\.com$/, authenticatesWith: "secret" },
  k8s: { url: /^registry\.k8s\.io$/, authenticatesWith: "nothing" },
  quay: { url: /^quay\.io$/, authenticatesWith: "nothing" },
};

/** The upstream of a URL; `undefined` if ECR does not support it. */
export function upstreamAt(url: string): Upstream | undefined {
  return Object.values(UPSTREAMS).find((upstream) => upstream.url.test(url));
}

/**
 * The form of a rule's prefixes. Source: ECR service model, `PullThroughCacheRuleRepositoryPrefix`. Older documents say 20
 * characters and do not mention ROOT.
 */
export const RULE_PREFIX =
  /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;

/** The maximum number of rules in a registry; not adjustable. Source: ECR User Guide, "Service quotas". */
export const RULES_TO_A_REGISTRY = 50;
