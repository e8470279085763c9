import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { renderText } from "../../src/formats/text/text.ts";
import { fleet, fortyDenials, fortyFindings } from "../render/fleet.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";

const plain = { color: false, width: 80 };
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);

describe("renderText reads well", () => {
  test.each([60, 80, 120])("at %d columns", async (width) => {
    const text = renderText(fleet(), { color: false, width });
    await expect(text).toMatchFileSnapshot(`snapshots/fleet-${width}.txt`);
  });

  test("of a compliant audit", async () => {
    await expect(renderText(aReport(), plain)).toMatchFileSnapshot("snapshots/compliant.txt");
  });

  test("of an incomplete audit", async () => {
    const text = renderText(aReport({ gaps: fortyDenials() }), plain);
    await expect(text).toMatchFileSnapshot("snapshots/incomplete.txt");
  });

  test("of forty equal problems", async () => {
    const text = renderText(aReport({ findings: fortyFindings() }), plain);
    await expect(text).toMatchFileSnapshot("snapshots/forty-equal-problems.txt");
  });
});

describe("renderText", () => {
  test.each([40, 60, 80, 120])("keeps lines within %d columns, except single words", (width) => {
    const lines = renderText(fleet(), { color: false, width }).split("\n");
    const tooLong = lines.filter((line) => line.length > width && line.trim().includes(" "));
    // An account's label stays whole, like a word.
    expect(tooLong.filter((line) => !/^ {4}\d{12} \S+ {2}\S+$/.test(line))).toEqual([]);
  });

  test.each([Number.NaN, 0, 7, 40])("treats a width of %d as 40 or 120 columns", (width) => {
    const expected = Number.isNaN(width) ? 120 : 40;
    expect(renderText(fleet(), { color: false, width })).toBe(
      renderText(fleet(), { color: false, width: expected }),
    );
  });

  test("contains the same text with and without colour", () => {
    const colored = renderText(fleet(), { color: true, width: 80 });
    expect(colored).not.toBe(renderText(fleet(), plain));
    expect(stripVTControlCharacters(colored)).toBe(renderText(fleet(), plain));
  });

  test("shows account, name, region and prefix of a finding, its message and its remediation", () => {
    const text = renderText(aReport({ findings: [aFinding()] }), plain);
    for (const part of [
      "111122223333 payments-prod  eu-west-1: docker-hub",
      "ECR says of this rule: The credentials were refused",
      "What to do: Renew the access token",
      "Read more: docs/checks/rule-validation.md",
    ]) {
      expect(text).toContain(part);
    }
  });

  test("marks nothing as new if everything was opened", () => {
    const text = renderText(aReport({ findings: fortyFindings() }), plain);
    expect(text).not.toMatch(/\bnew\b/);
  });

  test("marks new findings among known ones", () => {
    const findings = [aFinding(), aFinding({ id: "known", region: "us-east-1", transition: "unchanged" })];
    const text = renderText(aReport({ findings }), plain);
    expect(text).toMatch(/ eu-west-1: docker-hub \[new\]\n +us-east-1: docker-hub\n/);
  });

  test("lists resolved findings, but not as failing", () => {
    const text = renderText(aReport({ findings: [aFinding({ transition: "resolved" })] }), plain);
    expect(text).toContain("RESOLVED: 1 finding");
    expect(text).not.toContain("FAILING");
    expect(lastLine(text)).toBe("Compliant: nothing fails; all 12 registries were covered.");
  });

  test("only counts passing findings", () => {
    const text = renderText(aReport({ findings: [aFinding({ status: "PASS", transition: null })] }), plain);
    expect(text).toContain("481 pass");
    expect(text).not.toContain("payments-prod");
  });

  test("shows a changed rule before and after", () => {
    expect(renderText(aReport({ drift: [aDrift()] }), plain)).toContain(
      "  added     111122223333 eu-west-1: docker-hub\n            upstream registry-1.docker.io\n",
    );
  });

  test("counts the changed rules that it leaves out", () => {
    const text = renderText(aReport({ drift: Array.from({ length: 30 }, () => aDrift()) }), plain);
    expect(text.match(/^ {2}added/gm)).toHaveLength(25);
    expect(text).toContain("  and 5 more rules");
  });

  test("counts the messages that it leaves out", () => {
    const findings = Array.from({ length: 9 }, (_, index) =>
      aFinding({ message: `Cause ${"x".repeat(index)}` }),
    );
    expect(renderText(aReport({ findings }), plain)).toContain("  and 4 findings with other messages");
  });
});

