import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** What Lambda would have to give the function, in MiB; the heap of Node.js is held to less. */
const heapMiB = 400;

it("twenty thousand registries with three rules each are judged and compared in a small heap", {
  timeout: 300_000,
}, async () => {
  const amounts = JSON.stringify({ registries: 20_000, waivers: 0, overrides: 0 });
  const words = [`--max-old-space-size=${heapMiB}`, "bench/children/judging.ts", amounts];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  expect(JSON.parse(stdout)).toMatchObject({ planned: 20_000, findings: 2_000, opened: 0 });
});
