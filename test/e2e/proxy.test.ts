import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { localhostCertificate } from "../aws/localhost-certificate.ts";
import { allSeen, figuresOf, HUB, NOTIFIERS, smallWorld } from "./support/organization.ts";
import { type ForwardProxy, serveByTls, startProxy } from "./support/proxy.ts";
import { scratchFile } from "./support/scratch-file.ts";
import { type Staging, setStage } from "./support/stage.ts";

/** No name server knows this host: only a proxy can reach it. */
const NOWHERE = "http://aws.invalid";

/** A stage whose AWS can be reached through the proxy alone. */
async function behindProxy(proxy: ForwardProxy, { environment = {}, ...staging }: Staging = {}) {
  const stage = await setStage(smallWorld(), {
    ...staging,
    environment: { AWS_ENDPOINT_URL: NOWHERE, HTTP_PROXY: proxy.url, ...environment },
  });
  proxy.target = stage.simulator.url;
  return stage;
}

const keysOff = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

describe("a proxy", () => {
  it.each(["HTTP_PROXY", "http_proxy"])("takes every call of an audit: %s", async (name) => {
    await using proxy = await startProxy();
    await using stage = await behindProxy(proxy, {
      environment: { ...NOTIFIERS, HTTP_PROXY: undefined, [name]: proxy.url },
      policy: { secrets: { maxAgeDays: 90 } },
    });
    expect(figuresOf(await stage.deliverReport("always"))).toEqual(allSeen(3));
    expect(proxy.asked).toHaveLength(stage.simulator.calls.length);
    expect(new Set(stage.simulator.calls.map(({ service }) => service))).toEqual(
      new Set(["sts", "organizations", "ecr", "secretsmanager", "sns", "events"]),
    );
  });

  it.each([
    ["AWS_CA_BUNDLE", "https_proxy"],
    ["AWS_CA_BUNDLE", "HTTPS_PROXY"],
  ])("takes https by CONNECT, and the certificates of %s are trusted: %s", async (bundle, name) => {
    await using proxy = await startProxy();
    await using stage = await behindProxy(proxy, {
      environment: {
        AWS_ENDPOINT_URL: "https://localhost:1",
        HTTP_PROXY: undefined,
        [name]: proxy.url,
        [bundle]: await scratchFile("ca.pem", localhostCertificate),
      },
    });
    await using secured = await serveByTls(stage.simulator.url);
    proxy.target = secured.url;
    expect(figuresOf(await stage.audit())).toEqual(allSeen(3));
    expect(new Set(proxy.asked)).toEqual(new Set(["CONNECT localhost:1"]));
  });

  it("takes https where NODE_EXTRA_CA_CERTS names the certificates, beside those of AWS_CA_BUNDLE", async () => {
    await using proxy = await startProxy();
    await using stage = await behindProxy(proxy);
    await using secured = await serveByTls(stage.simulator.url);
    proxy.target = secured.url;
    const file = await scratchFile("ca.pem", localhostCertificate);
    for (const bundle of ["", await scratchFile("other.pem", "")]) {
      const env = {
        ...process.env,
        AWS_ENDPOINT_URL: "https://localhost:1",
        HTTPS_PROXY: proxy.url,
        NODE_EXTRA_CA_CERTS: file,
        AWS_CA_BUNDLE: bundle,
      };
      const script = fileURLToPath(new URL("./support/audit-process.ts", import.meta.url));
      await promisify(execFile)(process.execPath, [script], { env });
    }
    expect(stage.callsOf("GetCallerIdentity")).toHaveLength(2);
    expect(new Set(proxy.asked)).toEqual(new Set(["CONNECT localhost:1"]));
  });

  it.each(["127.0.0.1", "localhost,127.0.0.1", "*"])(
    "takes nothing that NO_PROXY names: %s",
    async (hosts) => {
      await using proxy = await startProxy();
      await using stage = await setStage(smallWorld(), {
        environment: { HTTP_PROXY: proxy.url, NO_PROXY: hosts },
      });
      expect(figuresOf(await stage.audit())).toEqual(allSeen(3));
      expect(proxy.asked).toEqual([]);
    },
  );

  it("takes the calls of the role in a profile", async () => {
    await using proxy = await startProxy();
    const file = await scratchFile(
      "config",
      `[profile keys]
aws_access_key_id = KEY
aws_secret_access_key = SECRET
[profile audit]
region = us-east-1
role_arn = arn:aws:iam::${HUB}:role/pull-through-auditor
source_profile = keys
`,
    );
    await using stage = await behindProxy(proxy, {
      environment: { ...keysOff, AWS_PROFILE: "audit", AWS_CONFIG_FILE: file },
    });
    const { AWS_ACCESS_KEY_ID: key = "", AWS_SECRET_ACCESS_KEY: secret = "" } = stage.simulator.env;
    await writeFile(file, await textWith(file, key, secret));
    expect(figuresOf(await stage.audit())).toEqual(allSeen(3));
    expect(proxy.asked).toHaveLength(stage.simulator.calls.length);
    expect(stage.simulator.calls[0]).toMatchObject({ operation: "AssumeRole" });
  });

  it("takes the calls of IAM Identity Center", async () => {
    await using proxy = await startProxy();
    const file = await scratchFile(
      "config",
      `[profile audit]
region = us-east-1
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
sso_account_id = ${HUB}
sso_role_name = audit
`,
    );
    const home = join(file, "..");
    await signIn(home, "https://example.awsapps.com/start");
    await using stage = await behindProxy(proxy, {
      environment: { ...keysOff, AWS_PROFILE: "audit", AWS_CONFIG_FILE: file, HOME: home },
    });
    const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = stage.simulator.env;
    const roleCredentials = {
      accessKeyId: key,
      secretAccessKey: secret,
      sessionToken: "token",
      expiration: Date.now() + 3_600_000,
    };
    proxy.answer = ({ pathname }) => (pathname === "/federation/credentials" ? { roleCredentials } : null);
    await stage.audit().catch(() => undefined);
    expect(proxy.asked.slice(0, 2)).toEqual([`GET ${NOWHERE}/federation/credentials`, `POST ${NOWHERE}/`]);
  });

  it("takes no call to the metadata of a container", async () => {
    await using proxy = await startProxy();
    await using stage = await behindProxy(proxy, { hasNewCredentials: true });
    expect(figuresOf(await stage.audit())).toEqual(allSeen(3));
    expect(proxy.asked.filter((asked) => !asked.startsWith(`POST ${NOWHERE}/`))).toEqual([]);
  });
});

async function textWith(file: string, key: string, secret: string): Promise<string> {
  return (await readFile(file, "utf8")).replace("KEY", key).replace("SECRET", secret);
}

/** Writes the token that `aws sso login` leaves, under the name that the SDK looks for. */
async function signIn(home: string, startUrl: string): Promise<void> {
  const folder = join(home, ".aws", "sso", "cache");
  await mkdir(folder, { recursive: true });
  const name = createHash("sha1").update(startUrl).digest("hex");
  const token = { accessToken: "token", expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
  await writeFile(join(folder, `${name}.json`), JSON.stringify(token));
}
