import { describe, expect, it, test } from "vitest";
import { diffMarkdown } from "../../../src/formats/diff/markdown.ts";
import { diffText } from "../../../src/formats/diff/text.ts";
import type { ReportDiff } from "../../../src/schemas/report-diff.ts";
import { hostileRows, unprintable } from "../../render/hostile-texts.ts";
import { aFinding, aReport } from "../../support/report-builders.ts";
import { githubHtml, outsideCode } from "../github-page.ts";

const plain = { color: false, width: 80 };
const { auditId, startedAt, finishedAt, trigger, status, policy, narrowedTo, summary, coverage } = aReport();
const side = { auditId, startedAt, finishedAt, trigger, status, policy, narrowedTo, summary, coverage };

/** Two audits that do not differ, with `overrides`. */
function aDiff(overrides: Partial<ReportDiff> = {}): ReportDiff {
  return {
    schemaVersion: 1,
    before: side,
    after: { ...side, auditId: "the-later-one" },
    opened: [],
    changed: [],
    waived: [],
    resolved: [],
    unseen: [],
    unchanged: 3,
    coverage: { lost: [], gained: [] },
    ...overrides,
  };
}

const lost = {
  account: "111122223333",
  accountName: "payments-prod",
  region: "eu-west-1",
  gaps: [{ reason: "denied-by-scp", operation: "ecr:Describe", detail: "denied" }],
} as const;

describe("two audits that do not differ", () => {
  it("are shown with their figures side by side", () => {
    const lines = diffText(aDiff(), plain).split("\n");
    expect(lines[0]).toMatch(/^ +2026-11-20T02-00-00Z-7f3a +the-later-one$/);
    expect(lines[4]).toMatch(/^Coverage +12 of 12 registries +12 of 12 registries$/);
    expect(diffMarkdown(aDiff())).toContain("| Coverage | 12 of 12 registries | 12 of 12 registries |");
  });

  it.each([
    ["text", diffText(aDiff(), plain)],
    ["markdown", diffMarkdown(aDiff())],
  ])("are reported as equal, in %s", (_format, rendered) => {
    expect(rendered).toContain("The two audits do not differ.");
  });
});

describe("the differences are listed by kind", () => {
  const diff = aDiff({
    opened: [aFinding()],
    changed: [{ before: aFinding(), after: aFinding({ severity: "critical" }) }],
    waived: [aFinding(), aFinding()],
    resolved: [aFinding()],
    unseen: [aFinding()],
    coverage: { lost: [lost], gained: [{ ...lost, gaps: [] }] },
  });

  it("in text", () => {
    const text = diffText(diff, plain);
    expect(text.match(/^[A-Z ]+: .*$/gm)).toEqual([
      "NEW: 1 finding",
      "CHANGED: 1 finding",
      "RESOLVED: 1 finding",
      "NEWLY WAIVED: 2 findings",
      "NO LONGER EVALUATED: 1 finding",
      "NO LONGER COVERED: 1 registry",
      "NEWLY COVERED: 1 registry",
    ]);
    expect(text).toContain("  Denied by a service control policy\n    111122223333 payments-prod  eu-west-1");
    expect(text).toContain("  Not in the other audit's scope\n");
    expect(text).not.toContain("do not differ");
  });

  it("in markdown", () => {
    const page = diffMarkdown(diff);
    expect(page.match(/^### .*$/gm)).toEqual([
      "### New: 1 finding",
      "### Changed: 1 finding",
      "### Resolved: 1 finding",
      "### Newly waived: 2 findings",
      "### No longer evaluated: 1 finding",
      "### No longer covered: 1 registry",
      "### Newly covered: 1 registry",
    ]);
    expect(page).toContain("#### CRITICAL: ");
    expect(page).toContain("| Denied by a service control policy |");
  });
});

it("stays within the page at any width", () => {
  const text = diffText(aDiff({ coverage: { lost: [lost], gained: [] } }), { color: false, width: 40 });
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(40);
});

test.each(hostileRows)("%s does nothing", (_what, text) => {
  const finding = aFinding({
    title: text,
    message: text,
    remediation: text,
    prefix: text,
    accountName: text,
    check: text,
  });
  const named = { ...side, auditId: text, policy: { name: text, digest: text } };
  const diff = aDiff({
    before: named,
    after: named,
    opened: [finding],
    coverage: { lost: [{ ...lost, accountName: text, region: text }], gained: [] },
  });
  const shown = diffText(diff, plain);
  expect(shown).not.toMatch(unprintable);
  expect(shown.length).toBeLessThan(20_000);
  const html = githubHtml(diffMarkdown(diff));
  expect(html.replaceAll(/<\/?(h[234]|p|strong|table|thead|tbody|tr|th|td|code)>/g, "")).not.toContain("<");
  expect(outsideCode(html)).not.toMatch(/[@#[\]*_~`]|:\/\//);
  expect(html).not.toMatch(unprintable);
});

it("says what an audit was narrowed to, if one was", () => {
  const narrowedTo = { accounts: ["111122223333"], regions: null, prefixes: ["quay", "k8s"], checks: null };
  const look = { color: false, width: 100 };
  const diff = aDiff({ after: { ...side, auditId: "narrowed", narrowedTo } });
  expect(diffText(diff, look)).toMatch(/^Only +the whole scope +account 111122223333, 2 prefixes$/m);
  expect(diffMarkdown(diff)).toContain("| Only | the whole scope | account 111122223333, 2 prefixes |");
  expect(diffText(aDiff(), look)).not.toContain("Only ");
});
