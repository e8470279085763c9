import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { unzipSync } from "fflate";
import { ZipFile } from "yazl";

/** What this plugin knows of Serverless. */
type Serverless = {
  readonly serviceDir: string;
  readonly service: {
    readonly functions: Readonly<Record<string, { readonly package?: { readonly artifact?: string } }>>;
  };
};

/** Without a time of its own, readable by all as Lambda wants it, and as small as can be. */
const asAllFiles = {
  mtime: new Date(1980, 0, 1),
  forceDosTimestamp: true,
  mode: 0o100644,
  compressionLevel: 9,
} as const;

/**
 * Packs the functions' zips anew, so that the same sources give the same bytes: without times, owners and the
 * order in which the files happened to be found. Who doubts what is deployed can build it and compare.
 */
class ReproducibleZips {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor({ serviceDir, service }: Serverless) {
    this.hooks = {
      "after:package:createDeploymentArtifacts": async () => {
        const artifacts = Object.values(service.functions).flatMap((it) => it.package?.artifact ?? []);
        await Promise.all(artifacts.map((artifact) => packAnew(join(serviceDir, artifact))));
      },
    };
  }
}

async function packAnew(file: string): Promise<void> {
  const files = Object.entries(unzipSync(await readFile(file))).filter(([name]) => !name.endsWith("/"));
  const zip = new ZipFile();
  for (const [name, content] of files.sort(([a], [b]) => (a < b ? -1 : 1))) {
    zip.addBuffer(Buffer.from(content), name, asAllFiles);
  }
  zip.end();
  await writeFile(file, await buffer(zip.outputStream));
}

// Serverless requires its plugins.
export { ReproducibleZips as "module.exports" };
