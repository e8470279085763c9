import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderEvents } from "../../src/notifiers/eventbridge/events.ts";
import { packageFile } from "../../src/package-file.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";
import { delivered } from "./delivered.ts";
import { matches } from "./event-pattern.ts";
import { sampleReport } from "./sample-report.ts";

const document = readFileSync(packageFile("docs/alerts.md"), "utf8");
const options = { reportLocation: "s3://audits/2026/11/20/report.json" };

/** The JSON blocks of the document with the heading above each. */
function blocks(): readonly { readonly heading: string; readonly json: unknown }[] {
  let heading = "";
  return Array.from(document.matchAll(/^#+ (.+)$|^```json\n([\s\S]*?)^```$/gm)).flatMap(([, title, text]) => {
    heading = title ?? heading;
    return text === undefined ? [] : [{ heading, json: JSON.parse(text) }];
  });
}

function patternUnder(heading: string): unknown {
  const found = blocks().filter((block) => block.heading === heading);
  if (found.length !== 1) throw new Error(`${found.length} patterns under ${heading}`);
  return found[0]?.json;
}

const elsewhere = { account: "444455556666", organizationalUnits: ["ou-ab12-00000000"] };
const { coverage } = aReport();

/** One event of each kind that a pattern may have to distinguish, by its subject. */
const events = {
  "a new high finding": findingEvent({}),
  "a changed critical finding": findingEvent({ severity: "critical", transition: "changed" }),
  "a new medium finding": findingEvent({ severity: "medium" }),
  "a resolved high finding": findingEvent({ transition: "resolved" }),
  "a reminder of a high finding": findingEvent({ transition: "reminded" }),
  "a new high finding elsewhere": findingEvent({ ...elsewhere, check: "allowed-upstream" }),
  "a high finding of a first audit": eventOf({ findings: [aFinding()], baseline: true }),
  "a changed rule": eventOf({ drift: [aDrift()] }),
  "a changed rule elsewhere": eventOf({ drift: [aDrift({ account: elsewhere.account })] }),
  "an audit that saw everything": eventOf({ findings: [] }),
  "an audit that saw a registry in part": eventOf({ gaps: [aGap({ state: "partial" })] }),
  "an audit that could not reach a registry": eventOf({ gaps: [aGap()] }),
  "an audit that saw less than before": eventOf({
    coverage: { ...coverage, planned: 13, unreachable: 1, dropped: true },
  }),
  "another product's event": { ...findingEvent({}), source: "aws.ecr" },
} as const;

function findingEvent(overrides: Parameters<typeof aFinding>[0]) {
  return eventOf({ findings: [aFinding(overrides)] });
}

function eventOf(overrides: Parameters<typeof aReport>[0]) {
  const [entry] = renderEvents(aReport(overrides), options);
  if (entry === undefined) throw new Error("no event");
  return delivered(entry);
}

const newAndBad = ["a new high finding", "a changed critical finding", "a new high finding elsewhere"];
const completed = Object.keys(events).filter((name) => name.startsWith("an audit"));

const wanted: Readonly<Record<string, readonly string[]>> = {
  "New critical and high findings": newAndBad,
  "One account": [
    "a new high finding",
    "a changed critical finding",
    "a new medium finding",
    "a resolved high finding",
    "a reminder of a high finding",
    "a high finding of a first audit",
    "a changed rule",
  ],
  "One organizational unit": [
    "a new high finding",
    "a changed critical finding",
    "a new medium finding",
    "a resolved high finding",
    "a reminder of a high finding",
    "a high finding of a first audit",
  ],
  "Failed credentials": [
    "a new high finding",
    "a new medium finding",
    "a resolved high finding",
    "a high finding of a first audit",
  ],
  "Changed rules": ["a changed rule", "a changed rule elsewhere"],
  "Incomplete audits": completed.filter((name) => name !== "an audit that saw everything"),
  "A drop in coverage": ["an audit that saw less than before"],
};

describe("the document on alerts", () => {
  it("has every pattern tried here", () => {
    const patterns = blocks().filter(({ heading }) => heading !== "Samples");
    expect(patterns.map(({ heading }) => heading)).toEqual(Object.keys(wanted));
  });

  it.each(Object.entries(wanted))("has a pattern that picks: %s", (heading, names) => {
    const pattern = patternUnder(heading);
    const picked = Object.entries(events).filter(([, event]) => matches(pattern, event));
    expect(picked.map(([name]) => name)).toEqual(names);
  });

  it("has samples as they are delivered", () => {
    const samples = blocks().filter(({ heading }) => heading === "Samples");
    expect(samples.map(({ json }) => json)).toEqual(renderEvents(sampleReport, options).map(delivered));
  });

  it("links to existing files, and to its own headings", () => {
    const links = Array.from(document.matchAll(/\]\(([^)]+)\)/g), ([, target = ""]) => target);
    const anchors = Array.from(document.matchAll(/^#+ (.+)$/gm), ([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) {
      if (link.startsWith("#")) expect(anchors).toContain(link.slice(1));
      else expect(() => readFileSync(packageFile(`docs/${link}`))).not.toThrow();
    }
  });
});

describe("the matcher", () => {
  it.each([
    [{ a: ["x"] }, { a: "x" }, true],
    [{ a: ["x"] }, { a: "y" }, false],
    [{ a: ["x"] }, {}, false],
    [{ a: ["x", "y"] }, { a: ["y", "z"] }, true],
    [{ a: { b: [true] } }, { a: { b: true } }, true],
    [{ a: { b: [true] } }, { a: "b" }, false],
    [{ a: [null] }, { a: null }, true],
    [{ a: [{ prefix: "ab" }] }, { a: "abc" }, true],
    [{ a: [{ prefix: "ab" }] }, { a: "cab" }, false],
    [{ a: [{ wildcard: "a.*:c" }] }, { a: "a.b:c" }, true],
    [{ a: [{ wildcard: "a.*:c" }] }, { a: "axb:c" }, false],
    [{ a: [{ numeric: [">", 0] }] }, { a: 1 }, true],
    [{ a: [{ numeric: [">", 0] }] }, { a: 0 }, false],
    [{ a: [{ numeric: [">", 0] }] }, { a: "1" }, false],
    [{ $or: [{ a: ["x"] }, { b: ["x"] }] }, { b: "x" }, true],
    [{ $or: [{ a: ["x"] }, { b: ["x"] }] }, { c: "x" }, false],
  ])("takes %j for what picks %j: %j", (pattern, event, picked) => {
    expect(matches(pattern, event)).toBe(picked);
  });

  it.each([[{ a: [{ suffix: "x" }] }], [{ a: [{ numeric: ["<", 1] }] }], [{ a: "x" }]])(
    "throws at what it does not know: %j",
    (pattern) => {
      expect(() => matches(pattern, { a: "x" })).toThrow();
    },
  );
});
