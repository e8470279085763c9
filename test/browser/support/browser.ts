import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import { packageFile } from "../../../src/package-file.ts";

/** An open page, and the errors that occurred on it. */
export type OpenPage = {
  readonly page: Page;
  /** Console errors, exceptions, and requests for anything but the page. */
  readonly troubles: readonly string[];
};

/** Options for opening a page. */
export type OpenOptions = BrowserContextOptions & {
  /** The fragment of the page's URL, such as `#account=111122223333`. */
  readonly hash?: string;
};

/** A real browser that opens pages from files, as readers do. */
export type PageOpener = AsyncDisposable & {
  readonly open: (html: string, options?: OpenOptions) => Promise<OpenPage>;
};

/** The width and height of a desktop screen and of a phone. */
export const screens = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

/** The timeout in milliseconds after which a page is considered hung, however busy the machine is. */
const hangs = 300_000;

/** Returns the options that launch the Chromium of the development dependencies. */
export async function launchOptions() {
  return {
    executablePath: await chromium.executablePath(),
    // Containers and CI jobs often run as root, which the sandbox does not allow.
    args: ["--no-sandbox"],
    headless: true,
    timeout: hangs,
  };
}

/** Starts a new browser. */
export async function startBrowser(): Promise<PageOpener> {
  return openerWith(await playwright.launch(await launchOptions()));
}

/** Connects to a shared browser that was started with `launchServer`. */
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
      const context = await browser.newContext({ viewport: screens.desktop, ...options });
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

/** The icon embedded in the page. */
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
