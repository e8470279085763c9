import { describe, expect, it } from "vitest";
import { evidenceHtml } from "../../src/formats/evidence/html.ts";
import type { Evidence } from "../../src/schemas/evidence.ts";
import { causeKindSchema } from "../../src/schemas/finding.ts";
import { hostileTexts, unprintable } from "../render/hostile-texts.ts";
import { anAudit, anEvidence, aPeriodFinding } from "../support/evidence-builders.ts";
import { markupTexts } from "./markup.ts";

/** The text of the cells of a table, without the places where it may be broken. */
function cellsOf(html: string, title = "Findings"): readonly string[] {
  const [, table = ""] = new RegExp(`aria-label="${title}">(.*?)</table>`, "s").exec(html) ?? [];
  return Array.from(
    table.replaceAll(/<wbr\/?>|<\/?span[^>]*>/g, "").matchAll(/<td[^>]*>([^<]*)</g),
    ([, text = ""]) => text,
  );
}

const [account, region] = ["111122223333", "eu-west-1"];

describe("a finding of the evidence", () => {
  it("has its account, its region and its prefix in columns of their own, which are not broken", () => {
    const html = evidenceHtml(anEvidence());
    expect(cellsOf(html).slice(2, 7)).toEqual([
      account,
      region,
      "docker-hub",
      "2026-10-02",
      "resolved 2026-10-05",
    ]);
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

describe("the summary of the evidence", () => {
  const audit = (day: string, audited: number, scope: "whole" | "narrowed" = "whole") =>
    anAudit({ startedAt: `${day}T02:00:00.000Z`, scope, planned: 1_200, audited });

  it.each([
    [
      [audit("2026-10-01", 1_200)],
      "The latest audit of the whole scope read 1,200 of 1,200 registries in full.</li>",
    ],
    [
      [audit("2026-10-01", 900), audit("2026-10-02", 800), audit("2026-10-03", 1_100)],
      "read 1,100 of 1,200 registries in full. The least was 800 of 1,200 registries, on 2026-10-02.</li>",
    ],
    [
      [audit("2026-10-01", 900), audit("2026-10-02", 3, "narrowed")],
      "read 900 of 1,200 registries in full.</li>",
    ],
  ])("says how much the audits read (%#)", (audits, expected) => {
    expect(evidenceHtml(anEvidence({ audits }))).toContain(expected);
  });

  it("says nothing of audits of the whole scope if there are none", () => {
    expect(evidenceHtml(anEvidence({ audits: [audit("2026-10-01", 3, "narrowed")] }))).not.toContain(
      "registries in full",
    );
  });

  it("counts what is open at the end, by severity", () => {
    const open = { end: "open", resolved: null } as const;
    const findings = [
      aPeriodFinding(),
      aPeriodFinding({ id: "f-2", ...open }),
      aPeriodFinding({ id: "f-3", ...open }),
    ];
    const none = { resolved: 0, waived: 0, medianDays: null, worstDays: null };
    const resolution = [
      { ...none, severity: "high", open: 2 },
      { ...none, severity: "medium", open: 0 },
    ] as const;
    expect(evidenceHtml(anEvidence({ findings, resolution }))).toContain(
      "3 findings failed in the period: 1 resolved, 0 waived, and 2 open at its end (2 high).",
    );
  });
});

describe("a change of the policy", () => {
  const changed = (changes: Evidence["policies"][number]["changes"]) => {
    const policies = [
      { name: "acme", digest: "sha256:1", from: "2026-10-05", to: "2026-10-09", audits: 5, changes },
    ];
    const html = evidenceHtml(anEvidence({ policies })).replaceAll("</div><div>", "\n");
    return cellsOf(html.replaceAll(/<\/?div>/g, ""), "Changes of the policy");
  };
  const waiver = { checks: ["secret-health"], match: { prefix: "quay" }, reason: "moves in March" };

  it.each([
    ["a list with other items", ["quay", "ghcr"], ["ghcr", "k8s"], "quay", "k8s"],
    ["an item that is there once less", ["quay", "quay"], ["quay"], "quay", "–"],
    ["a list without items", [], ["quay"], "nothing", "quay"],
    [
      "an item with members",
      [],
      [waiver],
      "nothing",
      "checks secret-health, match (prefix quay), reason moves in March",
    ],
    [
      "settings",
      { a: 1, b: { c: [1, 2], d: true } },
      { a: 2, b: { c: [2], d: true } },
      "a: 1\nb.c: 1",
      "a: 2",
    ],
    ["a text", "old", "new", "old", "new"],
    ["a new section", undefined, { maxAgeDays: 90 }, "–", "maxAgeDays: 90"],
    ["a section that is gone", {}, undefined, "defaults", "–"],
    ["another order", [1, 2], [2, 1], "–", "the same entries in another order"],
  ])("lists what was removed and added: %s", (_what, before, after, removed, added) => {
    const textOf = (value: unknown) => (value === undefined ? "" : JSON.stringify(value));
    const change = { section: "some", before: textOf(before), after: textOf(after) };
    expect(changed([change])).toEqual(["2026-10-05", "some", removed, added]);
  });

  it("is not known if one of the two policies is not stored", () => {
    expect(changed(null)).toEqual([
      "2026-10-05",
      "not known",
      "This policy or the one before is not stored",
      "–",
    ]);
    expect(changed([])).toEqual([]);
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
