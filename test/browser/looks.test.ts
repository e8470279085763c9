import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import * as z from "zod";
import { renderHtml } from "../../src/formats/html/html.ts";
import { packageFile } from "../../src/package-file.ts";
import { setStage } from "../e2e/support/stage.ts";
import { fleet } from "../render/fleet.ts";
import { demoWorld } from "../simulator/worlds/demo/index.ts";
import { changeDemoOrganization } from "../support/demo-nights.ts";
import { aGap, aReport } from "../support/report-builders.ts";
import { someHistory, wideReport } from "../support/wide-report.ts";
import { connectTo, keepPicture, type PageOpener, screens } from "./support/browser.ts";

const violationsSchema = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
);

/** What axe finds wrong with what is on the page now, in words. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return violationsSchema
    .parse(found)
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** The page that is kept beside the report of the demo's second night. */
async function pageOfSecondNight(): Promise<string> {
  const store = await mkdtemp(join(tmpdir(), "pull-through-"));
  try {
    const environment = { AUDIT_POLICY: packageFile("demo/policy.json"), AUDIT_STORE: store };
    await using stage = await setStage(demoWorld(), { environment });
    await stage.deliverReport();
    changeDemoOrganization(stage.simulator.world);
    await stage.deliverReport();
    const pointer = z
      .object({ location: z.string() })
      .parse(JSON.parse(await readFile(join(store, "latest.json"), "utf8")));
    return await readFile(pointer.location.replace(/report\.json$/, "report.html"), "utf8");
  } finally {
    await rm(store, { recursive: true });
  }
}

/** Pages as they turn out at other times of an organization's life, each looked at in one way. */
const samples = [
  {
    what: "many accounts and regions",
    report: wideReport({ accounts: 60, regions: 17, findings: 40 }),
    theme: "light",
    screen: "desktop",
  },
  {
    what: "a first audit with gaps",
    report: aReport({ baseline: true, gaps: [aGap(), aGap({ region: "*" })] }),
    theme: "dark",
    screen: "phone",
  },
  { what: "nothing that fails", report: aReport(), theme: "dark", screen: "desktop" },
] as const;

const looks = (["light", "dark"] as const).flatMap((theme) =>
  (["desktop", "phone"] as const).map((screen) => ({ theme, screen })),
);

/** Unfolds everything, but of places that look alike only the first of each problem. */
function unfoldOneOfEach(): void {
  const places = ".row ~ .row";
  for (const details of document.querySelectorAll("details")) details.open = !details.matches(places);
}

describe("the page", () => {
  let browser: PageOpener;
  let demo: string;
  beforeAll(async () => {
    [browser, demo] = await Promise.all([connectTo(inject("browser")), pageOfSecondNight()]);
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  describe.each(looks)("in the $theme theme on a $screen", ({ theme, screen }) => {
    const look = { colorScheme: theme, viewport: screens[screen] };

    it("is accessible with everything in it, and unfolded", async () => {
      const { page } = await browser.open(renderHtml(fleet(), someHistory(12)), look);
      await page.evaluate(unfoldOneOfEach);
      await keepPicture(page, `everything-${theme}-${screen}`);
      expect(await violationsOn(page)).toEqual([]);
      await page.context().close();
    });

    it("of the demo's organization is accessible, and says what is new", async () => {
      const { page, troubles } = await browser.open(demo, look);
      await keepPicture(page, `demo-${theme}-${screen}`);
      expect(await page.locator(".figures").innerText()).toMatch(
        /Since the previous audit\s+\d+ new\s+\d+ resolved/,
      );
      expect(await violationsOn(page)).toEqual([]);
      expect(troubles).toEqual([]);
      await page.context().close();
    });
  });

  it.each(samples)("of $what is accessible", async ({ what, report, theme, screen }) => {
    const look = { colorScheme: theme, viewport: screens[screen] };
    const { page } = await browser.open(renderHtml(report), look);
    await keepPicture(page, what.replaceAll(" ", "-"));
    expect(await violationsOn(page)).toEqual([]);
    await page.context().close();
  });

  it("of the demo's organization is small, and needs nothing but itself", () => {
    expect(Buffer.byteLength(demo)).toBeLessThan(300_000);
    expect(demo).toContain("default-src 'none'");
    expect(demo).not.toMatch(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(?!data:,")/);
  });
});
