import { describe, expect, it } from "vitest";
import { evidenceHtml } from "../../src/formats/evidence/html.ts";
import { causeKindSchema } from "../../src/schemas/finding.ts";
import { hostileTexts, unprintable } from "../render/hostile-texts.ts";
import { anEvidence, aPeriodFinding } from "../support/evidence-builders.ts";
import { markupTexts } from "./markup.ts";

/** The text of the cells of the findings, without the places where it may be broken. */
function cellsOf(html: string): readonly string[] {
  const [, table = ""] = /aria-label="Findings">(.*?)<\/table>/s.exec(html) ?? [];
  return Array.from(
    table
      .replaceAll("<wbr>", "")
      .replaceAll("<wbr/>", "")
      .matchAll(/<td[^>]*>([^<]*)</g),
    ([, text = ""]) => text,
  );
}

const [account, region] = ["111122223333", "eu-west-1"];

describe("a finding of the evidence", () => {
  it("has its account, its region and its prefix in columns of their own, which are not broken", () => {
    const html = evidenceHtml(anEvidence());
    expect(cellsOf(html).slice(2, 6)).toEqual([account, region, "docker-hub", "2026-10-02"]);
    for (const whole of [account, region, "docker-hub", "2026-10-02"])
      expect(html).toContain(`<td class="d">${whole}</td>`);
    const ofRegistry = evidenceHtml(anEvidence({ findings: [aPeriodFinding({ prefix: null })] }));
    expect(cellsOf(ofRegistry)[4]).toBe("whole registry");
  });

  const [rule, secret, policy, role] = [
    causeKindSchema.enum.rule,
    "secret",
    "registry-policy",
    "role",
  ] as const;
  it.each([
    [rule, `quay ${account} ${region}`, "rule quay"],
    [rule, `quay ${account}`, "rule quay"],
    [rule, "quay", "rule quay"],
    [rule, `quay 444455556666 ${region}`, `rule quay 444455556666 ${region}`],
    [policy, `${account} ${region}`, "registry-policy"],
    [
      secret,
      `arn:aws:secretsmanager:${region}:${account}:secret:ecr-pullthroughcache/quay-AbCdEf`,
      "secret:ecr-pullthroughcache/quay-AbCdEf",
    ],
    [
      secret,
      `arn:aws:secretsmanager:us-east-1:${account}:secret:q`,
      `secret arn:aws:secretsmanager:us-east-1:${account}:secret:q`,
    ],
    [role, `arn:aws:iam::${account}:role/pull`, "role/pull"],
    [role, "arn:aws:iam::444455556666:role/pull", "role arn:aws:iam::444455556666:role/pull"],
  ])("names the cause %s %s once: %s", (kind, subject, expected) => {
    const findings = [aPeriodFinding({ cause: { id: "c-1", kind, subject } })];
    expect(cellsOf(evidenceHtml(anEvidence({ findings })))[9]).toBe(expected);
  });
});

it.each(Object.entries({ ...hostileTexts, ...markupTexts }))("%s is only text on the page", (_what, text) => {
  const html = evidenceHtml(
    anEvidence({ store: text, findings: [aPeriodFinding({ title: text, prefix: text })] }),
  );
  expect(html).not.toMatch(unprintable);
  expect(new Set(html.replaceAll(/<\/?wbr\/?>/g, "").match(/<[a-z0-9]+[ >]/g))).toEqual(
    new Set(
      evidenceHtml(anEvidence())
        .replaceAll(/<\/?wbr\/?>/g, "")
        .match(/<[a-z0-9]+[ >]/g),
    ),
  );
});
