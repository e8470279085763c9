import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The folders of two packages of the same sources, made one apart from the other. */
    packages: readonly [string, string];
  }
}

/** The functions that are deployed. */
export const functionNames = ["audit", "pulls", "plan", "collect", "conclude", "slack"] as const;
type FunctionName = (typeof functionNames)[number];

/** What would be deployed. */
export type Package = {
  /** Each function has its own. */
  readonly zips: Readonly<Record<FunctionName, Uint8Array>>;
};

/** What would be deployed, packaged once for the whole run. */
export async function packaged(): Promise<Package> {
  return readPackage(inject("packages")[0]);
}

/** Two packages of the same sources: each was made in a folder of its own, so that no path and no time is the same. */
export async function packagedTwice(): Promise<readonly [Package, Package]> {
  const [one, other] = inject("packages");
  return [await readPackage(one), await readPackage(other)];
}

async function readPackage(folder: string): Promise<Package> {
  const zip = (name: string) => readFile(join(folder, `${name}.zip`));
  const [audit, pulls, plan, collect, conclude, slack] = await Promise.all([
    zip("audit"),
    zip("pulls"),
    zip("plan"),
    zip("collect"),
    zip("conclude"),
    zip("slack"),
  ]);
  return { zips: { audit, pulls, plan, collect, conclude, slack } };
}
