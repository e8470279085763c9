import * as z from "zod";
import { collectEvidence } from "../../src/evidence/collect-evidence.ts";
import { folderStoredFiles } from "../../src/local/folder-stored-files.ts";

/** Verifies a store and collects the evidence of a period. */
const { folder, from, to } = z
  .object({ folder: z.string(), from: z.string(), to: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ""));
const startedAt = performance.now();
const evidence = await collectEvidence(folderStoredFiles(folder), { from, to });

process.stdout.write(
  JSON.stringify({
    seconds: (performance.now() - startedAt) / 1_000,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    audits: evidence.audits.length,
    findings: evidence.findings.length,
    problems: evidence.verification.problems.length,
  }),
);
