import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";

const project = join(import.meta.dirname, "..");

const packagesSchema = z.record(
  z.string(),
  z.object({ licenses: z.string(), licenseFile: z.string().optional(), repository: z.string().optional() }),
);

/** A package that is shipped with the product. */
export type ThirdParty = {
  /** With the version, such as `zod@4.6.7`. */
  readonly name: string;
  /** An SPDX expression. */
  readonly licence: string;
  readonly source: string | null;
  /** The licence's text, if the package contains it. */
  readonly text: string | null;
};

/** The packages that are shipped with the product, by name. */
export async function thirdParties(): Promise<readonly ThirdParty[]> {
  const checker = join(
    project,
    "tools/quality/node_modules/license-checker-rseidelsohn/bin/license-checker-rseidelsohn.js",
  );
  const words = [
    "--start",
    project,
    "--production",
    "--excludePackagesStartingWith",
    "pull-through-auditor",
    "--json",
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [checker, ...words], { maxBuffer: 64e6 });
  const packages = Object.entries(packagesSchema.parse(JSON.parse(stdout)));
  return Promise.all(
    packages.map(async ([name, { licenses, licenseFile, repository }]) => ({
      name,
      licence: licenses,
      source: repository ?? null,
      text: licenseFile !== undefined && isLicence(licenseFile) ? await textOf(licenseFile) : null,
    })),
  );
}

/** The checker takes the licence from the README if the package has no licence file. */
function isLicence(file: string): boolean {
  return /^licen[cs]e/i.test(basename(file));
}

async function textOf(file: string): Promise<string> {
  return (await readFile(file, "utf8")).replaceAll("\r\n", "\n").trim();
}

/**
 * The notices shipped with the product: every package, and each licence text once. Packages' copies of Apache-2.0 differ only
 * in whitespace and in the appendix's example, so the first copy is used for all.
 */
export function noticeOf(parties: readonly ThirdParty[]): string {
  const apache = parties.find(({ licence, text }) => licence === "Apache-2.0" && text !== null);
  const byText = Map.groupBy(parties, ({ licence, text }) =>
    licence === apache?.licence ? apache.text : (text ?? `The licence is ${licence}.`),
  );
  return [
    "pull-through-auditor is shipped with the packages below, each under the licence that follows it.",
    ...Array.from(byText, ([text, those]) => `${those.map(lineOf).join("\n")}\n\n${text}`),
  ]
    .join(`\n\n${"-".repeat(80)}\n\n`)
    .concat("\n");
}

function lineOf({ name, licence, source }: ThirdParty): string {
  return `${name} (${licence})${source === null ? "" : ` ${source}`}`;
}
