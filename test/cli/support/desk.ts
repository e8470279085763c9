import { execFile } from "node:child_process";
import { packageFile } from "../../../src/package-file.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import type { World } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { makePolicyFolder, type PolicyFolder } from "../../whole/support/policy-folder.ts";

/** What became of a process. */
export type Ended = { readonly code: number; readonly output: string; readonly errors: string };

type Reading = {
  readonly cwd?: string;
  /** Whether anybody reads the output; otherwise its pipe is closed at once. */
  readonly isRead?: boolean;
};

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
  { cwd = ".", isRead = true }: Reading = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...bare, ...environment }, cwd, maxBuffer: 100_000_000 };
    const line = [packageFile("bin/auditor.ts"), ...words];
    const child = execFile(packageFile("node_modules/.bin/node"), line, options, (_error, output, errors) => {
      resolve({ code: child.exitCode ?? -1, output, errors });
    });
    if (!isRead) child.stdout?.destroy();
  });
}

/** A simulated AWS, a policy, and somebody who runs the command line. */
export type Desk = PolicyFolder & {
  readonly simulator: Simulator;
  /** Runs `audit` with the desk's policy. */
  readonly audit: (words?: readonly string[], environment?: Environment, reading?: Reading) => Promise<Ended>;
};

/** Starts a simulator of `world` beside a folder with a policy. */
export async function setDesk(world: World, policy: Partial<PolicyFile> = {}): Promise<Desk> {
  const files = await makePolicyFolder(policy);
  const simulator = await startSimulator(world);
  return {
    ...files,
    simulator,
    audit: (words = [], environment = {}, reading = {}) =>
      runAuditor(
        ["audit", "--policy", files.policyFile, ...words],
        { ...simulator.env, ...environment },
        { cwd: files.folder, ...reading },
      ),
    [Symbol.asyncDispose]: async () => {
      await simulator.close();
      await files[Symbol.asyncDispose]();
    },
  };
}
