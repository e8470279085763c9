import { fileURLToPath } from "node:url";
import { bundle } from "../bundled.ts";
import { count, figure, limitedRow, type Part } from "../row.ts";
import { conditionsOf, runOver } from "./fleet.ts";

const latencyMilliseconds = 40;
const concurrency = 50;
const policy = fileURLToPath(new URL("../repositories-policy.json", import.meta.url));

/** Time, CPU and memory of an audit that reads the repositories of registries. */
export const repositories: Part = {
  name: "repositories",
  title: `Repositories: ${latencyMilliseconds} ms per call, ${concurrency} calls in parallel, two calls for each repository`,
  run: async ({ shrinkBy }) => {
    await using bundled = await bundle(["auditor.ts"]);
    const registries = Math.ceil(200 / shrinkBy);
    const runWith = (repositoriesPerRegistry: number) => {
      const scale = { ...conditionsOf(registries), repositoriesPerRegistry };
      return runOver(bundled, "auditor.ts", scale, concurrency, policy);
    };
    const few = await runWith(50);
    const { result, requests } = await runWith(500);
    const limit = (requests * latencyMilliseconds) / concurrency / 1_000;
    const cpu = (result.cpuSeconds * 1_000) / requests;
    const memory = result.peakMiB / few.result.peakMiB;
    return [
      limitedRow(
        `makespan, ${count(registries)} registries with 500 repositories each`,
        `${figure(result.seconds)} s for ${count(requests)} calls, ${figure(cpu)} ms of CPU for each`,
        result.seconds / limit,
        1.15,
        " of calls × latency ÷ concurrency",
      ),
      limitedRow(
        "peak memory, against 50 repositories each",
        `${figure(result.peakMiB)} MiB against ${figure(few.result.peakMiB)} MiB`,
        memory,
        1.3,
      ),
    ];
  },
};
