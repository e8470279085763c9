import { readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { inProcess, type Moment, type Step } from "./support/crash.ts";
import {
  forbidden,
  narrowed,
  OFFERED,
  type RemediationRegistry,
  registryBefore,
  renamed,
  updated,
} from "./support/remediation.ts";

/** The calls of a whole run that change something, in their order. */
const calls: readonly Step[] = [
  "UpdatePullThroughCacheRule",
  "DeletePullThroughCacheRule",
  "DeletePullThroughCacheRule 2",
  "CreatePullThroughCacheRule",
  "CreatePullThroughCacheRule 2",
  "DeletePullThroughCacheRule 3",
  "CreatePullThroughCacheRule 3",
];

const moments: readonly Moment[] = calls.flatMap((step) => [
  { when: "before", step },
  { when: "after", step },
]);

function changeIn({ headers }: IncomingMessage): Step | null {
  const [, operation = ""] = String(headers["x-amz-target"]).split(".");
  return /^(Create|Update|Delete)/.test(operation) ? operation : null;
}

const allowed = ["--yes", "--allow-replace", "--allow-delete"];

function applyInProcess({ stage, planFile }: RemediationRegistry, moment: Moment | null) {
  const line = [packageFile("bin/auditor.ts"), "apply", planFile, ...allowed];
  return inProcess(line, changeIn, stage.simulator.url, moment);
}

const asPlanned = [
  { ecrRepositoryPrefix: "base", upstreamRepositoryPrefix: "base" },
  { ecrRepositoryPrefix: "docker-hub", credential: OFFERED },
  { ecrRepositoryPrefix: "kubernetes" },
  { ecrRepositoryPrefix: "quay" },
];

async function withPlan(test: (workspace: RemediationRegistry) => Promise<void>): Promise<void> {
  await using workspace = await registryBefore([updated, renamed, forbidden, narrowed]);
  await workspace.plan();
  await test(workspace);
}

describe("apply, when its process is killed", () => {
  it.each(moments)("$when $step, goes on from where it was", (moment) =>
    withPlan(async (workspace) => {
      expect((await applyInProcess(workspace, moment)).end).toBe("SIGKILL");
      const { code, errors } = await workspace.apply();
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      expect(workspace.rules()).toMatchObject(asPlanned);
      expect(workspace.rules()).toHaveLength(asPlanned.length);
    }),
  );

  it("could be killed at no other call that changes something", () =>
    withPlan(async (workspace) => {
      expect(await applyInProcess(workspace, null)).toEqual({ end: 0, steps: calls });
    }));

  it("goes on from a journal whose last line was cut short", () =>
    withPlan(async (workspace) => {
      await applyInProcess(workspace, { when: "after", step: "DeletePullThroughCacheRule 2" });
      const journal = `${workspace.planFile}.journal`;
      await writeFile(journal, `${await readFile(journal, "utf8")}{"plan":"sha`);
      expect((await workspace.apply()).code).toBe(0);
      expect(workspace.rules()).toMatchObject(asPlanned);
    }));

  it("takes what is gone for somebody else's doing when there is no journal of its own", () =>
    withPlan(async (workspace) => {
      await applyInProcess(workspace, { when: "after", step: "DeletePullThroughCacheRule 2" });
      const { code, output } = await workspace.apply(
        "--yes",
        "--allow-replace",
        "--allow-delete",
        "--journal",
        `${workspace.planFile}.other`,
      );
      expect(code).toBe(1);
      expect(output).toContain("rules changed since the plan was made (base)");
    }));
});
