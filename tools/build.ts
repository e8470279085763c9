/**
 * Builds the JavaScript of the npm package in `dist`: the command line with its commands in chunks of their own, for
 * Node.js 22.12 and later. Run by `npm run build`, and by `npm pack` through `prepack`.
 */
import { globSync, readFileSync, rmSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import * as z from "zod";

const project = join(import.meta.dirname, "..");
const out = join(project, "dist");

// `npm run release` writes to `dist` too.
for (const file of globSync(join(out, "*.js{,.map}"))) rmSync(file);

const { metafile } = await build({
  absWorkingDir: project,
  entryPoints: ["bin/auditor.ts"],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22.12",
  // The package's dependencies, which npm installs beside it.
  packages: "external",
  mainFields: ["module", "main"],
  legalComments: "none",
  // Names and line ends stay, so that a stack trace in a bug report can be read without the source maps.
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
});

const known = dependencies();
const missing = packagesIn(metafile).filter((name) => !known.has(name));
if (missing.length > 0) {
  process.stderr.write(
    `The package uses what its dependencies do not name: ${missing.join(", ")}. ` +
      "Add it to dependencies in package.json.\n",
  );
  process.exitCode = 1;
}

/** The packages that the built modules import. */
function packagesIn({ outputs }: Metafile): readonly string[] {
  const imported = Object.values(outputs).flatMap(({ imports }) => imports);
  // Node.js 22.12 does not count node:sqlite as its own.
  const isOwn = (path: string) => isBuiltin(path) || path.startsWith("node:");
  const packages = imported.filter(({ external, path }) => external === true && !isOwn(path));
  const names = packages.map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  return [...new Set(names)];
}

function dependencies(): ReadonlySet<string> {
  const manifest: unknown = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  const schema = z.object({ dependencies: z.record(z.string(), z.string()) });
  return new Set(Object.keys(schema.parse(manifest).dependencies));
}