describe("renderText says", () => {
  const excluded = (reason: "excluded-by-policy" | "not-active") =>
    ({ account: "999999999999", accountName: null, reason, detail: "" }) as const;
  const leavingOut = (...excludedAccounts: ReturnType<typeof excluded>[]) =>
    aReport({ coverage: { ...aReport().coverage, excluded: excludedAccounts.length, excludedAccounts } });

  test.each([
    ["by the policy", leavingOut(excluded("excluded-by-policy")), "1 account, by the policy"],
    ["for being inactive", leavingOut(excluded("not-active")), "1 account, not active"],
    [
      "for either reason",
      leavingOut(excluded("not-active"), excluded("excluded-by-policy")),
      "2 accounts: 1 by the policy, 1 not active",
    ],
  ])("which accounts were excluded %s", (_why, report, words) => {
    expect(renderText(report, plain)).toContain(`  Excluded  ${words}\n`);
  });

  test("that a problem is all new beside known ones", () => {
    const known = aFinding({ check: "secret-health", transition: "unchanged" });
    const findings = [aFinding(), aFinding({ region: "us-east-1" }), known];
    expect(renderText(aReport({ findings }), plain)).toContain(
      "rule-validation, 2 findings, all new or changed\n",
    );
  });

  test("what to do by an example if remediations differ in facts", () => {
    const remediated = (url: string) =>
      aFinding({ data: { url }, remediation: `Allow ${url}.`, message: `${url} is not allowed.` });
    const text = renderText(aReport({ findings: [remediated("quay.io"), remediated("ghcr.io")] }), plain);
    expect(text).toContain("What to do, for example: Allow quay.io.");
    expect(text).toContain("  ghcr.io is not allowed.");
  });

  test("a message by an example if messages differ in names", () => {
    const said = (prefix: string) => aFinding({ prefix, message: `The rule ${prefix} is broken.` });
    const text = renderText(aReport({ findings: [said("quay"), said("k8s")] }), plain);
    expect(text).toContain(
      "  For example: The rule quay is broken.\n    111122223333 payments-prod  eu-west-1: quay, k8s\n",
    );
  });

  test("how many other messages there were", () => {
    const gaps = ["one", "two", "three", "four"].map((detail) => aGap({ detail }));
    expect(renderText(aReport({ gaps }), plain)).toContain('  "two"\n  and 2 other messages\n');
  });

  test("that something is waived without a note", () => {
    const waived = aFinding({ status: "WAIVED", transition: null });
    expect(renderText(aReport({ findings: [waived] }), plain)).toContain("  rule-validation, 1 finding\n");
  });
});

describe("what could not be evaluated", () => {
  const throttled = {
    reason: "throttled",
    operation: "ecr:GetRegistryPolicy",
    detail: "Rate exceeded",
  } as const;
  const unknown = aFinding({
    status: "UNKNOWN",
    kind: "evidence-unreadable",
    data: throttled,
    transition: null,
    message: "ecr:GetRegistryPolicy could not be read (throttled): Rate exceeded",
  });
  const here = { account: unknown.account, region: unknown.region, state: "partial", ...throttled } as const;
  const textWith = (gap: Parameters<typeof aGap>[0]) =>
    renderText(aReport({ findings: [unknown], gaps: [aGap({ ...here, ...gap })] }), plain);

  test.each([
    ["the registry", {}],
    ["the rule", { prefixes: ["docker-hub"] }],
    ["all regions", { region: "*" }],
  ] as const)("is not repeated if a gap of %s explains it", (_what, gap) => {
    const text = textWith(gap);
    expect(text).toContain("All of them because of the gaps listed under NOT COVERED.");
    expect(text).not.toContain(unknown.message);
  });

  test.each([
    ["another region", { region: "us-east-1" }],
    ["another account", { account: "999999999999" }],
    ["another rule", { prefixes: ["quay"] }],
    ["another reason", { reason: "timeout" }],
    ["another operation", { operation: "ecr:Other" }],
  ] as const)("is listed if the gap is of %s", (_what, gap) => {
    expect(textWith(gap)).toContain(unknown.message);
  });

  test("is listed once if a check crashed", () => {
    const crashed = aFinding({ ...unknown, kind: "check-crashed", data: { error: "boom" }, message: "boom" });
    const gap = aGap({ ...here, reason: "check-error", operation: "rule-validation", detail: "boom" });
    const delivered = renderText(aReport({ findings: [crashed], gaps: [gap] }), plain);
    expect(delivered).toContain("All of them because of the gaps listed under NOT COVERED.");
    expect(renderText(aReport({ findings: [crashed] }), plain)).toContain(
      "1 finding of rule-validation\n\n  boom",
    );
  });
});

describe("the last line", () => {
  test.each([
    ["all is well", aReport(), "Compliant: nothing fails; all 12 registries were covered."],
    [
      "something fails",
      aReport({ findings: [aFinding()] }),
      "Non-compliant: 1 high failing; all 12 registries were covered.",
    ],
    [
      "something is unseen",
      aReport({ gaps: [aGap()] }),
      "Incomplete: no failures found; 1 of 13 registries not fully covered.",
    ],
    [
      "something fails and something is unseen",
      aReport({ findings: [aFinding()], gaps: [aGap({ state: "partial" })] }),
      "Non-compliant: 1 high failing; 1 of 13 registries not fully covered.",
    ],
    [
      "the only registry is well",
      aReport({ coverage: { ...aReport().coverage, planned: 1, audited: 1 } }),
      "Compliant: nothing fails; the registry was covered.",
    ],
    [
      "no rule is what was asked for",
      aReport({ summary: { ...aReport().summary, rules: 0 } }),
      "Compliant: nothing fails; all 12 registries were covered. No rule was found.",
    ],
    [
      "nothing was in scope",
      aReport({ coverage: { ...aReport().coverage, planned: 0, audited: 0 } }),
      "Nothing was audited: no registry is in scope.",
    ],
  ])("is the verdict when %s", (_when, report, verdict) => {
    expect(lastLine(renderText(report, plain))).toBe(verdict);
  });
});
