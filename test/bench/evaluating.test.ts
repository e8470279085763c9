import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** The heap limit, in MiB: less than the memory of the function. */
const heapMiB = 400;

it("twenty thousand registries with three rules each are evaluated and compared in a small heap", {
  timeout: 300_000,
}, async () => {
  const amounts = JSON.stringify({ registries: 20_000, waivers: 0, overrides: 0 });
  const words = [`--max-old-space-size=${heapMiB}`, "bench/children/evaluating.ts", amounts];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  expect(JSON.parse(stdout)).toMatchObject({ planned: 20_000, findings: 2_000, opened: 0 });
});
