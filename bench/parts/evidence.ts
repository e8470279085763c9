import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { runChild } from "../child.ts";
import { count, figure, limitedRow, type Part } from "../row.ts";

const storedSchema = z.object({ nights: z.int() });
const collectedSchema = z.object({
  seconds: z.number(),
  peakMiB: z.number(),
  audits: z.int(),
  findings: z.int(),
  problems: z.int(),
});

/** The evidence of a year: each report is read, its chain verified, and its findings followed. */
export const evidence: Part = {
  name: "evidence",
  title: "The evidence of a year",
  run: async ({ shrinkBy }) => {
    const [registries, nights] = [Math.ceil(8_000 / shrinkBy), 365];
    const folder = await mkdtemp(join(tmpdir(), "pull-through-bench-"));
    try {
      await runChild("evidence-store.ts", { folder, registries, nights }, storedSchema);
      const period = { folder, from: "2025-11-20", to: "2026-11-19" };
      const found = await runChild("evidence.ts", period, collectedSchema);
      if (found.audits !== nights || found.problems > 0) throw new Error(JSON.stringify(found));
      const what = `${count(nights)} nights × ${count(registries)} registries, ${count(found.findings)} findings`;
      return [
        limitedRow(what, `${figure(found.seconds)} s`, found.seconds, 120, " s"),
        limitedRow("peak memory", `${figure(found.peakMiB)} MiB`, found.peakMiB, 512, " MiB"),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
