import { fileURLToPath } from "node:url";
import type { Scale } from "../../test/simulator/worlds/scale.ts";
import { type Bundled, bundle } from "../bundled.ts";
import { runChild } from "../child.ts";
import { type Measured, measuredSchema } from "../children/measured.ts";
import type { BenchRunInput } from "../children/run.ts";
import { type BenchRun, withSimulator } from "../conditions.ts";
import { type BenchSettings, count, figure, limitedRow, type Part, type Row } from "../row.ts";

const latencyMilliseconds = 40;
const concurrency = 50;
const regions = 10;
const rulesPerRegistry = 3;
const policy = fileURLToPath(new URL("../fleet-policy.json", import.meta.url));

/** A simulated fleet of this many registries, in ten regions with three rules each. */
function conditionsOf(registries: number): Scale {
  return { accounts: Math.ceil(registries / regions), regions, rulesPerRegistry, latencyMilliseconds };
}

/** The heap limit of Node.js in a function with 1,024 MB: on a larger machine it would grow before collecting garbage. */
const nodeOptions = ["--max-old-space-size=900"];

/** Runs a bundled script against a fleet. */
async function runOver(bundled: Bundled, script: string, scale: Scale): Promise<BenchRun<Measured>> {
  const input: BenchRunInput = { scale, concurrency, policy };
  return withSimulator(scale, (environment) =>
    runChild(bundled.fileOf(script), input, measuredSchema, { environment, nodeOptions }),
  );
}

/** The least time and CPU of three runs, because other load can only add to them, and the most memory. */
async function bestOfThree(bundled: Bundled, script: string, scale: Scale): Promise<BenchRun<Measured>> {
  const first = await runOver(bundled, script, scale);
  const results = [first.result];
  for (let more = 2; more > 0; more -= 1) results.push((await runOver(bundled, script, scale)).result);
  const result = {
    ...first.result,
    seconds: Math.min(...results.map(({ seconds }) => seconds)),
    cpuSeconds: Math.min(...results.map(({ cpuSeconds }) => cpuSeconds)),
    peakMiB: Math.max(...results.map(({ peakMiB }) => peakMiB)),
  };
  return { ...first, result };
}

/** Time, CPU and memory of the auditor for several fleet sizes without throttling. */
export const fleet: Part = {
  name: "fleet",
  title: `No throttling: ${latencyMilliseconds} ms per call, ${concurrency} calls in parallel, ${rulesPerRegistry} rules per registry`,
  run: async ({ shrinkBy }) => {
    await using bundled = await bundle(["auditor.ts", "bare-sdk.ts"]);
    const sizes = [100, 1_000, 5_000].map((size) => Math.ceil(size / shrinkBy));
    const runs: Sized[] = [];
    for (const size of sizes)
      runs.push({ size, work: await bestOfThree(bundled, "auditor.ts", conditionsOf(size)) });
    const [small, middle, large] = runs;
    if (small === undefined || middle === undefined || large === undefined) return [];
    const bare = await bestOfThree(bundled, "bare-sdk.ts", conditionsOf(middle.size));
    return [
      ...runs.map(({ size, work }) => makespanRow(size, work, size === small.size ? null : 1.25)),
      cpuRow(middle, bare),
      cpuRow(large, bare),
      memoryRow(middle, large),
    ];
  },
};

function makespanRow(size: number, { result, requests }: BenchRun<Measured>, most: number | null): Row {
  const limit = (requests * latencyMilliseconds) / concurrency / 1_000;
  const ratio = result.seconds / limit;
  const what = `makespan, ${count(size)} registries`;
  const measured = `${figure(result.seconds)} s for ${count(requests)} calls, ${figure(ratio)} of the limit`;
  return most === null
    ? { what, measured }
    : limitedRow(what, measured, ratio, most, " of calls × latency ÷ concurrency");
}

