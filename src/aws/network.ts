import { readFileSync } from "node:fs";
import tls from "node:tls";
import { CannotStartError } from "../audit/ports.ts";
import { messageOf } from "../core/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** How AWS is reached, as the environment says it. The AWS CLI reads the same variables. */
export type Network = {
  /** The proxies in the form that Node.js's agents take; empty without a proxy. */
  readonly proxies: Readonly<Partial<Record<"HTTP_PROXY" | "HTTPS_PROXY" | "NO_PROXY", string>>>;
  /** A file with certificates of authorities to trust besides those of Node.js and `NODE_EXTRA_CA_CERTS`. */
  readonly caBundle: string | null;
};

/**
 * Reads the variables of the network. For proxies, the lower-case name counts first.
 *
 * @throws CannotStartError if a proxy is not an HTTP address, or this Node.js cannot use one
 */
export function networkOf(environment: Environment): Network {
  const http = proxyIn(environment, "HTTP_PROXY");
  const https = proxyIn(environment, "HTTPS_PROXY");
  const caBundle = settingOf(environment, "AWS_CA_BUNDLE");
  if (http === null && https === null) return { proxies: {}, caBundle };
  refuseOldNode();
  return {
    proxies: {
      ...(http === null ? {} : { HTTP_PROXY: http }),
      ...(https === null ? {} : { HTTPS_PROXY: https }),
      NO_PROXY: exceptions(settingInEitherCase(environment, "NO_PROXY") ?? ""),
    },
    caBundle,
  };
}

/** The region that counts where `AWS_REGION` is not set, which the SDK itself does not read. */
export function defaultRegionOf(environment: Environment): string | null {
  return settingOf(environment, "AWS_REGION") === null ? settingOf(environment, "AWS_DEFAULT_REGION") : null;
}

function settingOf(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim() ?? "";
  return value === "" ? null : value;
}

function settingInEitherCase(environment: Environment, name: string): string | null {
  return settingOf(environment, name.toLowerCase()) ?? settingOf(environment, name);
}

/** A proxy without a scheme is an HTTP proxy, as for the AWS CLI. The error must not repeat a password. */
function proxyIn(environment: Environment, name: string): string | null {
  const value = settingInEitherCase(environment, name);
  if (value === null) return null;
  const address = value.includes("://") ? value : `http://${value}`;
  const { protocol } = URL.canParse(address) ? new URL(address) : { protocol: "" };
  if (protocol === "http:" || protocol === "https:") return address;
  throw new CannotStartError(
    `${name} is not the address of an HTTP proxy: write it like http://proxy.example.com:3128`,
  );
}

/**
 * `NO_PROXY` as Node.js reads it: there, a name stands for that host alone. The AWS CLI also takes it for all hosts
 * below it.
 */
function exceptions(value: string): string {
  const entries = value.split(/[\s,]+/).filter((entry) => entry !== "");
  return entries.flatMap((entry) => (isName(entry) ? [entry, `.${entry}`] : [entry])).join(",");
}

function isName(entry: string): boolean {
  return /^[^.*:/][^*:/]*$/.test(entry) && /[a-z]/i.test(entry);
}

/**
 * The agents of Node.js take proxies since the versions that have this option (Node.js documentation, "Built-in proxy
 * support", November 2026). A proxy that is silently not used looks like a network that does not answer.
 */
function refuseOldNode(): void {
  if (process.allowedNodeEnvironmentFlags.has("--use-env-proxy")) return;
  throw new CannotStartError(
    `HTTPS_PROXY or HTTP_PROXY is set, and Node.js ${process.versions.node} cannot use a proxy: use Node.js 22.21, 24.5 or later.`,
  );
}

/**
 * Trusts the authorities of the bundle besides those that Node.js trusts. It is built once, because each connection would
 * parse all certificates again.
 *
 * @throws CannotStartError if the file cannot be used
 */
export function trustedBy(caBundle: string): tls.SecureContext {
  try {
    // Node.js before 22.15 lacks the function, and then trusts NODE_EXTRA_CA_CERTS only without AWS_CA_BUNDLE.
    const { getCACertificates }: Partial<Pick<typeof tls, "getCACertificates">> = tls;
    const usual = getCACertificates?.("default") ?? tls.rootCertificates;
    return tls.createSecureContext({ ca: [...usual, readFileSync(caBundle, "utf8")] });
  } catch (error) {
    const why = `${caBundle}: ${messageOf(error)}`;
    throw new CannotStartError(`The certificates of AWS_CA_BUNDLE cannot be used: ${why}`, { cause: error });
  }
}
