import { fileURLToPath } from "node:url";
import type { Scale } from "../../test/simulator/worlds/scale.ts";
import { type Bundled, bundle } from "../bundled.ts";
import { lambdaOptions, runChild } from "../child.ts";
import { type Measured, measuredSchema } from "../children/measured.ts";
import type { BenchRunInput } from "../children/run.ts";
import { type BenchRun, withSimulator } from "../conditions.ts";
import { count, figure, limitedRow, median, type Part, type Row } from "../row.ts";

const latencyMilliseconds = 40;
const concurrency = 50;
const regions = 10;
const rulesPerRegistry = 3;
const policy = fileURLToPath(new URL("../fleet-policy.json", import.meta.url));

/** A simulated fleet of this many registries, in ten regions with three rules each. */
export function conditionsOf(registries: number): Scale {
  return { accounts: Math.ceil(registries / regions), regions, rulesPerRegistry, latencyMilliseconds };
}

/** As in the function `audit` (serverless/functions.yml). */
export const nodeOptions = lambdaOptions(1_024);

/** Runs a bundled script against a fleet. */
export async function runOver(
  bundled: Bundled,
  script: string,
  scale: Scale,
  atOnce = concurrency,
  by = policy,
): Promise<BenchRun<Measured>> {
  const input: BenchRunInput = { scale, concurrency: atOnce, policy: by };
  return withSimulator(scale, (environment) =>
    runChild(bundled.fileOf(script), input, measuredSchema, { environment, nodeOptions }),
  );
}

/** Several runs of one script against the same fleet. */
type Runs = {
  readonly size: number;
  /** The least of the runs, because other load can only add to them. */
  readonly best: Pick<Measured, "seconds" | "cpuSeconds">;
  readonly median: Pick<Measured, "seconds" | "cpuSeconds">;
  readonly peakMiB: number;
  readonly requests: number;
  readonly inVain: number;
  readonly lost: number;
};

/** A fleet, and how many calls are made at once. */
type Fleet = { readonly size: number; readonly scale: Scale; readonly atOnce?: number };

const times = 5;

/** Runs scripts in turn, so that other load on the machine meets all of them. */
async function inTurn(
  bundled: Bundled,
  scripts: readonly string[],
  { size, scale, atOnce = concurrency }: Fleet,
): Promise<readonly Runs[]> {
  const runs = new Map<string, BenchRun<Measured>[]>(scripts.map((script) => [script, []]));
  for (let time = 0; time < times; time += 1) {
    for (const [script, results] of runs) results.push(await runOver(bundled, script, scale, atOnce));
  }
  return Array.from(runs.values(), (results) => {
    const each = (pick: (run: BenchRun<Measured>) => number) => results.map(pick);
    const seconds = each(({ result }) => result.seconds);
    const cpuSeconds = each(({ result }) => result.cpuSeconds);
    return {
      size,
      best: { seconds: Math.min(...seconds), cpuSeconds: Math.min(...cpuSeconds) },
      median: { seconds: median(seconds), cpuSeconds: median(cpuSeconds) },
      peakMiB: Math.max(...each(({ result }) => result.peakMiB)),
      requests: median(each(({ requests }) => requests)),
      inVain: median(each(({ inVain }) => inVain)),
      lost: Math.max(...each(({ result }) => size - result.complete)),
    };
  });
}

/** The targets for each size of fleet. */
const targets = [
  { size: 100, limit: 1.5, bare: 1.25, cpu: null },
  { size: 1_000, limit: 1.1, bare: 1.05, cpu: 0.85 },
  { size: 5_000, limit: 1.05, bare: 1.02, cpu: 0.7 },
] as const;

/** Time, CPU and memory of the auditor for several fleet sizes without throttling. */
export const fleet: Part = {
  name: "fleet",
  title: `No throttling: ${latencyMilliseconds} ms per call, ${concurrency} calls in parallel, ${rulesPerRegistry} rules per registry; best (median) of ${times} runs`,
  run: async ({ shrinkBy }) => {
    await using bundled = await bundle(["auditor.ts", "bare-sdk.ts"]);
    const rows: Row[] = [];
    const peaks: Runs[] = [];
    for (const target of targets) {
      const size = Math.ceil(target.size / shrinkBy);
      const fleetOf = { size, scale: conditionsOf(size) };
      const [ours, bare] = await inTurn(bundled, ["auditor.ts", "bare-sdk.ts"], fleetOf);
      if (ours === undefined || bare === undefined) return rows;
      rows.push(limitRow(ours, target.limit), bareRow(ours, bare, target.bare));
      if (target.cpu !== null) rows.push(cpuRow(ours, bare, target.cpu));
      peaks.push(ours);
    }
    return [...rows, memoryRow(peaks)];
  },
};

