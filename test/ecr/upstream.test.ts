import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  authenticationOf,
  isKnownUpstream,
  knownUpstreams,
  parseEcrUrl,
  recognizeUpstream,
  upstreamHost,
  upstreams,
} from "../../src/ecr/upstream.ts";

const ACCOUNT = "111122223333";

/** The ECR registries of each partition: a region, and the hosts that AWS gives it. */
const ecrHosts = [
  { region: "us-east-1", host: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com` },
  { region: "ap-southeast-10", host: `${ACCOUNT}.dkr.ecr.ap-southeast-10.amazonaws.com` },
  { region: "us-east-1", host: `${ACCOUNT}.dkr.ecr-fips.us-east-1.amazonaws.com` },
  { region: "us-east-1", host: `${ACCOUNT}.dkr-ecr.us-east-1.on.aws` },
  { region: "us-east-1", host: `${ACCOUNT}.dkr-ecr-fips.us-east-1.on.aws` },
  { region: "us-gov-west-1", host: `${ACCOUNT}.dkr.ecr.us-gov-west-1.amazonaws.com` },
  { region: "us-gov-west-1", host: `${ACCOUNT}.dkr-ecr-fips.us-gov-west-1.on.aws` },
  { region: "cn-north-1", host: `${ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn` },
  { region: "cn-north-1", host: `${ACCOUNT}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn` },
  { region: "us-iso-east-1", host: `${ACCOUNT}.dkr.ecr.us-iso-east-1.c2s.ic.gov` },
  { region: "us-isob-east-1", host: `${ACCOUNT}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov` },
  { region: "eu-isoe-west-1", host: `${ACCOUNT}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk` },
  { region: "us-isof-south-1", host: `${ACCOUNT}.dkr.ecr.us-isof-south-1.csp.hci.ic.gov` },
  { region: "eusc-de-east-1", host: `${ACCOUNT}.dkr.ecr.eusc-de-east-1.amazonaws.eu` },
];

/** Hosts that look like an ECR registry at a glance, and why they are none. */
const noEcrHosts = [
  { host: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com.evil.com`, why: "another domain" },
  { host: `${ACCOUNT}.dkr.ecr.us-east-1.evil.com`, why: "another domain" },
  { host: `evil.com/${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com`, why: "it is in the path" },
  { host: `https://${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com@evil.com`, why: "it is the user's name" },
  { host: `evil-${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com`, why: "no account id" },
  { host: `x.${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com`, why: "one label more" },
  { host: "1111222233334.dkr.ecr.us-east-1.amazonaws.com", why: "13 digits" },
  { host: "11112222333.dkr.ecr.us-east-1.amazonaws.com", why: "11 digits" },
  { host: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com:5000`, why: "another port" },
  { host: `${ACCOUNT}.dkr.ecr.amazonaws.com`, why: "no region" },
  { host: `${ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com`, why: "the suffix of another partition" },
  { host: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com.cn`, why: "the suffix of another partition" },
  { host: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.eu`, why: "the suffix of another partition" },
  { host: `${ACCOUNT}.dkr.ecr.us-iso-east-1.sc2s.sgov.gov`, why: "the suffix of another partition" },
  { host: `${ACCOUNT}.dkr-ecr.cn-north-1.on.aws`, why: "the dual-stack suffix of another partition" },
  {
    host: `${ACCOUNT}.dkr-ecr.us-east-1.on.amazonwebservices.com.cn`,
    why: "the dual-stack suffix of another partition",
  },
  { host: `${ACCOUNT}.dkr.ecr.us-east-1.on.aws`, why: "half of each form" },
  { host: "public.ecr.aws", why: "ECR Public is none of an account's" },
];

describe("upstreamHost", () => {
  it.each([
    { url: "quay.io", host: "quay.io" },
    { url: " Quay.IO ", host: "quay.io" },
    { url: "https://quay.io", host: "quay.io" },
    { url: "HTTPS://quay.io:443/v2/", host: "quay.io" },
    { url: "quay.io/organization", host: "quay.io" },
    { url: "quay.io.", host: "quay.io" },
    { url: "quay.io:5000", host: "quay.io:5000" },
    { url: "user@quay.io", host: "user@quay.io" },
    { url: "", host: "" },
  ])("of $url is $host", ({ url, host }) => {
    expect(upstreamHost(url)).toBe(host);
  });

  it("leaves a host as it is, so that doing it twice does no more", () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/);
    const hosts = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
    fc.assert(fc.property(hosts, (host) => upstreamHost(host) === host));
  });
});

describe("parseEcrUrl", () => {
  it.each(ecrHosts)("reads $host", ({ host, region }) => {
    expect(parseEcrUrl(host)).toEqual({ account: ACCOUNT, region });
    expect(parseEcrUrl(`https://${host.toUpperCase()}/`)).toEqual({ account: ACCOUNT, region });
  });

  it.each(noEcrHosts)("does not take $host for an ECR registry: $why", ({ host }) => {
    expect(parseEcrUrl(host)).toBeNull();
  });

  const account = fc.stringMatching(/^\d{12}$/);
  const region = fc.constantFrom("us-east-1", "eu-west-1", "ap-southeast-10", "us-gov-east-1");

  it("reads back any account and region", () => {
    fc.assert(
      fc.property(account, region, (id, code) => {
        expect(parseEcrUrl(`${id}.dkr.ecr.${code}.amazonaws.com`)).toEqual({ account: id, region: code });
      }),
    );
  });

  it("reads no host in another domain", () => {
    fc.assert(
      fc.property(account, region, fc.domain(), (id, code, domain) => {
        expect(parseEcrUrl(`${id}.dkr.ecr.${code}.amazonaws.com.${domain}`)).toBeNull();
        expect(parseEcrUrl(`${id}.dkr.ecr.${code}.${domain}`)).toBeNull();
      }),
    );
  });
});

