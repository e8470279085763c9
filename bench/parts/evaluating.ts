import * as z from "zod";
import { matchesExpression } from "../../src/policy/matching/matching.ts";
import { type Bundled, bundle } from "../bundled.ts";
import { runChild } from "../child.ts";
import { count, figure, limitedRow, median, type Part, type Row } from "../row.ts";
import { nodeOptions } from "./fleet.ts";

const evaluatedSchema = z.object({ seconds: z.number(), peakMiB: z.number(), findings: z.int() });

type Amounts = { readonly registries: number; readonly waivers: number; readonly overrides: number };

/** The median of three runs, each in a separate process, bundled and limited as the audit function is. */
async function evaluate(bundled: Bundled, amounts: Amounts): Promise<z.infer<typeof evaluatedSchema>> {
  const runs = [];
  for (let run = 0; run < 3; run += 1) {
    const script = bundled.fileOf("evaluating.ts");
    runs.push(await runChild(script, amounts, evaluatedSchema, { nodeOptions }));
  }
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    peakMiB: Math.max(...runs.map(({ peakMiB }) => peakMiB)),
    findings: runs[0]?.findings ?? 0,
  };
}

/** Evaluating and comparing only, without AWS. */
export const evaluating: Part = {
  name: "evaluating",
  title: "Evaluating and comparing only, three rules per registry",
  run: async ({ shrinkBy }) => {
    await using bundled = await bundle(["evaluating.ts"]);
    const sizes = [5_000, 10_000, 20_000].map((size) => Math.ceil(size / shrinkBy));
    const results = [];
    for (const registries of sizes) {
      results.push({ registries, ...(await evaluate(bundled, { registries, waivers: 0, overrides: 0 })) });
    }
    const [least, , most] = results;
    if (least === undefined || most === undefined) return [];
    const growth = most.seconds / least.seconds;
    return [
      ...results.map(({ registries, seconds, peakMiB, findings }) => ({
        what: `${count(registries)} registries`,
        measured: `${figure(seconds)} s, ${figure(peakMiB)} MiB, ${count(findings)} findings`,
      })),
      limitedRow(
        "four times the registries",
        `${figure(growth)} times as long`,
        growth,
        5,
        " times (4 is linear)",
      ),
      limitedRow(
        `time, ${count(most.registries)} registries`,
        `${figure(most.seconds)} s`,
        most.seconds,
        0.7,
        " s",
      ),
      limitedRow(
        `peak memory, ${count(most.registries)} registries`,
        `${figure(most.peakMiB)} MiB`,
        most.peakMiB,
        256,
        " MiB",
      ),
    ];
  },
};

/** Large and hostile policies. */
export const policies: Part = {
  name: "policies",
  title: "Large and hostile policies",
  run: async ({ shrinkBy }) => {
    await using bundled = await bundle(["evaluating.ts"]);
    const whole = { registries: 2_000, waivers: 5_000, overrides: 500 };
    const base = scaled(whole, shrinkBy);
    const full = await evaluate(bundled, base);
    const rows: Row[] = [{ what: amountsIn(base), measured: `${figure(full.seconds)} s` }];
    for (const key of ["registries", "waivers", "overrides"] as const) {
      const half = await evaluate(bundled, { ...base, [key]: Math.ceil(base[key] / 2) });
      const quarter = await evaluate(bundled, { ...base, [key]: Math.ceil(base[key] / 4) });
      const growth = full.seconds / quarter.seconds;
      const measured = `${figure(quarter.seconds)} s, ${figure(half.seconds)} s, ${figure(full.seconds)} s: ${figure(growth)} times`;
      rows.push(
        limitedRow(`a quarter, half and all of the ${key}`, measured, growth, 5, " times (4 is linear)"),
      );
    }
    return [...rows, hostileRow()];
  },
};

function scaled({ registries, waivers, overrides }: Amounts, by: number): Amounts {
  return {
    registries: Math.ceil(registries / by),
    waivers: Math.ceil(waivers / by),
    overrides: Math.ceil(overrides / by),
  };
}

function amountsIn({ registries, waivers, overrides }: Amounts): string {
  return `${count(waivers)} waivers and ${count(overrides)} overrides over ${count(registries)} registries`;
}

/** A pattern that takes a backtracking engine minutes. */
function hostileRow(): Row {
  const prefix = `${"a".repeat(29)}b`;
  const times = 10_000;
  const evaluateAll = () => {
    const startedAt = performance.now();
    for (let time = 0; time < times; time += 1) matchesExpression("(a+)+$", prefix);
    return ((performance.now() - startedAt) * 1_000) / times;
  };
  evaluateAll();
  const microseconds = evaluateAll();
  return limitedRow(
    "the pattern (a+)+$ on a prefix of 30 characters",
    `${figure(microseconds)} µs`,
    microseconds,
    100,
    " µs",
  );
}
