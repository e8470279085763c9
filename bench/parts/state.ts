import * as z from "zod";
import { runChild } from "../child.ts";
import { count, figure, limitedRow, type Part } from "../row.ts";

const finalizedSchema = z.object({ stateBytes: z.int() });

const mostMegabytes = 64;
const heapMiB = 1_024;
const failingRules = 16;

/**
 * The largest state there can be: all rules of a fleet fail, and three notifiers that are down are owed all the alerts.
 * The child ends with an error if it needs more heap than it gets, the page included.
 */
export const state: Part = {
  name: "state",
  title: "The state of a fleet where everything fails while all notifiers are down",
  run: async ({ shrinkBy }) => {
    const registries = Math.ceil(5_000 / shrinkBy);
    const input = { registries, failingRules };
    const nodeOptions = [`--max-old-space-size=${heapMiB}`];
    const { stateBytes } = await runChild("finalizing.ts", input, finalizedSchema, { nodeOptions });
    const megabytes = stateBytes / 1e6;
    const what = `${count(registries)} registries × ${failingRules} failing rules, with ${count(heapMiB)} MiB of heap`;
    return [limitedRow(what, `${figure(megabytes)} MB`, megabytes, mostMegabytes, " MB")];
  },
};
