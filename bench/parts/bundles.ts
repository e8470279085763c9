import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, parse } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { openService } from "../../test/package/service.ts";
import { withSimulator } from "../conditions.ts";
import { figure, limitedRow, median, type Part, type Row } from "../row.ts";

const runs = 9;

/** The size of the deployed functions, and the time to load them. */
export const bundles: Part = {
  name: "bundles",
  title: `What is deployed: the zip, and a Node.js process that imports it (median of ${runs})`,
  run: async () => {
    await using service = await openService();
    const { exitCode, stderr } = await service.run(["package"]);
    if (exitCode !== 0) throw new Error(`The functions could not be packaged:\n${stderr}`);
    const folder = join(service.directory, ".serverless");
    const zips = (await readdir(folder)).filter((name) => name.endsWith(".zip")).sort();
    const rows: Row[] = [];
    for (const zip of zips) rows.push(...(await rowsOf(parse(zip).name, await readFile(join(folder, zip)))));
    return rows;
  },
};

async function rowsOf(name: string, zip: Uint8Array): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  try {
    for (const [path, bytes] of Object.entries(unzipSync(zip))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    const empty = join(folder, "functions", "empty.js");
    await writeFile(empty, "export {};\n");
    const times = { empty: [] as number[], bundle: [] as number[] };
    for (let run = 0; run < runs; run += 1) {
      times.empty.push(await millisecondsToImport(empty));
      times.bundle.push(await millisecondsToImport(join(folder, "functions", `${name}.js`)));
    }
    const ratio = median(times.bundle) / median(times.empty);
    const measured = `${figure(median(times.bundle))} ms, an empty module ${figure(median(times.empty))} ms: ${figure(ratio)}`;
    const kilobytes = zip.length / 1_000;
    return [
      limitedRow(`${name}: zip`, `${figure(kilobytes)} KB`, kilobytes, 280, " KB"),
      limitedRow(`${name}: import`, measured, ratio, 3.5, " times an empty module"),
      ...(name === "audit" ? [await coldStartRow(folder, median(times.bundle))] : []),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The time from the start of the audit function's process to its first request, at the simulator's end of the wire. */
async function coldStartRow(folder: string, importMs: number): Promise<Row> {
  const handler = pathToFileURL(join(folder, "functions", "audit.js")).href;
  const script = `const { handler } = await import(${JSON.stringify(handler)}); await handler({}, {}); process.exit();`;
  const waits: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { result: startedAt, firstRequestAt } = await withSimulator(
      { accounts: 1, regions: 1, rulesPerRegistry: 1 },
      async (environment) => {
        const at = Date.now();
        await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
          env: { ...environment, LAMBDA_TASK_ROOT: folder },
        });
        return at;
      },
    );
    waits.push((firstRequestAt ?? Number.NaN) - startedAt);
  }
  const ratio = median(waits) / importMs;
  const measured = `${figure(median(waits))} ms: ${figure(ratio)}`;
  return limitedRow("audit: cold start to the first request", measured, ratio, 1.3, " times the import");
}

/** The time from the start of a new process to its end. */
async function millisecondsToImport(file: string): Promise<number> {
  const startedAt = performance.now();
  const script = `await import(${JSON.stringify(pathToFileURL(file).href)}); process.exit()`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    env: { AWS_REGION: "us-east-1" },
  });
  return performance.now() - startedAt;
}
