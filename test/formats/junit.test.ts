import { parse, type TestCase, type TestSuite } from "junit2json";
import { describe, expect, it, test } from "vitest";
import { renderJunit } from "../../src/formats/junit.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import type { Report } from "../../src/schemas/report.ts";
import { hostileReport } from "../render/hostile-report.ts";
import { hostileRows, hostileTexts, unprintable } from "../render/hostile-texts.ts";
import { aFinding, aGap, aReport } from "../support/report-builders.ts";

const waiver = { reason: "Legacy", owner: "team-a", ticket: null, expires: "2027-01-31" };

async function suitesOf(report: Report): Promise<readonly TestSuite[]> {
  const parsed = await parse(renderJunit(report));
  if (parsed === undefined || parsed === null || !("testsuite" in parsed)) throw new Error("no suites");
  return parsed.testsuite ?? [];
}

async function caseOf(finding: Partial<Finding>): Promise<TestCase | undefined> {
  const [, suite] = await suitesOf(aReport({ findings: [aFinding(finding)] }));
  return suite?.testcase?.[0];
}

describe("renderJunit", () => {
  it("renders a failing finding as a failure, with its remediation", async () => {
    expect(await caseOf({})).toMatchObject({
      classname: "rule-validation",
      name: "111122223333 payments-prod / eu-west-1 / docker-hub",
      failure: [
        {
          message: "HIGH ECR cannot reach the upstream",
          type: "validation-failed",
          inner: expect.stringMatching(/refused by the upstream registry\. Renew the access token/),
        },
      ],
    });
  });

  it("says that a stale finding was not covered", async () => {
    const { failure } = (await caseOf({ stale: true, transition: "unchanged" })) ?? {};
    expect(failure?.[0]?.inner).toMatch(/^Not covered in this audit; this is the last known state\. /);
  });

  it("renders an unknown finding as an error", async () => {
    const delivered = await caseOf({ status: "UNKNOWN", transition: null });
    expect(delivered?.error).toHaveLength(1);
    expect(delivered).not.toHaveProperty("failure");
  });

  it("skips findings that are waived or do not apply, and says why", async () => {
    expect((await caseOf({ status: "WAIVED", transition: null, waiver }))?.skipped).toMatchObject([
      { message: 'Waived until 2027-01-31, owner team-a: "Legacy"' },
    ]);
    const { skipped } =
      (await caseOf({ status: "NOT_APPLICABLE", transition: null, message: "No role." })) ?? {};
    expect(skipped).toMatchObject([{ message: "Does not apply: No role." }]);
  });

  it("renders a passing finding as a plain case", async () => {
    expect(await caseOf({ status: "PASS", transition: null, prefix: null })).toEqual({
      classname: "rule-validation",
      name: "111122223333 payments-prod / eu-west-1",
    });
  });

  it("omits resolved findings", async () => {
    expect(await suitesOf(aReport({ findings: [aFinding({ transition: "resolved" })] }))).toHaveLength(1);
  });

  it("renders each gap as an error, in a suite that is never empty", async () => {
    expect(await suitesOf(aReport())).toMatchObject([
      { name: "coverage", tests: 1, errors: 0, testcase: [{ name: "all registries were covered" }] },
    ]);
    expect(await suitesOf(aReport({ gaps: [aGap({ prefixes: ["quay"] })] }))).toMatchObject([
      {
        name: "coverage",
        errors: 1,
        testcase: [
          {
            name: "444455556666 sandbox / us-east-1: ecr:DescribePullThroughCacheRules",
            error: [
              { type: "denied-by-scp", inner: expect.stringMatching(/^Affected rules: quay\. .*Exempt/) },
            ],
          },
        ],
      },
    ]);
  });

  it("counts, for each suite and for all of them", async () => {
    const report = aReport({
      gaps: [aGap()],
      findings: [
        aFinding(),
        aFinding({ id: "f-2", status: "WAIVED", transition: null, waiver }),
        aFinding({ id: "f-3", check: "root-prefix", status: "UNKNOWN", transition: null }),
      ],
    });
    expect(await parse(renderJunit(report))).toMatchObject({
      tests: 4,
      failures: 1,
      errors: 2,
      time: 192,
      testsuite: [
        { name: "coverage", tests: 1, failures: 0, errors: 1, skipped: 0 },
        { name: "rule-validation", tests: 2, failures: 1, errors: 0, skipped: 1 },
        { name: "root-prefix", tests: 1, failures: 0, errors: 1, skipped: 0 },
      ],
    });
    expect(renderJunit(report)).toContain('skipped="1" time="192"');
  });
});

test.each(hostileRows)("%s stays text, and well-formed", async (_what, text) => {
  const report = hostileReport(text);
  const rendered = renderJunit(report);
  const suites = await suitesOf(report);
  // One for the coverage, one for the check's own name, one for the check that the others share.
  expect(suites.map(({ testcase }) => testcase?.length)).toEqual([1, 1, 3]);
  expect(rendered).not.toMatch(unprintable);
  expect(rendered.length).toBeLessThan(200_000);
});

test("characters that XML forbids are spelled out, and its special characters are escaped", async () => {
  const rendered = renderJunit(hostileReport(`${hostileTexts["a NUL"]}\uffff]]>&lt;`));
  expect(rendered).toContain("a\\u{0}b\\u{7}\\u{ffff}]]&gt;&amp;lt;");
});
