import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { parse as parseYaml } from "yaml";
import * as z from "zod";
import { "module.exports" as plugins } from "../serverless/esbuild-plugins.ts";

/** Scripts bundled like the deployed functions, so measurements include no compiling or resolving. */
export type Bundled = AsyncDisposable & {
  /** The path of a script's bundle. */
  readonly fileOf: (script: string) => string;
};

const optionsSchema = z.object({
  format: z.literal("esm"),
  splitting: z.boolean(),
  mainFields: z.array(z.string()),
  minify: z.boolean(),
  legalComments: z.literal("none"),
  banner: z.object({ js: z.string() }),
});

/** The options with which Serverless bundles the functions. */
async function deployedOptions(): Promise<z.infer<typeof optionsSchema>> {
  const file = new URL("../serverless/esbuild.yml", import.meta.url);
  return optionsSchema.parse(parseYaml(await readFile(file, "utf8")));
}

/** Bundles scripts of bench/children into a folder that exists until the result is disposed of. */
export async function bundle(scripts: readonly string[]): Promise<Bundled> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  await build({
    ...(await deployedOptions()),
    plugins: [...plugins],
    entryPoints: scripts.map((script) => fileURLToPath(new URL(`./children/${script}`, import.meta.url))),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node24",
    logLevel: "warning",
  });
  return {
    fileOf: (script) => join(folder, `${parse(script).name}.mjs`),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
