import { execFile } from "node:child_process";
import { packageFile } from "../../../src/package-file.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import type { World } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { makePolicyFolder, type PolicyFolder } from "../../whole/support/policy-folder.ts";

/** What became of a process. */
export type Ended = { readonly code: number; readonly output: string; readonly errors: string };

type Environment = Readonly<Record<string, string>>;

/** Of the machine's own AWS set-up, nothing; a failed validation is asked again at once. */
const bare: Environment = {
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AUDIT_CONFIRM_AFTER_SECONDS: "0",
};

/** Runs the real command line in a process of its own, with nothing of this process's environment. */
export function runAuditor(
  words: readonly string[],
  environment: Environment = {},
  cwd = ".",
): Promise<Ended> {
  return runNode([packageFile("bin/auditor.ts"), ...words], { ...bare, ...environment }, cwd);
}

/** Runs Node, the one that the package brings along. */
export function runNode(words: readonly string[], environment: Environment, cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    const node = packageFile("node_modules/.bin/node");
    const options = { env: { ...environment }, cwd, maxBuffer: 100_000_000 };
    const child = execFile(node, [...words], options, (_error, output, errors) => {
      resolve({ code: child.exitCode ?? -1, output, errors });
    });
    child.stdin?.end();
  });
}

/** A simulated AWS, a policy, and somebody who runs the command line. */
export type Desk = PolicyFolder & {
  readonly simulator: Simulator;
  /** Runs `audit` with the desk's policy. */
  readonly audit: (words?: readonly string[], environment?: Environment) => Promise<Ended>;
};

/** Starts a simulator of `world` beside a folder with a policy. */
export async function setDesk(world: World, policy: Partial<PolicyFile> = {}): Promise<Desk> {
  const files = await makePolicyFolder(policy);
  const simulator = await startSimulator(world);
  return {
    ...files,
    simulator,
    audit: (words = [], environment = {}) =>
      runAuditor(
        ["audit", "--policy", files.policyFile, ...words],
        { ...simulator.env, ...environment },
        files.folder,
      ),
    [Symbol.asyncDispose]: async () => {
      await simulator.close();
      await files[Symbol.asyncDispose]();
    },
  };
}
