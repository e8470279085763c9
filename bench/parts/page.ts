import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { type OpenPage, startBrowser } from "../../test/browser/support/browser.ts";
import { runChild } from "../child.ts";
import { count, figure, limitedRow, type Part } from "../row.ts";

const renderedSchema = z.object({ seconds: z.number(), peakMiB: z.number(), bytes: z.int() });

/** The page of a large fleet: how long it takes to render, and to open and filter in a browser. */
export const page: Part = {
  name: "page",
  title: "The page of a large fleet",
  run: async ({ shrinkBy }) => {
    const extent = {
      accounts: Math.ceil(1_000 / shrinkBy),
      regions: 20,
      findings: Math.ceil(2_000 / shrinkBy),
    };
    const what = `${count(extent.accounts * extent.regions)} registries, ${count(extent.findings)} findings`;
    const folder = await mkdtemp(join(tmpdir(), "pull-through-bench-"));
    try {
      const file = join(folder, "report.html");
      const { seconds, peakMiB, bytes } = await runChild("page.ts", { ...extent, file }, renderedSchema);
      const seen = await look(await readFile(file, "utf8"));
      return [
        limitedRow(`rendering ${what}`, `${figure(seconds)} s`, seconds, 3, " s"),
        limitedRow("peak memory of it", `${figure(peakMiB)} MiB`, peakMiB, 512, " MiB"),
        { what: "the page", measured: `${figure(bytes / 1e6)} MB` },
        limitedRow("opening it, until it can be used", `${figure(seen.open)} s`, seen.open, 3, " s"),
        limitedRow("longest freeze while filtering", `${figure(seen.freeze)} s`, seen.freeze, 0.5, " s"),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** Opens the page and filters by all kinds of fields; times in seconds. */
async function look(html: string): Promise<{ readonly open: number; readonly freeze: number }> {
  await using browser = await startBrowser();
  const opened = await browser.open(html);
  const open = await opened.page.evaluate(usableAfter);
  const freezes = [];
  for (const fill of filterings) freezes.push(await freezeAfter(opened.page, fill));
  if (opened.troubles.length > 0) throw new Error(opened.troubles.join("\n"));
  return { open, freeze: Math.max(...freezes) };
}

/** What a reader chooses: a field of the form, and a value. */
const filterings = [
  { name: "q", value: "us-east-1 team-1" },
  { name: "q", value: "" },
  { name: "region", value: "eu-west-1" },
  { name: "region", value: "" },
  { name: "check", value: "rule-validation" },
  { name: "check", value: "" },
] as const;

/** How long the page does nothing else after a field was filled, in seconds; the script's own wait is none of it. */
async function freezeAfter(page: OpenPage["page"], field: (typeof filterings)[number]): Promise<number> {
  return page.evaluate(async ({ name, value }) => {
    const input = document.querySelector<HTMLInputElement | HTMLSelectElement>(`#filters [name=${name}]`);
    if (input === null) throw new Error(`There is no field ${name}`);
    let [longest, last] = [0, performance.now()];
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    const until = last + 1_000;
    while (last < until) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest / 1_000;
  }, field);
}

/** When the page could be used, its script included, in seconds after it was asked for. */
function usableAfter(): number {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation instanceof PerformanceNavigationTiming ? navigation.loadEventEnd / 1_000 : Number.NaN;
}
