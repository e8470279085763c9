import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { packageFile } from "../../src/package-file.ts";
import { renderHtml } from "../../src/render/html.ts";
import { fleet } from "../render/fleet.ts";
import { demoWorld } from "../simulator/worlds/demo/index.ts";
import { changeDemoOrganization } from "../support/demo-nights.ts";
import { aGap, aReport } from "../support/report-builders.ts";
import { someHistory, wideReport } from "../support/wide-report.ts";
import { setStage } from "../whole/support/stage.ts";
import { keepPicture, type PageOpener, screens, startBrowser } from "./support/browser.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const violationsSchema = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string() })) }),
);

/** What axe finds wrong with what is on the page now, in words. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found: unknown = await page.evaluate("axe.run().then(({ violations }) => violations)");
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
    await stage.tell();
    changeDemoOrganization(stage.simulator.world);
    await stage.tell();
    const pointer = z
      .object({ location: z.string() })
      .parse(JSON.parse(await readFile(join(store, "latest.json"), "utf8")));
    return await readFile(pointer.location.replace(/report\.json$/, "report.html"), "utf8");
  } finally {
    await rm(store, { recursive: true });
  }
}

/** Pages as they turn out at different times of an organization's life. */
const samples = {
  "a fleet with everything in it": () => renderHtml(fleet(), someHistory(12)),
  "five hundred accounts": () =>
    renderHtml(wideReport({ accounts: 500, regions: 17, findings: 120 }), someHistory(40)),
  "a first audit with gaps": () =>
    renderHtml(aReport({ baseline: true, gaps: [aGap(), aGap({ region: "*" })] })),
  "all green": () => renderHtml(aReport(), someHistory(3)),
} as const;

const looks = (["light", "dark"] as const).flatMap((theme) =>
  (["desk", "phone"] as const).map((screen) => ({ theme, screen })),
);

describe("the page", () => {
  let browser: PageOpener;
  let demo: string;
  beforeAll(async () => {
    [browser, demo] = await Promise.all([startBrowser(), pageOfSecondNight()]);
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  describe.each(looks)("in the $theme theme on a $screen", ({ theme, screen }) => {
    it.each(Object.entries(samples))("of %s is accessible", async (what, html) => {
      const { page } = await browser.open(html(), { colorScheme: theme, viewport: screens[screen] });
      await keepPicture(page, `${what} ${theme} ${screen}`.replaceAll(" ", "-"));
      expect(await violationsOn(page)).toEqual([]);
      await page.context().close();
    });

    it("of the demo's organization is accessible when all is unfolded, and tells what is new", async () => {
      const { page, troubles } = await browser.open(demo, { colorScheme: theme, viewport: screens[screen] });
      await keepPicture(page, `demo-${theme}-${screen}`);
      expect(await page.locator(".figures").innerText()).toMatch(
        /Since the audit before\s+\d+ new\s+\d+ fixed/,
      );
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      await keepPicture(page, `demo-unfolded-${theme}-${screen}`);
      expect(await violationsOn(page)).toEqual([]);
      expect(troubles).toEqual([]);
      await page.context().close();
    });
  });

  it("of the demo's organization is small, and needs nothing but itself", () => {
    expect(Buffer.byteLength(demo)).toBeLessThan(300_000);
    expect(demo).toContain("default-src 'none'");
    expect(demo).not.toMatch(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(?!data:,")/);
  });
});
