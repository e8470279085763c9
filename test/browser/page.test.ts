import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { renderHtml } from "../../src/formats/html/html.ts";
import { markupTexts } from "../formats/markup.ts";
import { fleet } from "../render/fleet.ts";
import { hostileReport } from "../render/hostile-report.ts";
import { hostileTexts } from "../render/hostile-texts.ts";
import { aReport } from "../support/report-builders.ts";
import { someHistory } from "../support/wide-report.ts";
import { connectTo, type OpenOptions, type PageOpener } from "./support/browser.ts";

const html = renderHtml(fleet(), someHistory(12));

describe("the page in a browser", () => {
  let browser: PageOpener;
  beforeAll(async () => {
    browser = await connectTo(inject("browser"));
  });
  afterAll(() => browser[Symbol.asyncDispose]());

  /** Opens the page of the report in which everything occurs, has `act` done on it, and expects no trouble. */
  async function visit(act: (page: Page) => Promise<void>, options: OpenOptions = {}): Promise<void> {
    const { page, troubles } = await browser.open(html, options);
    await act(page);
    expect(troubles).toEqual([]);
    await page.context().close();
  }

  const shownCount = (page: Page) => page.locator("#filters output").textContent();
  const severity = (page: Page, name: string) => page.locator(`input[name=severity][value=${name}]`);
  const visibleCards = (page: Page) => page.locator(".card:visible");

  describe("filters", () => {
    it.each([
      { field: "status", value: "waived", shown: "1 of 64 shown", cards: 1 },
      { field: "check", value: "rule-quota", shown: "1 of 64 shown", cards: 1 },
      { field: "account", value: "200000111100", shown: "3 of 64 shown", cards: 2 },
      { field: "region", value: "sa-east-1", shown: "21 of 64 shown", cards: 2 },
      { field: "ou", value: "ou-ab12-34567890", shown: "26 of 64 shown", cards: 8 },
      { field: "owner", value: "team-a", shown: "1 of 64 shown", cards: 1 },
      { field: "change", value: "new", shown: "2 of 64 shown", cards: 1 },
      { field: "change", value: "changed", shown: "1 of 64 shown", cards: 1 },
      { field: "change", value: "resolved", shown: "1 of 64 shown", cards: 1 },
    ])("by $field", async ({ field, value, shown, cards }) => {
      await visit(async (page) => {
        await page.selectOption(`select[name=${field}]`, value);
        await expect.poll(() => shownCount(page)).toBe(shown);
        expect(await visibleCards(page).count()).toBe(cards);
        expect(page.url()).toContain(`#${field}=${value}`);
      });
    });

    it("by several severities at once", async () => {
      await visit(async (page) => {
        await severity(page, "critical").check();
        await severity(page, "low").check();
        await expect.poll(() => shownCount(page)).toBe("2 of 64 shown");
        expect(page.url()).toContain("#severity=critical&severity=low");
      });
    });

    it("by words in the title, the location or the evidence", async () => {
      await visit(async (page) => {
        const search = page.locator("input[name=q]");
        await search.fill("reach azure-team");
        await expect.poll(() => shownCount(page)).toBe("1 of 64 shown");
        await search.fill("no such words");
        await expect.poll(() => shownCount(page)).toBe("0 of 64 shown");
        expect(await page.locator(".listing:visible").count()).toBe(0);
      });
    });

    it("are restored from the address, and cleared", async () => {
      const hash = "#q=docker-hub&severity=high&status=failing&account=111122223333";
      await visit(
        async (page) => {
          expect(await shownCount(page)).toBe("2 of 64 shown");
          expect(await page.locator("input[name=q]").inputValue()).toBe("docker-hub");
          expect(await severity(page, "high").isChecked()).toBe(true);
          expect(await page.locator("select[name=account]").inputValue()).toBe("111122223333");
          await page.getByRole("button", { name: "Clear" }).click();
          await expect.poll(() => shownCount(page)).toBe("All 64 shown");
          expect(new URL(page.url()).hash).toBe("");
        },
        { hash },
      );
    });

    it("are set by the cells of the map, and unfold what is left", async () => {
      await visit(async (page) => {
        await page.locator(".map td a").first().click();
        await expect.poll(() => shownCount(page)).toBe("6 of 64 shown");
        expect(await page.locator("select[name=region]").inputValue()).toBe("eu-west-1");
        await page.goBack();
        await expect.poll(() => shownCount(page)).toBe("All 64 shown");
      });
    });
  });

  describe("by keyboard alone", () => {
    it("focuses the search with /, and clears all filters with Escape", async () => {
      await visit(async (page) => {
        await page.keyboard.press("/");
        await page.keyboard.type("quota");
        await expect.poll(() => shownCount(page)).toBe("1 of 64 shown");
        await page.keyboard.press("Escape");
        await expect.poll(() => shownCount(page)).toBe("All 64 shown");
      });
    });

    it("skips to the findings, and shows where the focus is", async () => {
      await visit(async (page) => {
        await page.keyboard.press("Tab");
        const skip = page.locator(".skip");
        expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
        expect((await skip.boundingBox())?.x).toBeGreaterThan(0);
        await page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
        expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("q");
        expect(await page.evaluate(outlineOfFocus)).not.toBe("none");
      });
    });

    it("moves through the map with the arrow keys, skipping cells without links", async () => {
      await visit(async (page) => {
        const focused = () => page.evaluate(() => document.activeElement?.getAttribute("href"));
        await page.locator(".map td a").first().focus();
        expect(await focused()).toBe("#account=111122223333&region=eu-west-1");
        await page.keyboard.press("ArrowRight");
        expect(await focused()).toBe("#account=111122223333&region=us-east-1");
        await page.keyboard.press("ArrowLeft");
        await page.keyboard.press("ArrowDown");
        expect(await focused()).toBe("#account=200000000000&region=eu-west-1");
        await page.keyboard.press("ArrowUp");
        await page.keyboard.press("ArrowUp");
        expect(await focused()).toBe("#account=111122223333&region=eu-west-1");
      });
    });

    it("unfolds a problem and a finding", async () => {
      await visit(async (page) => {
        await page.locator("#failing-1 > summary").focus();
        await page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        expect(await page.locator("#failing-1 pre").innerText()).toContain('"check": "allowed-upstream"');
      });
    });
  });

  it("unfolds the problem that a link of the first screen leads to", async () => {
    await visit(async (page) => {
      await page.getByRole("link", { name: "The registry is running out of rules" }).click();
      await expect.poll(() => page.locator("#failing-3[open]").count()).toBe(1);
      expect(await shownCount(page)).toBe("All 64 shown");
    });
  });

  it("copies a waiver", async () => {
    await visit(
      async (page) => {
        await page.getByRole("button", { name: "Unfold all" }).click();
        await page.locator("#failing-1 .row > summary").click();
        await page.locator("#failing-1 .copy").click();
        await page.getByRole("button", { name: "Copied" }).waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        expect(JSON.parse(copied)).toMatchObject({ check: "allowed-upstream", accounts: ["111122223333"] });
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    );
  });

  it("changes the theme, and keeps it", async () => {
    await visit(
      async (page) => {
        const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const dark = await paper();
        await page.getByRole("button", { name: "Light theme" }).click();
        expect(await paper()).not.toBe(dark);
        await page.reload();
        expect(await paper()).not.toBe(dark);
        await page.getByRole("button", { name: "Dark theme" }).click();
        expect(await paper()).toBe(dark);
      },
      { colorScheme: "dark" },
    );
  });

  it("is complete without scripts", async () => {
    await visit(
      async (page) => {
        expect(await page.locator("#filters").isVisible()).toBe(false);
        expect(await page.locator(".copy:visible").count()).toBe(0);
        expect(await visibleCards(page).count()).toBe(8);
        await page.locator("#failing-2 > summary").click();
        expect(await page.locator("#failing-2 .row:visible").count()).toBe(18);
      },
      { javaScriptEnabled: false },
    );
  });

  it("prints folded problems too, but the evidence only of findings that are unfolded", async () => {
    await visit(async (page) => {
      await page.emulateMedia({ media: "print" });
      expect(await page.locator("#filters").isVisible()).toBe(false);
      expect((await page.locator("#failing-1 > dl").boundingBox())?.height).toBeGreaterThan(20);
      expect(await page.locator("#failing-1 .row > summary").first().isVisible()).toBe(true);
      expect((await page.locator("#failing-1 .row dl").boundingBox())?.height ?? 0).toBe(0);
      await page.evaluate(() => {
        for (const row of document.querySelectorAll("#failing-1 .row")) row.setAttribute("open", "");
      });
      expect((await page.locator("#failing-1 .row dl").boundingBox())?.height).toBeGreaterThan(20);
      expect(await page.locator(".snippet:visible").count()).toBe(0);
    });
  });

  it("prints the trend, with its figures", async () => {
    await visit(async (page) => {
      await page.emulateMedia({ media: "print" });
      const charts = page.locator("#trend svg[role=img]");
      expect(await charts.count()).toBe(3);
      for (const chart of await charts.all()) expect(await chart.isVisible()).toBe(true);
      expect((await page.locator("#trend tbody tr").last().boundingBox())?.height).toBeGreaterThan(10);
    });
  });

  it.each(["desktop", "phone"] as const)("fits on the screen of a %s", async (screen) => {
    const { width } = { desktop: { width: 1280 }, phone: { width: 390 } }[screen];
    await visit(
      async (page) => {
        await page.getByRole("button", { name: "Unfold all" }).click();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      },
      { viewport: { width, height: 800 } },
    );
  });

  it.each(Object.entries({ ...markupTexts, ...hostileTexts }))("lets %s do nothing", async (_what, text) => {
    const { page, troubles } = await browser.open(renderHtml(hostileReport(text)));
    await page.evaluate(unfoldAndPoint);
    await page.locator("input[name=q]").fill(text.slice(0, 100));
    await page.evaluate(
      (account) => {
        location.hash = `#account=${account}`;
      },
      text.slice(0, 100),
    );
    expect(await page.evaluate(foreignParts)).toEqual([]);
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  it("opens without findings", async () => {
    const { page, troubles } = await browser.open(renderHtml(aReport()));
    expect(await page.locator("main").innerText()).toContain(
      "Nothing fails; all 12 registries were covered.",
    );
    expect(troubles).toEqual([]);
  });
});

function outlineOfFocus(): string {
  return document.activeElement === null ? "none" : getComputedStyle(document.activeElement).outlineStyle;
}

/** Unfolds everything, and moves a pointer over all that is there. */
function unfoldAndPoint(): void {
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const element of document.querySelectorAll("main *")) {
    element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
  }
}

/** Elements on the page that the renderer did not add. */
function foreignParts(): readonly string[] {
  const elements = Array.from(document.querySelectorAll("*"));
  const strange = elements.filter(
    ({ localName, attributes }) =>
      ["img", "iframe", "object", "base"].includes(localName) ||
      Array.from(attributes).some(
        ({ name }) => name.startsWith("on") || name === "style" || name === "srcdoc",
      ),
  );
  const links = Array.from(document.querySelectorAll("main a"), (link) => link.getAttribute("href") ?? "");
  const [scripts, styles] = [document.scripts.length, document.querySelectorAll("style").length];
  return [
    ...strange.map(({ outerHTML }) => outerHTML),
    ...links.filter((href) => !href.startsWith("#")),
    ...(scripts === 1 && styles === 1 ? [] : [`${scripts} scripts, ${styles} styles`]),
  ];
}
