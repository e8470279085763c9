import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { unzipSync } from "fflate";
import { ZipFile } from "yazl";

/** The part of Serverless that this plugin uses. */
type Serverless = {
  readonly serviceDir: string;
  readonly service: {
    readonly functions: Readonly<Record<string, { readonly package?: { readonly artifact?: string } }>>;
  };
};

/** A fixed time, readable by all users as Lambda requires, and maximum compression. */
const asAllFiles = {
  mtime: new Date(1980, 0, 1),
  forceDosTimestamp: true,
  mode: 0o100644,
  compressionLevel: 9,
} as const;

/**
 * Repacks the functions' zips without times, owners and the order of the file system, so that the same sources produce the
 * same bytes. Anyone can build the sources and compare the result with what is deployed.
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

// Serverless loads its plugins with `require`.
export { ReproducibleZips as "module.exports" };