describe("recognizeUpstream", () => {
  it("knows the nine upstreams that ECR has", () => {
    expect(knownUpstreams.toSorted()).toEqual([
      "azure-container-registry",
      "chainguard",
      "docker-hub",
      "ecr",
      "ecr-public",
      "github-container-registry",
      "gitlab-container-registry",
      "k8s",
      "quay",
    ]);
  });

  it.each([
    { url: "public.ecr.aws", upstream: "ecr-public" },
    { url: "registry.k8s.io", upstream: "k8s" },
    { url: "quay.io", upstream: "quay" },
    { url: "registry-1.docker.io", upstream: "docker-hub" },
    { url: "ghcr.io", upstream: "github-container-registry" },
    { url: "registry.gitlab.com", upstream: "gitlab-container-registry" },
    { url: "cgr.dev", upstream: "chainguard" },
    { url: "contoso.azurecr.io", upstream: "azure-container-registry" },
    { url: "contoso-eu2.azurecr.io", upstream: "azure-container-registry" },
    ...ecrHosts.map(({ host }) => ({ url: host, upstream: "ecr" })),
  ])("recognizes $upstream by $url, regardless of what is declared", ({ url, upstream }) => {
    expect(recognizeUpstream(url)).toBe(upstream);
    expect(recognizeUpstream(`https://${url}/`)).toBe(upstream);
    for (const declared of [...knownUpstreams, "new-registry"]) {
      expect(recognizeUpstream(url, declared)).toBe(upstream);
    }
  });

  it.each([
    "public.ecr.aws.evil.com",
    "public.ecr.aws.evil.com/public.ecr.aws",
    "public.ecr.aws@evil.com",
    "publicXecr.aws",
    "docker.io",
    "index.docker.io",
    "sub.quay.io",
    "quay.io:5000",
    "azurecr.io",
    "a.b.azurecr.io",
    "contoso.azurecr.io.evil.com",
    "contoso.azurecr.cn",
    "",
    ...noEcrHosts.map(({ host }) => host).filter((host) => host !== "public.ecr.aws"),
  ])("takes %s for no known upstream, whatever is declared", (url) => {
    expect(recognizeUpstream(url)).toBeNull();
    for (const declared of knownUpstreams) expect(recognizeUpstream(url, declared)).toBeNull();
  });

  it("takes the declared name of an upstream that is newer than this version", () => {
    expect(recognizeUpstream("registry.new.example", "new-registry")).toBe("new-registry");
  });

  it("never recognizes a known upstream only by what is declared", () => {
    fc.assert(
      fc.property(fc.domain(), fc.constantFrom(...knownUpstreams), (domain, declared) => {
        expect(recognizeUpstream(`${domain}.example`, declared)).toBeNull();
      }),
    );
  });

  it("answers any text without throwing", () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (url, declared) => {
        expect([null, declared, ...knownUpstreams]).toContain(recognizeUpstream(url, declared));
      }),
    );
  });
});

describe("isKnownUpstream", () => {
  it.each(["new-registry", "", "constructor", "__proto__", "toString"])("does not know %j", (name) => {
    expect(isKnownUpstream(name)).toBe(false);
  });

  it.each(Object.keys(upstreams))("knows %s", (name) => {
    expect(isKnownUpstream(name)).toBe(true);
  });
});

describe("authenticationOf", () => {
  it.each([
    { upstream: "ecr-public", authentication: "none" },
    { upstream: "docker-hub", authentication: "secret" },
    { upstream: "ecr", authentication: "role" },
    { upstream: "new-registry", authentication: null },
    { upstream: "toString", authentication: null },
    { upstream: null, authentication: null },
  ])("of $upstream is $authentication", ({ upstream, authentication }) => {
    expect(authenticationOf(upstream)).toBe(authentication);
  });
});