function limitRow({ size, best, median: middle, requests }: Runs, most: number): Row {
  const limit = (requests * latencyMilliseconds) / concurrency / 1_000;
  const ratio = best.seconds / limit;
  return limitedRow(
    `makespan, ${count(size)} registries`,
    `${figure(best.seconds)} (${figure(middle.seconds)}) s for ${count(requests)} calls, ${figure(ratio)} of the limit`,
    ratio,
    most,
    " of calls × latency ÷ concurrency",
  );
}

/** Compares with the time that one client of the bare SDK takes for as many calls. */
function bareRow(ours: Runs, bare: Runs, most: number): Row {
  const perCall = ({ best, requests }: Runs) => best.seconds / requests;
  const ratio = perCall(ours) / perCall(bare);
  return limitedRow(
    `the same, against the bare SDK, ${count(ours.size)} registries`,
    `${figure(bare.best.seconds)} (${figure(bare.median.seconds)}) s for ${count(bare.requests)} calls of one client: ${figure(ratio)} of it`,
    ratio,
    most,
    " of the bare SDK",
  );
}

function cpuRow(ours: Runs, bare: Runs, most: number): Row {
  const perCall = ({ best, requests }: Runs) => (best.cpuSeconds * 1_000) / requests;
  const ratio = perCall(ours) / perCall(bare);
  return limitedRow(
    `CPU per call, ${count(ours.size)} registries`,
    `${figure(perCall(ours))} ms, the bare SDK ${figure(perCall(bare))} ms: ${figure(ratio)}`,
    ratio,
    most,
    " of the bare SDK",
  );
}

function memoryRow(runs: readonly Runs[]): Row {
  const [, before, after] = runs;
  const [less, more] = [before?.peakMiB ?? Number.NaN, after?.peakMiB ?? Number.NaN];
  const what = `peak memory, ${count(after?.size ?? 0)} registries against ${count(before?.size ?? 0)}`;
  return limitedRow(
    what,
    `${figure(more)} MiB against ${figure(less)} MiB: ${figure(more / less)}`,
    more / less,
    1.3,
  );
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

/** The auditor makes as many calls at once as it does by default. By hand, nothing limits them. */
const byDefault = 100;

/** The auditor compared with the two usual ways to write such an audit by hand. */
export const byHand: Part = {
  name: "by-hand",
  title: `Compared with audits written by hand, without throttling, and throttled to five calls a second on one registry in ten; best (median) of ${times} runs, ${byDefault} calls in parallel`,
  run: async ({ shrinkBy }) => {
    const scripts = ["auditor.ts", "all-at-once.ts"];
    await using bundled = await bundle([...scripts, "one-after-the-other.ts"]);
    const rows: Row[] = [];
    for (const whole of [100, 1_000]) {
      const size = Math.ceil(whole / shrinkBy);
      const calm = { size, scale: conditionsOf(size), atOnce: byDefault };
      const throttled = { ...calm, scale: { ...calm.scale, throttle: slow } };
      rows.push(
        ...comparedRows(await inTurn(bundled, scripts, calm), { where: "", most: 0.95, inVain: null }),
      );
      rows.push(
        ...comparedRows(await inTurn(bundled, scripts, throttled), {
          where: ", throttled",
          most: 0.9,
          inVain: 0.7,
        }),
      );
    }
    const size = Math.ceil(100 / shrinkBy);
    const { result, requests } = await runOver(bundled, "one-after-the-other.ts", conditionsOf(size));
    const measured = `${figure(result.seconds)} s for ${count(requests)} calls`;
    return [...rows, { what: `by hand, one after the other, ${count(size)} registries`, measured }];
  },
};

type Comparison = { readonly where: string; readonly most: number; readonly inVain: number | null };

function comparedRows([ours, theirs]: readonly Runs[], { where, most, inVain }: Comparison): readonly Row[] {
  if (ours === undefined || theirs === undefined) return [];
  const what = `${count(ours.size)} registries${where}`;
  const ratio = ours.best.seconds / theirs.best.seconds;
  const wordsOf = ({ best, median: middle, lost }: Runs) =>
    `${figure(best.seconds)} (${figure(middle.seconds)}) s, ${count(lost)} registries lost`;
  const time = limitedRow(
    what,
    `the auditor ${wordsOf(ours)}; Promise.all ${wordsOf(theirs)}: ${figure(ratio)}`,
    ratio,
    most,
    " of Promise.all",
  );
  if (inVain === null) return [time];
  const vain = ours.inVain / theirs.inVain;
  const refused = ({ inVain: calls, requests }: Runs) => `${count(calls)} of ${count(requests)}`;
  const calls = limitedRow(
    `calls refused, ${what}`,
    `the auditor ${refused(ours)}, Promise.all ${refused(theirs)}: ${figure(vain)}`,
    vain,
    inVain,
    " of Promise.all",
  );
  return [time, calls];
}
