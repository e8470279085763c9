import { describe, expect, test } from "vitest";
import { groupFindings, groupGaps } from "../../src/render/group.ts";
import { aFinding, aGap } from "../support/report-builders.ts";
import { fortyDenials, fortyFindings } from "./fleet.ts";

describe("groupFindings", () => {
  test("makes forty equal findings one problem with one wording", () => {
    const problems = groupFindings(fortyFindings());
    expect(problems).toHaveLength(1);
    expect(problems[0]?.findings).toHaveLength(40);
    expect(problems[0]?.wordings).toHaveLength(1);
  });

  test("treats messages that differ only in the location as the same wording", () => {
    const said = (prefix: string) => aFinding({ prefix, message: `The rule ${prefix} is broken.` });
    const [problem] = groupFindings([said("quay"), said("k8s")]);
    expect(problem?.wordings).toEqual([
      { message: "The rule quay is broken.", exact: false, findings: [said("quay"), said("k8s")] },
    ]);
  });

  test("keeps messages apart that say different things", () => {
    const [problem] = groupFindings([aFinding({ message: "Refused." }), aFinding({ message: "Not found." })]);
    expect(problem?.wordings.map(({ message, exact }) => [message, exact])).toEqual([
      ["Refused.", true],
      ["Not found.", true],
    ]);
  });

  test("does not treat a part of a word as a prefix", () => {
    const one = aFinding({ prefix: "no", message: "not a note" });
    const other = aFinding({ prefix: "to", message: "tot a tote" });
    expect(groupFindings([one, other])[0]?.wordings).toHaveLength(2);
  });

  test("treats remediations that differ only in facts as one problem, and says so", () => {
    const remediated = (url: string) =>
      aFinding({ data: { url }, remediation: `Allow ${url} in the policy.` });
    const [problem, ...others] = groupFindings([remediated("quay.io"), remediated("ghcr.io")]);
    expect(others).toEqual([]);
    expect(problem?.exactRemediation).toBe(false);
  });

  test.each([
    ["check", { check: "secret-health" }],
    ["kind", { kind: "something-else" }],
    ["severity", { severity: "low" }],
    ["status", { status: "UNKNOWN" }],
    ["remediation", { remediation: "Do something else." }],
  ] as const)("keeps findings apart that differ in %s", (_field, overrides) => {
    expect(groupFindings([aFinding(), aFinding(overrides)])).toHaveLength(2);
  });

  test("sorts by severity, then by new findings, then by size", () => {
    const known = { transition: "unchanged" } as const;
    const problems = groupFindings([
      aFinding({ severity: "low", check: "low" }),
      aFinding({ ...known, check: "large" }),
      aFinding({ ...known, check: "large" }),
      aFinding({ ...known, check: "small" }),
      aFinding({ check: "news" }),
      aFinding({ ...known, severity: "critical", check: "worst" }),
    ]);
    expect(problems.map(({ check }) => check)).toEqual(["worst", "news", "large", "small", "low"]);
  });

  test("puts new findings before known ones within a problem", () => {
    const [problem] = groupFindings([
      aFinding({ id: "known", transition: "unchanged" }),
      aFinding({ id: "due", transition: "reminded" }),
      aFinding({ id: "new" }),
    ]);
    expect(problem?.findings.map(({ id }) => id)).toEqual(["new", "due", "known"]);
  });

  test("handles names with special characters of regular expressions", () => {
    const odd = aFinding({ accountName: "a.*(b)[c]{2}|^$\\", message: "a.*(b)[c]{2}|^$\\ fails" });
    expect(groupFindings([odd])).toHaveLength(1);
  });
});

describe("groupGaps", () => {
  test("makes forty denials one group with one detail", () => {
    const groups = groupGaps(fortyDenials());
    expect(groups).toHaveLength(1);
    expect(groups[0]?.gaps).toHaveLength(40);
    expect(groups[0]?.details.map(({ exact }) => exact)).toEqual([false]);
  });

  test("keeps reasons and operations apart, the most frequent first", () => {
    const groups = groupGaps([
      aGap({ reason: "throttled" }),
      aGap(),
      aGap({ account: "1" }),
      aGap({ operation: "sts:AssumeRole" }),
    ]);
    expect(groups.map(({ reason, operation, gaps }) => [reason, operation, gaps.length])).toEqual([
      ["denied-by-scp", "ecr:DescribePullThroughCacheRules", 2],
      ["throttled", "ecr:DescribePullThroughCacheRules", 1],
      ["denied-by-scp", "sts:AssumeRole", 1],
    ]);
  });
});

describe("problems with the same causes", () => {
  const secret = { id: "c-secret", kind: "secret", subject: "arn:aws:secretsmanager:…" } as const;
  const other = { id: "c-other", kind: "secret", subject: "arn:aws:secretsmanager:other" } as const;

  test("stand beside the worst of them, and no finding is lost", () => {
    const findings = [
      aFinding({ id: "1", check: "rule-validation", cause: secret }),
      aFinding({ id: "2", check: "allowed-upstream", severity: "medium" }),
      aFinding({ id: "3", check: "secret-health", severity: "low", cause: secret }),
    ];
    const problems = groupFindings(findings);
    expect(problems.map(({ check, sameCauseAs }) => [check, sameCauseAs])).toEqual([
      ["rule-validation", null],
      ["secret-health", "ECR cannot reach the upstream"],
      ["allowed-upstream", null],
    ]);
    expect(problems.flatMap((problem) => problem.findings.map(({ id }) => id)).sort()).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  test("stay apart if one of them has a cause more", () => {
    const problems = groupFindings([
      aFinding({ id: "1", check: "rule-validation", cause: secret }),
      aFinding({ id: "2", check: "secret-health", severity: "low", cause: secret }),
      aFinding({ id: "3", check: "secret-health", severity: "low", cause: other }),
    ]);
    expect(problems.map(({ sameCauseAs }) => sameCauseAs)).toEqual([null, null]);
  });
});
