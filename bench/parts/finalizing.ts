import * as z from "zod";
import { runChild } from "../child.ts";
import { count, figure, limitedRow, type Part } from "../row.ts";

const finalizedSchema = z.object({ seconds: z.number(), peakMiB: z.number() });

/** The limits of the function `conclude` in serverless/functions.yml. */
const memoryMiB = 1_769;
const timeoutSeconds = 900;

/** Everything that the fleet's last function does, except for calls to S3 and notifiers. */
export const finalizing: Part = {
  name: "finalizing",
  title: "Finalizing a fleet: snapshots are parsed, evaluated, compared, rendered and stored",
  run: async ({ shrinkBy }) => {
    const registries = Math.ceil(20_000 / shrinkBy);
    const { seconds, peakMiB } = await runChild("finalizing.ts", { registries }, finalizedSchema);
    const what = `${count(registries)} registries`;
    return [
      limitedRow(what, `${figure(seconds)} s`, seconds, timeoutSeconds, " s, the function's timeout"),
      limitedRow(
        `peak memory, ${what}`,
        `${figure(peakMiB)} MiB`,
        peakMiB,
        memoryMiB,
        " MiB, the function's memory",
      ),
    ];
  },
};
