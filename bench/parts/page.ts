import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { type OpenPage, startBrowser } from "../../test/browser/support/browser.ts";
import { runChild } from "../child.ts";
import { count, figure, limitedRow, type Part } from "../row.ts";

const renderedSchema = z.object({ seconds: z.number(), peakMiB: z.number(), bytes: z.int() });

/** The time to render the page of a large fleet, and to open and filter it in a browser. */
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
        limitedRow("peak memory of rendering", `${figure(peakMiB)} MiB`, peakMiB, 512, " MiB"),
        { what: "the page", measured: `${figure(bytes / 1e6)} MB` },
        limitedRow("opening it until it is usable", `${figure(seen.open)} s`, seen.open, 3, " s"),
        limitedRow("longest freeze while filtering", `${figure(seen.freeze)} s`, seen.freeze, 0.5, " s"),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** Opens the page and uses each kind of filter; times in seconds. */
async function look(html: string): Promise<{ readonly open: number; readonly freeze: number }> {
  await using browser = await startBrowser();
  const opened = await browser.open(html);
  const open = await opened.page.evaluate(usableAfter);
  const freezes = [];
  for (const fill of filterings) freezes.push(await freezeAfter(opened.page, fill));
  if (opened.troubles.length > 0) throw new Error(opened.troubles.join("\n"));
  return { open, freeze: Math.max(...freezes) };
}

/** A field of the filter form, and a value. */
const filterings = [
  { name: "q", value: "us-east-1 team-1" },
  { name: "q", value: "" },
  { name: "region", value: "eu-west-1" },
  { name: "region", value: "" },
  { name: "check", value: "rule-validation" },
  { name: "check", value: "" },
] as const;

/** How long the page freezes after a field was filled, in seconds, without the script's own delay. */
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

/** When the page and its script were usable, in seconds after the request. */
function usableAfter(): number {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation instanceof PerformanceNavigationTiming ? navigation.loadEventEnd / 1_000 : Number.NaN;
}
