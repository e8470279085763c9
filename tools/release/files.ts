import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Marker } from "./settings.ts";
import { releaseTemplate } from "./template.ts";

/** The file with the checksums of all others. */
const sums = "SHA256SUMS";

/** What is released as it is, by its path in the project: every template for accounts and outlets, and the licences. */
async function copiesFrom(project: string): Promise<readonly string[]> {
  const templates = (await readdir(join(project, "deploy"))).filter((name) => name.endsWith(".yml"));
  return [...templates.sort().map((name) => `deploy/${name}`), "LICENSE", "THIRD-PARTY-NOTICES.txt"];
}

/** The name of the hub's template in a release. */
export const hubTemplate = "hub.template.json";

/** Where a release comes from. */
type Sources = {
  readonly project: string;
  readonly version: string;
  /** The folder in which Serverless left the zips and the template, packaged with the markers. */
  readonly packaged: string;
  readonly markers: readonly Marker[];
  /** The bill of materials. */
  readonly sbom: string;
};

/**
 * Writes the files of a release into a folder: the functions' code, the templates, the bill of materials and the
 * checksums of all of them. The same sources give the same bytes. Files of an earlier release are removed.
 *
 * @returns the names of the files
 */
export async function writeRelease(
  out: string,
  { project, version, packaged, markers, sbom }: Sources,
): Promise<readonly string[]> {
  await removeRelease(out);
  await mkdir(out, { recursive: true });
  const zips = (await readdir(packaged)).filter((name) => name.endsWith(".zip")).sort();
  const named = new Map<string, string>();
  for (const zip of zips) {
    const content = await readFile(join(packaged, zip));
    // Changed code has another name, so that CloudFormation sees the change even under the same prefix.
    const name = `${basename(zip, ".zip")}-${digestOf(content).slice(0, 12)}.zip`;
    named.set(zip, name);
    await writeFile(join(out, name), content);
  }
  const template = releaseTemplate(
    JSON.parse(await readFile(join(packaged, "cloudformation-template-update-stack.json"), "utf8")),
    { version, markers, codeFile: (zip) => nameIn(named, zip) },
  );
  await writeFile(join(out, hubTemplate), `${JSON.stringify(template, null, 1)}\n`);
  const copies = await copiesFrom(project);
  for (const path of copies) await copyFile(join(project, path), join(out, basename(path)));
  await copyFile(sbom, join(out, "sbom.cdx.json"));
  const names = [
    ...named.values(),
    hubTemplate,
    ...copies.map((path) => basename(path)),
    "sbom.cdx.json",
  ].sort();
  const lines = await Promise.all(
    names.map(async (name) => `${digestOf(await readFile(join(out, name)))}  ${name}\n`),
  );
  await writeFile(join(out, sums), lines.join(""));
  return [...names, sums];
}

/** Removes the files that an earlier release lists in its checksums. Others in the folder stay. */
async function removeRelease(out: string): Promise<void> {
  const earlier = await readFile(join(out, sums), "utf8").catch(() => "");
  const names = Array.from(earlier.matchAll(/^[0-9a-f]{64} {2}([\w.-]+)$/gm), ([, name = ""]) => name);
  await Promise.all([...names, sums].map((name) => rm(join(out, name), { force: true })));
}

function nameIn(named: ReadonlyMap<string, string>, zip: string): string {
  const name = named.get(zip);
  if (name === undefined) throw new Error(`The template refers to ${zip}, which was not packaged.`);
  return name;
}

function digestOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
