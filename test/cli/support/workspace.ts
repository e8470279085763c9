import { makePolicyFolder, type PolicyFolder } from "../../e2e/support/policy-folder.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import type { World } from "../../simulator/world.ts";
import type { PolicyFile } from "../../support/builders.ts";
import { type Ended, type Environment, type Reading, runAuditor, runAuditorProcess } from "./run-auditor.ts";

/** A simulated AWS, a policy, and somebody who runs the command line. */
export type Workspace = PolicyFolder & {
  readonly simulator: Simulator;
  /** Runs `audit` with the workspace's policy, in this process. */
  readonly audit: (words?: readonly string[], environment?: Environment) => Promise<Ended>;
  /** Runs the same in a process of its own. */
  readonly auditInProcess: (
    words?: readonly string[],
    environment?: Environment,
    reading?: Reading,
  ) => Promise<Ended>;
};

/** Starts a simulator of `world` beside a folder with a policy. */
export async function setUpWorkspace(world: World, policy: Partial<PolicyFile> = {}): Promise<Workspace> {
  const files = await makePolicyFolder(policy);
  const simulator = await startSimulator(world);
  const line = (words: readonly string[]) => ["audit", "--policy", files.policyFile, ...words];
  const cwd = files.folder;
  return {
    ...files,
    simulator,
    audit: (words = [], environment = {}) =>
      runAuditor(line(words), { ...simulator.env, ...environment }, { cwd }),
    auditInProcess: (words = [], environment = {}, reading = {}) =>
      runAuditorProcess(line(words), { ...simulator.env, ...environment }, { cwd, ...reading }),
    [Symbol.asyncDispose]: async () => {
      await simulator.close();
      await files[Symbol.asyncDispose]();
    },
  };
}
