import { partitionOf } from "../../ecr/partition.ts";
import { prefixForm } from "../../ecr/prefix.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import { readableSecrets } from "../references/secret.ts";

/** Finds what is wrong with a value: the end of a sentence that begins with its parameter; `null` if nothing is. */
export type FaultFinder = (value: string) => string | null;

/** What is wrong with the form of a prefix. */
export function faultOfPrefix(prefix: string): string | null {
  const { pattern, length } = prefixForm;
  const fault = faultOfLength(prefix, length);
  if (fault !== null) return fault;
  if (pattern.test(prefix)) return null;
  if (prefix.toUpperCase() === ROOT_PREFIX) return `is "${prefix}" and must be ${ROOT_PREFIX}, in capitals`;
  const capitals = /[A-Z]+/.exec(prefix);
  if (capitals !== null) return `contains the capital letter "${capitals[0].charAt(0)}"`;
  const other = /[^a-z0-9._/-]/u.exec(prefix);
  if (other !== null)
    return `contains ${nameOf(other[0])}; only lower-case letters, digits and . _ - / can be in it`;
  if (prefix.startsWith("/")) return "begins with a slash";
  if (prefix.includes("//")) return "contains two slashes in a row";
  const part = prefix.split("/").find((one) => one !== "" && !pattern.test(one)) ?? prefix;
  const edge = /^[._-]|[._-]$/.exec(part);
  if (edge !== null) {
    return `has the part "${part}", which ${part.startsWith(edge[0]) ? "begins" : "ends"} with "${edge[0]}" and must begin and end with a letter or a digit`;
  }
  const run = /[._-]{2,}/.exec(part)?.[0] ?? part;
  return `contains "${run}"; letters and digits can be separated by ".", "_", "__" or hyphens`;
}

function nameOf(character: string): string {
  return /\s/.test(character) ? "white space" : `"${character}"`;
}

function faultOfLength(
  { length }: string,
  { min, max }: { readonly min: number; readonly max: number },
): string | null {
  if (length === 0) return "is empty";
  return length < min || length > max ? `has ${length} characters and must have from ${min} to ${max}` : null;
}

/** `CredentialArn` of the ECR service model, and 50–612 characters (November 2026). */
const credentialPattern =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/[\w/+=.@-]+$/;
const credentialLength = { min: 50, max: 612 };

/** What is wrong with the form of the ARN of a credential. */
export function faultOfCredential(arn: string): string | null {
  if (credentialPattern.test(arn)) return faultOfLength(arn, credentialLength);
  const [, , service, region = "", account = "", kind, ...name] = arn.split(":");
  const fault = faultOfHead(arn, service, { service: "secretsmanager", noun: "a secret" });
  if (fault !== null) return fault;
  if (!/^[a-z0-9-]+$/.test(region)) return `has ${quotedPart(region)} for its region`;
  if (!/^\d{12}$/.test(account)) return faultOfAccount(account);
  if (kind !== "secret") return `is the ARN of ${quotedPart(kind ?? "")} and must be that of a secret`;
  const [first = ""] = name;
  if (!first.startsWith(readableSecrets)) {
    return `names the secret "${first}": ECR reads only secrets whose names begin with ${readableSecrets}`;
  }
  if (name.length > 1) return `has ":${name.slice(1).join(":")}" after the name of the secret`;
  if (first === readableSecrets) return `ends where the name of the secret must follow ${readableSecrets}`;
  const other = /[^\w/+=.@-]/u.exec(first)?.[0] ?? "";
  return `names the secret "${first}", and ${nameOf(other)} cannot be in the name of a secret`;
}

/** `CustomRoleArn` of the ECR service model (November 2026): up to 2048 characters. */
const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;
const roleLength = { min: 20, max: 2048 };

/** What is wrong with the form of the ARN of a role. */
export function faultOfRole(arn: string): string | null {
  if (rolePattern.test(arn)) return faultOfLength(arn, roleLength);
  const [, , service, region = "", account = "", ...resource] = arn.split(":");
  const fault = faultOfHead(arn, service, { service: "iam", noun: "a role" });
  if (fault !== null) return fault;
  if (region !== "") return `has the region "${region}", and roles have none`;
  if (!/^\d{12}$/.test(account)) return faultOfAccount(account);
  const [kind = ""] = resource.join(":").split("/");
  return kind === "role"
    ? "ends where the name of the role must follow"
    : `is the ARN of ${quotedPart(kind)} and must be that of a role`;
}

