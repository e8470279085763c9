import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aPolicyFile, type PolicyFile } from "../../support/builders.ts";

/** A folder of a test's own, with a policy in it. */
export type PolicyFolder = AsyncDisposable & { readonly folder: string; readonly policyFile: string };

/** Makes a folder with a policy for the whole organization that allows every upstream, and what is not as usual. */
export async function makePolicyFolder(overrides: Partial<PolicyFile> = {}): Promise<PolicyFolder> {
  const folder = await mkdtemp(join(tmpdir(), "pull-through-"));
  const policyFile = join(folder, "policy.json");
  const policy = aPolicyFile({ scope: { accounts: "organization" }, ...overrides });
  await writeFile(policyFile, JSON.stringify(policy));
  return {
    folder,
    policyFile,
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true }),
  };
}
