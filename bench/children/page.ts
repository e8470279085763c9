import { writeFile } from "node:fs/promises";
import * as z from "zod";
import { renderHtml } from "../../src/formats/html/html.ts";
import { someHistory, wideReport } from "../../test/support/wide-report.ts";

const inputSchema = z.object({ accounts: z.int(), regions: z.int(), findings: z.int(), file: z.string() });

/** Renders the page of a large report into a file. */
const { file, ...extent } = inputSchema.parse(JSON.parse(process.argv[2] ?? ""));
const [report, history] = [wideReport(extent), someHistory(200)];

const startedAt = performance.now();
const html = renderHtml(report, history);
const seconds = (performance.now() - startedAt) / 1_000;
await writeFile(file, html);

process.stdout.write(
  JSON.stringify({
    seconds,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    bytes: Buffer.byteLength(html),
  }),
);