type WantedArn = { readonly service: string; readonly noun: string };

function faultOfHead(arn: string, service: string | undefined, wanted: WantedArn): string | null {
  if (arn === "") return "is empty";
  if (arn !== arn.trim()) return "begins or ends with white space";
  if (!arn.startsWith("arn:"))
    return `is "${arn}", which is not an ARN: it must be the ARN of ${wanted.noun}`;
  if (!/^arn:aws[a-z-]*:/.test(arn)) return `has ${quotedPart(arn.split(":")[1] ?? "")} for its partition`;
  if (service === wanted.service) return null;
  return `is an ARN of ${quotedPart(service ?? "")} and must be that of ${wanted.noun} (${wanted.service})`;
}

function faultOfAccount(account: string): string {
  const digits = /^\d+$/.test(account) ? `, which has ${account.length} digits instead of 12` : "";
  return `has ${quotedPart(account)} for its account${digits}`;
}

function quotedPart(part: string): string {
  return part === "" ? "nothing" : `"${part}"`;
}

/** Hosts that people write for an upstream, by the host that ECR takes (user guides of the registries, November 2026). */
const kin: Readonly<Record<string, readonly string[]>> = {
  "registry-1.docker.io": [
    "docker.io",
    "docker.com",
    "hub.docker.com",
    "hub.docker.io",
    "index.docker.io",
    "registry.docker.io",
    "registry.docker.com",
    "registry.hub.docker.com",
    "registry-1.docker.com",
    "registry-2.docker.io",
    "auth.docker.io",
  ],
  "registry.k8s.io": ["k8s.gcr.io", "gcr.k8s.io", "k8s.io", "kubernetes.io", "registry.kubernetes.io"],
  "ghcr.io": [
    "github.com",
    "docker.pkg.github.com",
    "containers.pkg.github.com",
    "ghcr.com",
    "ghcr.github.com",
  ],
  "registry.gitlab.com": ["gitlab.com", "gitlab.io", "registry.gitlab.io"],
  "public.ecr.aws": [
    "gallery.ecr.aws",
    "ecr.aws",
    "public.ecr.amazonaws.com",
    "ecr-public.us-east-1.amazonaws.com",
    "api.ecr-public.us-east-1.amazonaws.com",
  ],
  "quay.io": ["quay.com", "registry.quay.io", "cdn.quay.io"],
  "cgr.dev": ["chainguard.dev", "images.chainguard.dev", "chainguard.com", "cgr.io"],
};

/** Why a host is none that ECR caches, with the host that was probably meant. */
export function faultOfForeignHost(host: string): string {
  const bare = host.replace(/^www\./, "");
  const meant = Object.keys(kin).find((key) => key === bare || kin[key]?.includes(bare));
  if (meant !== undefined) return `is ${host}, which ECR does not take: write ${meant}`;
  if (/\.azurecr\.[a-z]+$/.test(host) || host === "azurecr.io") {
    return `is ${host} and must be of the form NAME.azurecr.io`;
  }
  const ecr = /^(?<account>[^.]*)\.dkr[.-]ecr(?:-fips)?\.(?<region>[^.]+)\.(?<suffix>.+)$/.exec(host)?.groups;
  return ecr === undefined ? "is not a registry that ECR caches" : faultOfEcrHost(ecr);
}

function faultOfEcrHost({ account = "", region = "", suffix }: Partial<Record<string, string>>): string {
  if (!/^\d{12}$/.test(account)) return faultOfAccount(account);
  const { dnsSuffix } = partitionOf(region);
  return `ends with ${suffix}, and the registries of ${region} end with ${dnsSuffix}`;
}

/** What must be left out of a URL that names a registry that ECR caches. */
export function faultOfSpelling(url: string, host: string): string {
  const bare = url.trim();
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(bare)?.[0];
  const [authority = "", ...path] = bare.slice(scheme?.length ?? 0).split("/");
  const port = /:\d+$/.exec(authority)?.[0];
  const superfluous = [
    ...(bare === url ? [] : ["white space"]),
    ...(scheme === undefined ? [] : [scheme]),
    ...(port === undefined ? [] : [port]),
    ...(path.length === 0 ? [] : [`the path /${path.join("/")}`]),
  ];
  const without = superfluous.length === 0 ? "" : `, without ${superfluous.join(" and ")}`;
  return `must be spelled ${host}${without}`;
}