function cpuRow({ size, work: ours }: Sized, bare: BenchRun<Measured>): Row {
  const perCall = (work: BenchRun<Measured>) => (work.result.cpuSeconds * 1_000) / work.requests;
  const measured = `${figure(perCall(ours))} ms; the bare SDK, ${count(bare.requests)} calls of one client: ${figure(perCall(bare))} ms`;
  return limitedRow(`CPU per call, ${count(size)} registries`, measured, perCall(ours), 0.75, " ms");
}

type Sized = { readonly size: number; readonly work: BenchRun<Measured> };

function memoryRow(middle: Sized, large: Sized): Row {
  const peaks = [middle, large].map(({ work }) => work.result.peakMiB);
  const [before = Number.NaN, after = Number.NaN] = peaks;
  const ratio = after / before;
  const what = `peak memory, ${count(large.size)} registries against ${count(middle.size)}`;
  return limitedRow(what, `${figure(after)} MiB against ${figure(before)} MiB: ${figure(ratio)}`, ratio, 1.3);
}

const slow = { ratePerSecond: 5, burst: 1, everyAccount: 10 };

/** Whether throttled registries delay the others. */
export const others: Part = {
  name: "others",
  title: "Throttling: five calls a second on one registry in ten",
  run: async ({ shrinkBy }) => {
    await using bundled = await bundle(["auditor.ts"]);
    const scale = conditionsOf(Math.ceil(1_000 / shrinkBy));
    const unthrottled = await runOver(bundled, "auditor.ts", scale);
    const throttled = await runOver(bundled, "auditor.ts", { ...scale, throttle: slow });
    const ratio = throttled.result.othersSeconds / unthrottled.result.seconds;
    const times = `${figure(throttled.result.othersSeconds)} s, without throttling ${figure(unthrottled.result.seconds)} s: ${figure(ratio)}`;
    const { complete, seconds } = throttled.result;
    const all = scale.accounts * scale.regions;
    return [
      limitedRow(
        `the other nine in ten, of ${count(all)} registries, are done`,
        times,
        ratio,
        1.1,
        " of that without throttling",
      ),
      {
        what: "all are done, and read in full",
        measured: `${figure(seconds)} s, ${count(complete)} of ${count(all)}; ${count(throttled.inVain)} of ${count(throttled.requests)} calls refused`,
        target: { words: "every one", isMet: complete === all },
      },
    ];
  },
};

const ways = [
  { script: "auditor.ts", words: "the auditor" },
  { script: "all-at-once.ts", words: "by hand, Promise.all" },
  { script: "one-after-the-other.ts", words: "by hand, one after the other" },
] as const;

/** The auditor compared with the two usual ways to write such an audit by hand. */
export const byHand: Part = {
  name: "by-hand",
  title:
    "Compared with audits written by hand, without throttling, and throttled to five calls a second on one registry in ten",
  run: async (settings) => {
    await using bundled = await bundle(ways.map(({ script }) => script));
    const rows: Row[] = [];
    for (const { size, scripts } of comparisons(settings)) {
      for (const { script, words } of scripts) {
        const unthrottled = await runOver(bundled, script, conditionsOf(size));
        const throttled = await runOver(bundled, script, { ...conditionsOf(size), throttle: slow });
        rows.push({
          what: `${words}, ${count(size)} registries`,
          measured: `${wayWords(unthrottled, size)}; throttled: ${wayWords(throttled, size)}`,
        });
      }
    }
    return rows;
  },
};

/** One call after the other is too slow for more than a hundred registries. */
function comparisons({ shrinkBy }: BenchSettings) {
  const [small, large] = [100, 1_000].map((size) => Math.ceil(size / shrinkBy));
  return [
    { size: small ?? 0, scripts: ways },
    { size: large ?? 0, scripts: ways.slice(0, 2) },
  ];
}

function wayWords({ result, requests, inVain }: BenchRun<Measured>, size: number): string {
  const lost = size - result.complete;
  return `${figure(result.seconds)} s, ${count(inVain)} of ${count(requests)} calls refused, ${lost} registries lost`;
}
