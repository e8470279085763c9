import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { codeOf, messageOf } from "../core/errors.ts";
import { errorName } from "./errors.ts";
import { networkOf } from "./network.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A cause why nothing could be asked of AWS: how it shows in an error, and what to do about it. */
type Cause = {
  readonly shows: (error: object, environment: Environment) => boolean;
  readonly hint: (environment: Environment, error: object) => string;
};

/**
 * What to do when AWS cannot be asked who the auditor is, told apart by cause. The sentences are those of the SDK
 * (`@aws-sdk/credential-provider-*` and `@aws-sdk/token-providers`), the codes those of Node.js (November 2026).
 */
export function startHint(error: unknown, environment: Environment): string {
  const errors = [...chainOf(error)];
  for (const { shows, hint } of causes) {
    const found = errors.find((one) => shows(one, environment));
    if (found !== undefined) return hint(environment, found);
  }
  return "Set credentials and a region (AWS_PROFILE, AWS_REGION).";
}

const noRegion: Cause = {
  shows: (error) => /region is missing/i.test(messageOf(error)),
  hint: () => "Set a region: AWS_REGION, AWS_DEFAULT_REGION, or `region` in the profile of AWS_PROFILE.",
};

const noProfile: Cause = {
  shows: (error, environment) =>
    (isFromProvider(error) || noRegion.shows(error, environment)) && lacksProfile(environment),
  hint: ({ AWS_PROFILE: profile }) =>
    `The profile ${profile} does not exist: correct --profile or AWS_PROFILE. To list the profiles: aws configure list-profiles`,
};

const needsMfa: Cause = {
  shows: (error) => /requires multi-factor authentication/.test(messageOf(error)),
  hint: ({ AWS_PROFILE: profile = "NAME" }) =>
    `The auditor cannot ask for an MFA code. Let the AWS CLI ask, then unset AWS_PROFILE and audit again: eval "$(aws configure export-credentials --profile ${profile} --format env)"`,
};

const expired: Cause = {
  shows: (error) =>
    ["ExpiredToken", "ExpiredTokenException"].includes(errorName(error)) ||
    /aws sso login|aws login|Token is expired|SSO session .*(expired|invalid)/i.test(messageOf(error)),
  hint: () =>
    "The session has expired. Sign in again (aws sso login, or aws login), or set new credentials (AWS_PROFILE, AWS_SESSION_TOKEN).",
};

const noCredentials: Cause = {
  shows: isFromProvider,
  hint: () =>
    "No credentials were found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role.",
};

const refusedCredentials: Cause = {
  shows: (error) =>
    ["InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"].includes(
      errorName(error),
    ),
  hint: () =>
    "AWS does not accept the credentials. Correct them (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or enable the region of AWS_REGION in the account.",
};

const proxyRefuses: Cause = {
  shows: (error) => codeOf(error) === "ERR_PROXY_TUNNEL" || statusOf(error) === 407,
  hint: () =>
    "The proxy of HTTPS_PROXY or HTTP_PROXY refused the connection. Correct its address, user and password, have it allow the hosts of AWS, or name hosts that need no proxy in NO_PROXY.",
};

const unreachableCodes = [
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
];

const noProxy: Cause = {
  shows: (error, environment) =>
    unreachableCodes.includes(codeOf(error)) && proxiesIn(environment).some((proxy) => isAt(error, proxy)),
  hint: (environment, error) =>
    `The proxy ${proxiesIn(environment).find((proxy) => isAt(error, proxy))?.host} cannot be reached. Correct HTTPS_PROXY or HTTP_PROXY, or unset it if no proxy is needed.`,
};

const noName: Cause = {
  shows: (error) => ["ENOTFOUND", "EAI_AGAIN"].includes(codeOf(error)),
  hint: () =>
    "The name of the host cannot be resolved (DNS). Check the network and the spelling of AWS_REGION and of any endpoint that you set; behind a proxy, set HTTPS_PROXY.",
};

const untrusted: Cause = {
  shows: (error) => /CERT|^ERR_(SSL|TLS)_|^UNABLE_TO_|^EPROTO$|^HOSTNAME_MISMATCH$/.test(codeOf(error)),
  hint: () =>
    "The TLS certificate of the host is not trusted. If a proxy of your organization inspects TLS, name the file with its certificates in AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS; otherwise check the clock and any endpoint that you set.",
};

const unreachable: Cause = {
  shows: (error) => unreachableCodes.includes(codeOf(error)) || errorName(error) === "TimeoutError",
  hint: () =>
    "The host does not answer. Check the network and any endpoint that you set; behind a proxy, set HTTPS_PROXY; in a VPC, give it a route or an endpoint to AWS STS.",
};

/** The first cause that shows counts. */
const badEndpoint: Cause = {
  shows: (error) => codeOf(error) === "ERR_INVALID_URL",
  hint: () =>
    "The endpoint that you set, in the environment or in the profile, is not an address. Correct it, or unset it.",
};

const causes: readonly Cause[] = [
  badEndpoint,
  noProfile,
  noRegion,
  needsMfa,
  expired,
  proxyRefuses,
  noProxy,
  noName,
  untrusted,
  unreachable,
  refusedCredentials,
  noCredentials,
];

/** An error with the errors that caused it. */
function* chainOf(error: unknown): Generator<object> {
  if (typeof error !== "object" || error === null) return;
  yield error;
  if (error instanceof AggregateError) for (const one of error.errors) yield* chainOf(one);
  if ("cause" in error) yield* chainOf(error.cause);
}

function isFromProvider(error: object): boolean {
  return errorName(error) === "CredentialsProviderError";
}

function statusOf(error: object): unknown {
  const metadata: unknown = Reflect.get(error, "$metadata");
  return typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "httpStatusCode") : null;
}

function proxiesIn(environment: Environment): readonly URL[] {
  const { HTTP_PROXY, HTTPS_PROXY } = networkOf(environment).proxies;
  return [HTTP_PROXY, HTTPS_PROXY].flatMap((proxy) => (proxy === undefined ? [] : [new URL(proxy)]));
}

/** Whether a connection to this address failed: Node.js names the host, or the address and the port. */
function isAt(error: object, { hostname, port, protocol }: URL): boolean {
  const named: unknown = Reflect.get(error, "hostname");
  if (named === hostname) return true;
  const usualPort = protocol === "https:" ? 443 : 80;
  return Reflect.get(error, "port") === (port === "" ? usualPort : Number(port));
}

/** Whether `AWS_PROFILE` names a profile that is in neither of the AWS CLI's files. No value in them is looked at. */
function lacksProfile(environment: Environment): boolean {
  const { AWS_PROFILE: profile = "", AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = environment;
  if (profile === "") return false;
  const files = [
    AWS_CONFIG_FILE ?? join(homedir(), ".aws", "config"),
    AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), ".aws", "credentials"),
  ];
  return !files.flatMap(profilesIn).includes(profile);
}

function profilesIn(file: string): readonly string[] {
  const headings = textOf(file).matchAll(/^\s*\[\s*(?:profile\s+)?(["']?)(?<name>.+?)\1\s*\]/gm);
  return Array.from(headings, ({ groups }) => groups?.["name"] ?? "");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
