import * as z from "zod";
import { runChild } from "../child.ts";
import { count, figure, limitedRow, type Part } from "../row.ts";

const finalizedSchema = z.object({ seconds: z.number(), peakMiB: z.number() });

/** What the function `conclude` has, by serverless/functions.yml. */
const memoryMiB = 1_769;
const timeoutSeconds = 900;

/** All that the fleet's last function does, but for the calls to S3 and to those who are told. */
export const finalizing: Part = {
  name: "concluding",
  title: "Concluding a fleet: what was read is parsed, judged, compared, rendered and kept",
  run: async ({ shrinkBy }) => {
    const registries = Math.ceil(20_000 / shrinkBy);
    const { seconds, peakMiB } = await runChild("concluding.ts", { registries }, finalizedSchema);
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
