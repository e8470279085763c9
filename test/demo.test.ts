import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { packageFile } from "../src/package-file.ts";
import { shiftedClock } from "./support/clock/shifted.ts";

type Ended = { readonly code: number | null; readonly output: string; readonly errors: string };

/** What a user may have set for AWS and the auditor: all of it would lead astray. */
const misleading = {
  AWS_PROFILE: "no-such-profile",
  AWS_REGION: "mars-north-1",
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  AWS_ENDPOINT_URL_ECR: "not a URL",
  AWS_ACCESS_KEY_ID: "AKIASOMEBODYELSE0000",
  AWS_CONFIG_FILE: "/no/such/file",
  AWS_CA_BUNDLE: "/no/such/file",
  HTTP_PROXY: "http://127.0.0.1:1",
  https_proxy: "not an address",
  AUDIT_TOPIC_ARN: "not an ARN",
  AUDIT_TYPO: "not a setting",
};

/** When the demo is run: the dates in its report are relative to it. */
const NOW = "2026-11-20T12:00:00Z";

/** Runs the demo as people do, with nothing of this process's environment but what npm needs. */
function runDemo(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  moment = NOW,
): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const env = {
    PATH: `${packageFile("node_modules/.bin")}:${PATH}`,
    HOME,
    ...shiftedClock(moment),
    ...environment,
  };
  return new Promise((resolve) => {
    const line = ["run", "--silent", "demo", "--", ...words];
    const child = execFile(
      "npm",
      line,
      { env, cwd: packageFile("."), maxBuffer: 10_000_000 },
      (_error, output, errors) => resolve({ code: child.exitCode, output, errors }),
    );
  });
}

/** The report without what differs from one run to the next, and from one policy to the next. */
function withoutTimes(report: string): string {
  return report
    .replace(/ \d\d:\d\d UTC/, " <time> UTC")
    .replace(/, took \d+ m?s,/, ", took <duration>,")
    .replace(/\(sha256:[0-9a-f]{12}\)/, "(<digest>)")
    .replace(/T\d{6}Z-[0-9a-f]{8}/, "T<time and chance>");
}

/** Of a report, what depends on the day. */
const reportSchema = z.object({
  summary: z.object({ findings: z.record(z.string(), z.number()) }),
  findings: z.array(z.object({ check: z.string(), kind: z.string() })),
  waivers: z.unknown(),
});

describe("the demo", () => {
  let plain: Ended;
  let misled: Ended;
  let asJson: Ended;

  beforeAll(async () => {
    [plain, misled, asJson] = await Promise.all([
      runDemo([]),
      runDemo([], misleading),
      runDemo(["--format", "json", "--accounts", "888899990000"]),
    ]);
  });

  it("ends well, and prints the whole report", async () => {
    expect(plain.code).toBe(0);
    await expect(withoutTimes(plain.output)).toMatchFileSnapshot("./demo.report.txt");
  });

  it.each([
    /^PULL THROUGH CACHE AUDIT$/m,
    /^NOT COVERED: 4 registries unreachable, 2 partly covered$/m,
    /^FAILING: \d+ high, \d+ medium/m,
    /^HIGH {2}Rule cannot reach its upstream$/m,
    /^HIGH {2}ROOT rule matches every repository that no other rule matches$/m,
    /^HIGH {2}Upstream is not allowed$/m,
    /^MEDIUM {2}Prefix is not allowed for its upstream$/m,
    /^MEDIUM {2}Prefix is nested inside the prefix of another rule$/m,
    /^Non-compliant: .*; 6 of 33\s+registries\s+not\s+fully\s+covered\.$/m,
  ])("has the headline %s", (headline) => {
    expect(plain.output).toMatch(headline);
  });

  it("says on standard error that it was a demonstration, and what it delivered", () => {
    expect(plain.errors).toMatch(/^This was a simulated organization, audited over HTTP with \d+ calls\./m);
    expect(plain.errors).toMatch(
      /^2 SNS digests and \d+ events\. On a real organization it would exit with 1\.$/m,
    );
  });

  it("writes the page, and says where", async () => {
    const [, page = ""] = /^The HTML report is (.*): open it in a browser\.$/m.exec(plain.errors) ?? [];
    const html = await readFile(page, "utf8");
    expect(html).toMatch(/^<!doctype html>.*Rule cannot reach its upstream.*<\/html>\n$/s);
    expect(Buffer.byteLength(html)).toBeLessThan(300_000);
  });

  it("heeds nothing that the user has set for AWS", () => {
    expect(misled.code).toBe(0);
    expect(withoutTimes(misled.output)).toBe(withoutTimes(plain.output));
    expect(misled.errors).toBe(plain.errors);
  });

  it("takes the options of audit", () => {
    expect(asJson.code).toBe(0);
    expect(JSON.parse(asJson.output)).toMatchObject({
      policy: { name: "Example Corp" },
      coverage: { planned: 3, audited: 3 },
    });
  });
});

describe("the demo in years to come", () => {
  it("still has a waiver that holds, and secrets of all ages", async () => {
    const { code, output } = await runDemo(["--format", "json"], {}, "2031-12-31T23:59:50Z");
    expect(code).toBe(0);
    const { summary, findings, waivers } = reportSchema.parse(JSON.parse(output));
    expect(summary.findings["WAIVED"]).toBe(3);
    expect(waivers).toEqual({ expired: [], expiring: [], unused: [] });
    const kinds = findings.filter(({ check }) => check === "secret-health").map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining([
        "secret-being-deleted",
        "secret-expired",
        "secret-too-old",
        "secret-expires-soon",
      ]),
    );
  });
});
