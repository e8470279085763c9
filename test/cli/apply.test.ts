import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { registryBefore, renamed } from "../e2e/support/remediation.ts";

/** Applies before somebody who gives an answer; what was asked is told. */
async function applyAsked(planFile: string, answer: string) {
  const [asked, errors]: [string[], string[]] = [[], []];
  const code = await runProgram(["apply", planFile, "--allow-replace"], {
    output: { write: () => undefined },
    errors: { write: (text) => errors.push(text) },
    environment: process.env,
    ask: async (question) => {
      asked.push(question);
      return answer;
    },
  });
  return { code, asked, errors: errors.join("") };
}

describe("apply, at a terminal", () => {
  it("asks, and does nothing unless the answer is yes", async () => {
    await using desk = await registryBefore([renamed]);
    await desk.plan();
    const declined = await applyAsked(desk.planFile, "y");
    expect(declined).toMatchObject({ code: 64, errors: expect.stringContaining("Nothing was changed.") });
    expect(declined.asked).toHaveLength(1);
    expect(desk.rules()).toHaveLength(1);
    expect(await applyAsked(desk.planFile, "yes\n")).toMatchObject({ code: 0, errors: "" });
    expect(desk.rules().map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix)).toEqual([
      "kubernetes",
      "quay",
    ]);
  });
});

describe("apply", () => {
  it("names every problem of a file that is no plan", async () => {
    await using desk = await registryBefore([]);
    await writeFile(desk.planFile, JSON.stringify({ schemaVersion: 2, registries: [{ account: "1" }] }));
    const { code, errors } = await desk.apply();
    expect(code).toBe(78);
    expect(errors).toContain("$.schemaVersion must be 1");
    expect(errors).toContain("$.registries[0].account");
    expect(await desk.run("apply", "no-such-file.json")).toMatchObject({ code: 78 });
  });

  it("does nothing, and succeeds, where a plan has no changes", async () => {
    await using desk = await registryBefore([]);
    await desk.plan();
    await desk.apply();
    expect((await desk.plan()).code).toBe(0);
    expect(await desk.apply("--yes")).toMatchObject({
      code: 0,
      output: expect.stringContaining("Nothing is to be changed."),
    });
  });
});
