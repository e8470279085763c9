import { describe, expect, test, vi } from "vitest";
import { CannotStartError } from "../../src/audit/ports.ts";
import { defaultRegionOf, networkOf } from "../../src/aws/network.ts";

const proxy = "http://proxy.example.com:3128";

describe("networkOf", () => {
  test.each([
    { what: "nothing", environment: {}, proxies: {} },
    {
      what: "nothing, from empty variables",
      environment: { HTTPS_PROXY: "", HTTP_PROXY: " ", NO_PROXY: "*" },
      proxies: {},
    },
    {
      what: "a proxy for https alone",
      environment: { HTTPS_PROXY: proxy },
      proxies: { HTTPS_PROXY: proxy, NO_PROXY: "" },
    },
    {
      what: "a proxy for http alone, written in lower case",
      environment: { http_proxy: proxy },
      proxies: { HTTP_PROXY: proxy, NO_PROXY: "" },
    },
    {
      what: "the lower-case name before the other",
      environment: { https_proxy: proxy, HTTPS_PROXY: "http://old.example.com" },
      proxies: { HTTPS_PROXY: proxy, NO_PROXY: "" },
    },
    {
      what: "the other where the lower-case one is empty",
      environment: { https_proxy: "", HTTPS_PROXY: proxy },
      proxies: { HTTPS_PROXY: proxy, NO_PROXY: "" },
    },
    {
      what: "a proxy without a scheme",
      environment: { HTTPS_PROXY: "proxy.example.com:3128" },
      proxies: { HTTPS_PROXY: proxy, NO_PROXY: "" },
    },
    {
      what: "exceptions: names with all hosts below them, everything else as it is",
      environment: {
        HTTPS_PROXY: proxy,
        NO_PROXY: "amazonaws.com, .internal *.corp 10.0.0.1,10.0.0.1-10.0.0.9,host:443,::1,*",
      },
      proxies: {
        HTTPS_PROXY: proxy,
        NO_PROXY: "amazonaws.com,.amazonaws.com,.internal,*.corp,10.0.0.1,10.0.0.1-10.0.0.9,host:443,::1,*",
      },
    },
  ])("reads $what", ({ environment, proxies }) => {
    expect(networkOf(environment)).toStrictEqual({ proxies, caBundle: null });
  });

  test.each(["socks5://user:hidden@proxy:1080", "http://", "http://user:hidden@proxy:port", "ftp://proxy"])(
    "refuses %s as a proxy, and repeats no password",
    (value) => {
      const read = () => networkOf({ HTTPS_PROXY: value });
      expect(read).toThrow(CannotStartError);
      expect(read).toThrow(/^HTTPS_PROXY is not the address of an HTTP proxy: (?!.*hidden)/);
    },
  );

  test("refuses a proxy on a Node.js that cannot use one", () => {
    vi.spyOn(process, "allowedNodeEnvironmentFlags", "get").mockReturnValue(new Set());
    try {
      expect(() => networkOf({ HTTPS_PROXY: proxy })).toThrow(/use Node\.js 22\.21, 24\.5 or later/);
      expect(networkOf({}).proxies).toEqual({});
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe("defaultRegionOf", () => {
  test.each([
    [{ AWS_DEFAULT_REGION: "eu-west-1" }, "eu-west-1"],
    [{ AWS_REGION: "", AWS_DEFAULT_REGION: "eu-west-1" }, "eu-west-1"],
    [{ AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "eu-west-1" }, null],
    [{ AWS_DEFAULT_REGION: "" }, null],
  ])("of %j is %s", (environment, region) => {
    expect(defaultRegionOf(environment)).toBe(region);
  });
});
