import { chromium as playwright } from "playwright-core";
import type { TestProject } from "vitest/node";
import { launchOptions } from "./browser.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the browser that was started for the whole run. */
    browser: string;
  }
}

/** Starts a browser, once for all files that open pages, and ends it at the end of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browser = await playwright.launchServer({ ...(await launchOptions()), host: "127.0.0.1" });
  project.provide("browser", browser.wsEndpoint());
  return () => browser.close();
}
