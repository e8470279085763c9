import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkIds, checks } from "../../src/checks/index.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { aPolicyFile } from "../support/builders.ts";

const root = join(import.meta.dirname, "../..");

/** The parts that a check consists of besides its place in the list, each in a file that bears its id. */
const parts = [
  {
    part: "source",
    folder: "src/checks",
    suffix: ".ts",
    others: ["define-check", "judgement", "verdict", "custom-check", "index"],
  },
  {
    part: "words",
    folder: "src/checks/texts",
    suffix: ".ts",
    others: ["common", "commands", "custom-check"],
  },
  {
    part: "test",
    folder: "test/checks",
    suffix: ".test.ts",
    others: ["catalogue", "custom-check", "judgement"],
  },
  { part: "document", folder: "docs/checks", suffix: ".md", others: [] },
];

/** The headings of every check's document, in order. */
const headings = [
  "What it looks at",
  "Why it matters",
  "When it passes",
  "When it fails",
  "When it cannot tell",
  "When it does not apply",
  "How to mend it",
  "How to turn it off or change its severity",
  "How to waive it",
];

function idsIn({ folder, suffix, others }: (typeof parts)[number]): readonly string[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith(suffix))
    .map((file) => basename(file, suffix))
    .filter((id) => !others.some((other) => other === id));
}

describe("the checks", () => {
  it("have ids of their own, which suit a file and a URL", () => {
    expect(checkIds).toEqual([...new Set(checkIds)]);
    for (const id of checkIds) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it.each(parts)("have each one $part, and there is none without a check", (part) => {
    expect(idsIn(part).toSorted()).toEqual(checkIds.toSorted());
  });

  it.each(checks)("$id has a title and says when it fails", ({ title, failsWhen }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(failsWhen).toMatch(/[^.]$/);
  });
});

describe.each(checks)("the document of $id", ({ id, title, severity, failsWhen, docs }) => {
  const text = readFileSync(join(root, docs), "utf8");
  const prose = text.replace(/\s+/g, " ");
  const sections = text.split(/^## /m).slice(1);

  it("is where findings say it is", () => {
    expect(docs).toBe(`docs/checks/${id}.md`);
  });

  it("begins with the check's id, title and severity", () => {
    expect(text.split("\n## ")[0]).toBe(`# ${id}\n\n${title}. Default severity: \`${severity}\`.\n`);
  });

  it("has every section, and words in each", () => {
    expect(sections.map((section) => section.split("\n")[0])).toEqual(headings);
    for (const section of sections) expect(section).toMatch(/^.+\n\n\S/);
  });

  it("says when the check fails, as the check itself does", () => {
    expect(prose).toContain(`Fails when ${failsWhen}.`);
  });

  it("tells of every kind of finding, and of no other", async () => {
    const delivered = Array.from(
      text.matchAll(/^\| `([a-z-]+)` \||\(`([a-z-]+)`\)/gm),
      ([, row, aside]) => row ?? aside,
    );
    expect([...new Set(delivered)].toSorted()).toEqual((await kindsOf(id)).toSorted());
  });

  it("shows commands to mend it", () => {
    expect(sections[headings.indexOf("How to mend it")]).toMatch(/^```sh\naws /m);
  });

  it("shows only policies that hold, and last how to change the check and how to waive it", () => {
    const examples = Array.from(text.matchAll(/^```json\n(.*?)^```$/gms), ([, example]) => example ?? "");
    const policies = examples.map((example) =>
      parsePolicy({ ...aPolicyFile(), ...JSON.parse(example) }, docs, checkIds),
    );
    const [changing, waiving] = policies.slice(-2);
    expect(Object.keys(changing?.checks ?? {})).toEqual([id]);
    expect(waiving?.waivers.map(({ check }) => check)).toEqual([id]);
  });
});

/** The kinds that a check has words for. */
async function kindsOf(id: string): Promise<readonly string[]> {
  const words: Record<string, unknown> = await import(`../../src/checks/texts/${id}.ts`);
  return Object.values(words).flatMap((value) =>
    typeof value === "object" && value !== null && "kinds" in value ? Object.keys(value.kinds ?? {}) : [],
  );
}
