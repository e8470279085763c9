import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { isCommonKind } from "../../src/checks/common-text.ts";
import { checkIds, checks } from "../../src/checks/index.ts";
import why from "../../src/formats/html/why.json" with { type: "json" };
import { parsePolicy } from "../../src/policy/load.ts";
import { aPolicyFile } from "../support/builders.ts";
import { kindsOf, remediationKindsOf } from "../support/check-parts.ts";

const root = join(import.meta.dirname, "../..");

/** Folders of `src/checks` that hold no check of the catalogue. */
const otherFolders = ["custom-check", "iam"];

/** The file of each part of a check, in addition to its entry in the list. */
const parts = [
  { part: "evaluation", file: (id: string) => `src/checks/${id}/check.ts` },
  { part: "text", file: (id: string) => `src/checks/${id}/text.ts` },
  { part: "remediation", file: (id: string) => `src/checks/${id}/remediation.ts` },
  { part: "document", file: (id: string) => `docs/checks/${id}.md` },
  { part: "test", file: (id: string) => `test/checks/${id}.test.ts` },
];

/** The folders in which files or folders are named after a check, so that none is left without its check. */
const namedAfterChecks = [
  { what: "folder", folder: "src/checks", suffix: "", others: otherFolders },
  { what: "document", folder: "docs/checks", suffix: ".md", others: [] },
  {
    what: "test",
    folder: "test/checks",
    suffix: ".test.ts",
    others: ["catalogue", "custom-check", "evaluation", "siblings"],
  },
];

/** The headings of every check's document, in order. */
const headings = [
  "What it looks at",
  "Why it matters",
  "When it passes",
  "When it fails",
  "When the result is UNKNOWN",
  "When it does not apply",
  "How to fix it",
  "How to disable it or change its severity",
  "How to waive it",
];

/** The text of a document; empty if it does not exist, which a separate test reports. */
function textOf(file: string): string {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "";
}

function idsIn({ folder, suffix, others }: (typeof namedAfterChecks)[number]): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() === (suffix === "") && entry.name.endsWith(suffix))
    .map(({ name }) => basename(name, suffix))
    .filter((id) => !others.includes(id));
}

describe("the checks", () => {
  it("have ids of their own, which suit a file and a URL", () => {
    expect(checkIds).toEqual([...new Set(checkIds)]);
    for (const id of checkIds) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it.each(namedAfterChecks)("are the only ones with a $what", (place) => {
    expect(idsIn(place).toSorted()).toEqual(checkIds.toSorted());
  });

  it("have a reason each on the report's page, which npm run generate takes from their documents", () => {
    expect(Object.keys(why).toSorted()).toEqual(checkIds.toSorted());
  });

  it.each(checks)("$id has a title and says when it fails", ({ title, failsWhen }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(failsWhen).toMatch(/[^.]$/);
  });
});

describe.each(checkIds)("the check %s", (id) => {
  it.each(parts)("has its $part", ({ file }) => {
    expect(existsSync(join(root, file(id))), `there is no ${file(id)}`).toBe(true);
  });

  it("has no kind with the name of a common kind", async () => {
    expect((await kindsOf(id)).filter(isCommonKind)).toEqual([]);
  });

  it("has texts and a remediation for the same kinds", async () => {
    expect((await remediationKindsOf(id)).toSorted()).toEqual((await kindsOf(id)).toSorted());
  });
});

describe.each(checks)("the document of $id", ({ id, title, severity, failsWhen, docs }) => {
  const text = textOf(docs);
  const prose = text.replace(/\s+/g, " ");
  const sections = text.split(/^## /m).slice(1);

  it("is where findings say it is", () => {
    expect(docs).toBe(`docs/checks/${id}.md`);
  });

  it("begins with the check's id, title and severity", () => {
    expect(text.split("\n## ")[0]).toBe(`# ${id}\n\n${title}. Default severity: \`${severity}\`.\n`);
  });

  it("has every section, and none is empty", () => {
    expect(sections.map((section) => section.split("\n")[0])).toEqual(headings);
    for (const section of sections) expect(section).toMatch(/^.+\n\n\S/);
  });

  it("states when the check fails in the words of the check", () => {
    expect(prose).toContain(`Fails when ${failsWhen}.`);
  });

  it("describes every kind of finding, and no other", async () => {
    const delivered = Array.from(
      text.matchAll(/^\| `([a-z-]+)` \||\(`([a-z-]+)`\)/gm),
      ([, row, aside]) => row ?? aside,
    );
    expect([...new Set(delivered)].toSorted()).toEqual((await kindsOf(id)).toSorted());
  });

  it("shows commands that fix it", () => {
    expect(sections[headings.indexOf("How to fix it")]).toMatch(/^```sh\naws /m);
  });

  it("shows only valid policies, the last two of which configure and waive the check", () => {
    const examples = Array.from(text.matchAll(/^```json\n(.*?)^```$/gms), ([, example]) => example ?? "");
    const policies = examples.map((example) =>
      parsePolicy({ ...aPolicyFile(), ...JSON.parse(example) }, docs, checkIds),
    );
    const [changing, waiving] = policies.slice(-2);
    expect(Object.keys(changing?.checks ?? {})).toEqual([id]);
    expect(waiving?.waivers.map(({ check }) => check)).toEqual([id]);
  });
});
