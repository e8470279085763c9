import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { evidenceHtml } from "../../src/formats/evidence/html.ts";
import { anEvidence, aPeriodFinding } from "../support/evidence-builders.ts";
import { connectTo, type PageOpener, screens } from "./support/browser.ts";

const findings = Array.from({ length: 60 }, (_, index) =>
  aPeriodFinding({
    id: `f-${index}`,
    region: "ap-southeast-2",
    prefix: `team-${index}/docker-hub`,
    cause: {
      id: "c-1",
      kind: "secret",
      subject: "arn:aws:secretsmanager:us-east-1:444455556666:secret:ecr-pullthroughcache/docker-hub-AbCdEf",
    },
  }),
);

const waivers = [
  {
    checks: ["prefix-convention"],
    reason: "The carrier's images come from its own registry until the move is done. ".repeat(3),
    owner: "team-logistics",
    ticket: "LOG-402",
    expires: "2026-10-31",
    findings: 1,
    firstUsed: "2026-10-01",
    lastUsed: "2026-10-31",
  },
];

/** How many lines the texts take that are not to be broken, and how far the widest table stands out of its place. */
function measure(): { readonly lines: readonly number[]; readonly beyond: number } {
  const lines = Array.from(document.querySelectorAll(".d"), (cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set(Array.from(range.getClientRects(), ({ top }) => Math.round(top))).size;
  });
  const beyond = Array.from(document.querySelectorAll(".wide"), (box) => box.scrollWidth - box.clientWidth);
  return { lines, beyond: Math.max(...beyond) };
}

describe("the page of the evidence in a browser", () => {
  let browser: PageOpener;
  beforeAll(async () => {
    browser = await connectTo(inject("browser"));
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  // The width of A4 in landscape without its margins, in CSS pixels.
  const paper = { width: 1_031, height: 700 };

  it.each([
    ["a desktop", "screen", screens.desktop],
    ["paper", "print", paper],
  ] as const)("fits on %s and breaks no account, region or day", async (_what, media, viewport) => {
    const { page, troubles } = await browser.open(evidenceHtml(anEvidence({ findings, waivers })), {
      viewport,
    });
    await page.emulateMedia({ media });
    const { lines, beyond } = await page.evaluate(measure);
    expect(lines.length).toBeGreaterThan(findings.length * 4);
    expect(new Set(lines)).toEqual(new Set([1]));
    expect(beyond).toBeLessThanOrEqual(0);
    expect(troubles).toEqual([]);
    await page.context().close();
  });
});
