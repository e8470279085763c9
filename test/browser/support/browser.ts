import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import { packageFile } from "../../../src/package-file.ts";

/** A page that is open, and what went on in it that must not. */
export type OpenPage = {
  readonly page: Page;
  /** What its console said of errors, what it threw, and what it asked for besides itself. */
  readonly troubles: readonly string[];
};

/** How a page is opened. */
export type OpenOptions = BrowserContextOptions & {
  /** What stands behind the page's address, such as `#account=111122223333`. */
  readonly hash?: string;
};

/** A real browser that opens pages from files, as people do. */
export type PageOpener = AsyncDisposable & {
  readonly open: (html: string, options?: OpenOptions) => Promise<OpenPage>;
};

/** The width and height of a desk's screen and of a phone's. */
export const screens = {
  desk: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

/** After so many milliseconds a page hangs, however busy the machine is. */
const hangs = 300_000;

/** How the Chromium is launched that comes with the development dependencies. */
export async function launchOptions() {
  return {
    executablePath: await chromium.executablePath(),
    // The user of a container or of a CI job is often root, whom the sandbox refuses.
    args: ["--no-sandbox"],
    headless: true,
    timeout: hangs,
  };
}

/** Starts a browser of one's own. */
export async function startBrowser(): Promise<PageOpener> {
  return openerWith(await playwright.launch(await launchOptions()));
}

/** Connects to a browser that was started with `launchServer`, and that others use too. */
export async function connectTo(address: string): Promise<PageOpener> {
  return openerWith(await playwright.connect(address, { timeout: hangs }));
}

async function openerWith(browser: Browser): Promise<PageOpener> {
  const folder = await mkdtemp(join(tmpdir(), "pull-through-page-"));
  let pages = 0;
  return {
    open: async (html, { hash = "", ...options } = {}) => {
      pages += 1;
      const file = join(folder, `${pages}.html`);
      await writeFile(file, html);
      const context = await browser.newContext({ viewport: screens.desk, ...options });
      context.setDefaultTimeout(hangs);
      const page = await context.newPage();
      const address = pathToFileURL(file).href;
      const troubles = watch(page, address);
      await page.goto(`${address}${hash}`);
      return { page, troubles };
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The icon that stands in the page itself. */
const ownIcon = "data:,";

function watch(page: Page, address: string): readonly string[] {
  const troubles: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
  });
  page.on("pageerror", ({ message }) => troubles.push(message));
  page.on("request", (request) => {
    const url = request.url().replace(/#.*$/s, "");
    if (url !== address && url !== ownIcon) troubles.push(`asked for ${url}`);
  });
  page.on("dialog", async (dialog) => {
    troubles.push(`opened a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  return troubles;
}

/** Keeps a picture of what is seen now, to be looked at, in the folder `artifacts`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = packageFile("artifacts");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
