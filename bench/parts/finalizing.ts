import * as z from "zod";
import { runChild } from "../child.ts";
import { count, figure, limitedRow, type Part, type Row } from "../row.ts";

const finalizedSchema = z.object({ seconds: z.number(), peakMiB: z.number(), stateBytes: z.int() });

/** The memory of the function `conclude` in serverless/functions.yml. */
const memoryMiB = 3_008;
/** What the function may use of its 900 s: the rest is for calls to S3 and to those who are told. */
const mostSeconds = 300;
/** The largest state that a store reads (src/audit/state/store.ts). */
const mostStateMB = 134;

/** Everything that the fleet's last function does, except for calls to S3 and notifiers. */
export const finalizing: Part = {
  name: "finalizing",
  title: "Finalizing a fleet: snapshots are parsed, evaluated, compared, rendered and stored",
  run: async ({ shrinkBy }) => {
    const rows: Row[] = [];
    for (const size of [20_000, 100_000]) rows.push(...(await rowsOf(Math.ceil(size / shrinkBy))));
    return rows;
  },
};

async function rowsOf(registries: number): Promise<readonly Row[]> {
  const { seconds, peakMiB, stateBytes } = await runChild("finalizing.ts", { registries }, finalizedSchema);
  const megabytes = stateBytes / 1e6;
  const what = `${count(registries)} registries`;
  return [
    limitedRow(what, `${figure(seconds)} s`, seconds, mostSeconds, " s of the function's 900 s"),
    limitedRow(
      `peak memory, ${what}`,
      `${figure(peakMiB)} MiB`,
      peakMiB,
      memoryMiB,
      " MiB, the function's memory",
    ),
    limitedRow(`the state, ${what}`, `${figure(megabytes)} MB`, megabytes, mostStateMB, " MB"),
  ];
}
