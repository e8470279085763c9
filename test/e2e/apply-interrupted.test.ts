import { readdir } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { interruptedProcess, type Step } from "./support/crash.ts";
import { forbidden, narrowed, registryBefore, renamed, updated } from "./support/remediation.ts";

const allowed = ["--yes", "--allow-replace", "--allow-delete"];

function changeIn({ headers }: IncomingMessage): Step | null {
  const [, operation = ""] = String(headers["x-amz-target"]).split(".");
  return /^(Create|Update|Delete)/.test(operation) ? operation : null;
}

/** Applies a plan of five changes, interrupts it, and applies the rest. */
async function interruptedAt(step: Step, times: 1 | 2) {
  await using workspace = await registryBefore([updated, renamed, forbidden, narrowed]);
  await workspace.plan();
  const { stage, planFile } = workspace;
  const folder = dirname(planFile);
  const before = await readdir(folder);
  const line = [packageFile("bin/auditor.ts"), "apply", planFile, ...allowed];
  const ended = await interruptedProcess(line, changeIn, stage.simulator.url, { step, times });
  const left = (await readdir(folder)).filter((file) => !before.includes(file));
  const { code } = await workspace.apply(...allowed);
  const prefixes = workspace.rules().map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix);
  return {
    end: ended.end,
    errors: ended.errors.replaceAll(`${planFile}.journal`, "JOURNAL"),
    applied: ended.output.split("\n").filter((text) => text.includes(" applied: ")).length,
    hasOnlyJournal: left.join() === `${basename(planFile)}.journal`,
    continued: { code, prefixes },
  };
}

const continued = { code: 0, prefixes: ["base", "docker-hub", "kubernetes", "quay"] };
const goOn = "Run the same command again to continue; journal: JOURNAL\n";
const ending = "Ending after the change that is being made. Ctrl-C again ends at once.\n";

describe("apply, when it is interrupted", () => {
  it.each([
    { step: "UpdatePullThroughCacheRule", applied: 1 },
    { step: "DeletePullThroughCacheRule", applied: 2 },
    // The first half of a replacement: the rule is deleted, and must be created again.
    { step: "DeletePullThroughCacheRule 2", applied: 3 },
    { step: "CreatePullThroughCacheRule 3", applied: 5 },
  ])(
    "at $step, completes that change, says what was done, and leaves the journal alone",
    async ({ step, applied }) => {
      expect(await interruptedAt(step, 1)).toEqual({
        end: 130,
        errors: `${ending}Interrupted: ${applied} of 5 changes ${applied === 1 ? "was" : "were"} applied.${applied === 5 ? "\n" : ` ${goOn}`}`,
        applied,
        hasOnlyJournal: true,
        continued,
      });
    },
  );

  it("twice, ends at once, and another run goes on from there", async () => {
    expect(await interruptedAt("CreatePullThroughCacheRule", 2)).toEqual({
      end: 130,
      errors: `${ending}The change that was being made is not confirmed. Interrupted: 2 of 5 changes were applied. ${goOn}`,
      applied: 2,
      hasOnlyJournal: true,
      continued,
    });
  });
});
