import { describe, expect, it } from "vitest";
import { CannotStartError } from "../../src/audit/ports.ts";
import type { Fault } from "../simulator/faults.ts";
import { HUB, smallWorld } from "./support/organization.ts";
import { serveByTls, startProxy } from "./support/proxy.ts";
import { scratchFile } from "./support/scratch-file.ts";
import { setStage } from "./support/stage.ts";

const keysOff = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

const profiles = `[profile mfa]
region = us-east-1
role_arn = arn:aws:iam::${HUB}:role/pull-through-auditor
source_profile = keys
mfa_serial = arn:aws:iam::${HUB}:mfa/someone
[profile keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret
[profile sso]
region = us-east-1
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
sso_account_id = ${HUB}
sso_role_name = audit
`;

type Hinted = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly faults?: Fault[];
};

/** The error of an audit that cannot start in this environment. */
async function errorIn({ environment, faults = [] }: Hinted): Promise<string> {
  const file = await scratchFile("config", profiles);
  const files = { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: "/nonexistent", HOME: "/nonexistent" };
  await using stage = await setStage(smallWorld({ faults }), { environment: { ...files, ...environment } });
  const error = await stage.audit().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CannotStartError);
  return error instanceof Error ? error.message : "";
}

describe("an audit that cannot start says what to do where", () => {
  it.each<Hinted & { cause: string; hint: RegExp }>([
    { cause: "no region is set", environment: { AWS_REGION: undefined }, hint: /Set a region: AWS_REGION/ },
    {
      cause: "the endpoint is no address",
      environment: { AWS_ENDPOINT_URL: "nonsense" },
      hint: /The endpoint that you set, .*, is not an address/,
    },
    { cause: "there are no credentials", environment: keysOff, hint: /No credentials were found/ },
    {
      cause: "the profile does not exist",
      environment: { ...keysOff, AWS_PROFILE: "adit" },
      hint: /The profile adit does not exist/,
    },
    {
      cause: "the profile does not exist, and no region is set",
      environment: { ...keysOff, AWS_PROFILE: "adit", AWS_REGION: undefined },
      hint: /The profile adit does not exist/,
    },
    {
      cause: "the profile asks for an MFA code",
      environment: { ...keysOff, AWS_PROFILE: "mfa" },
      hint: /cannot ask for an MFA code.* --profile mfa /,
    },
    {
      cause: "nobody has signed in to IAM Identity Center",
      environment: { ...keysOff, AWS_PROFILE: "sso" },
      hint: /Sign in again \(aws sso login/,
    },
    {
      cause: "the session has expired",
      environment: {},
      faults: [{ on: { service: "sts" }, effect: { kind: "expire-credentials" } }],
      hint: /The session has expired/,
    },
    {
      cause: "AWS does not know the credentials",
      environment: { AWS_ACCESS_KEY_ID: "AKIASOMEBODYELSE0000" },
      hint: /does not accept the credentials/,
    },
    {
      cause: "no name server knows the host",
      environment: { AWS_ENDPOINT_URL: "http://aws.invalid" },
      hint: /cannot be resolved \(DNS\)/,
    },
    {
      cause: "nobody answers",
      environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:1" },
      hint: /The host does not answer/,
    },
    {
      cause: "the proxy does not answer",
      environment: { HTTP_PROXY: "http://user:hidden@127.0.0.1:1" },
      hint: /The proxy 127\.0\.0\.1:1 cannot be reached/,
    },
    {
      cause: "the proxy's name is unknown, and written without a scheme",
      environment: { HTTP_PROXY: "proxy.invalid:3128" },
      hint: /The proxy proxy\.invalid:3128 cannot be reached/,
    },
    {
      cause: "the proxy is none",
      environment: { HTTPS_PROXY: "socks5://user:hidden@127.0.0.1:1" },
      hint: /HTTPS_PROXY is not the address of an HTTP proxy/,
    },
    {
      cause: "the certificates cannot be read",
      environment: { AWS_CA_BUNDLE: "/nonexistent/ca.pem" },
      hint: /AWS_CA_BUNDLE cannot be used: .*\/nonexistent\/ca\.pem/,
    },
  ])("$cause", async ({ hint, ...hinted }) => {
    const message = await errorIn(hinted);
    expect(message).toMatch(hint);
    expect(message).not.toContain("hidden");
  });

  it.each([
    { endpoint: "https://localhost:1", variable: "HTTPS_PROXY", refusal: 403 },
    { endpoint: "https://localhost:1", variable: "HTTPS_PROXY", refusal: 407 },
    { endpoint: "http://aws.invalid", variable: "HTTP_PROXY", refusal: 407 },
  ])("the proxy refuses with $refusal, for $endpoint", async ({ endpoint, variable, refusal }) => {
    await using proxy = await startProxy();
    proxy.refusal = refusal;
    const message = await errorIn({ environment: { AWS_ENDPOINT_URL: endpoint, [variable]: proxy.url } });
    expect(message).toMatch(/The proxy of HTTPS_PROXY or HTTP_PROXY refused the connection/);
    expect(message).not.toContain("secret");
  });

  it("the certificate is not trusted", async () => {
    await using secured = await serveByTls("http://127.0.0.1:1");
    expect(await errorIn({ environment: { AWS_ENDPOINT_URL: secured.url } })).toMatch(
      /certificate of the host is not trusted.*AWS_CA_BUNDLE/,
    );
  });
});

describe("AWS_DEFAULT_REGION", () => {
  it.each([
    { what: "counts where AWS_REGION is not set", region: undefined },
    { what: "counts where AWS_REGION is empty", region: "" },
    { what: "does not count beside AWS_REGION", region: "us-east-1", other: "mars-north-1" },
  ])("$what", async ({ region, other = "us-east-1" }) => {
    await using stage = await setStage(smallWorld(), {
      environment: { AWS_REGION: region, AWS_DEFAULT_REGION: other },
    });
    await stage.audit();
    expect(new Set(stage.callsOf("GetCallerIdentity").map((call) => call.region))).toEqual(
      new Set(["us-east-1"]),
    );
  });
});
