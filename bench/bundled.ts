import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Scripts as functions are deployed: bundled, so that nothing is compiled or resolved while it is measured. */
export type Bundled = AsyncDisposable & {
  /** The bundle of one of the scripts. */
  readonly fileOf: (script: string) => string;
};

/** Bundles scripts of bench/children, into a folder that is there until this is disposed of. */
export async function bundle(scripts: readonly string[]): Promise<Bundled> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  await build({
    entryPoints: scripts.map((script) => fileURLToPath(new URL(`./children/${script}`, import.meta.url))),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: "warning",
  });
  return {
    fileOf: (script) => join(folder, `${parse(script).name}.mjs`),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
