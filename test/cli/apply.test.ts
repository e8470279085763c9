import { readdir, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { registryBefore, renamed } from "../e2e/support/remediation.ts";

/** Runs `apply` with an operator who gives this answer; `null` is Ctrl-C. */
async function applyAsked(planFile: string, answer: string | null) {
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
  it("asks, and changes nothing unless the answer is yes", async () => {
    await using workspace = await registryBefore([renamed]);
    await workspace.plan();
    const declined = await applyAsked(workspace.planFile, "y");
    expect(declined).toMatchObject({ code: 1, errors: "Nothing was changed.\n" });
    expect(declined.asked).toHaveLength(1);
    expect(await applyAsked(workspace.planFile, null)).toMatchObject({
      code: 130,
      errors: "\nNothing was changed.\n",
    });
    expect(workspace.rules()).toHaveLength(1);
    expect(await applyAsked(workspace.planFile, "yes\n")).toMatchObject({ code: 0, errors: "" });
    expect(workspace.rules().map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix)).toEqual([
      "kubernetes",
      "quay",
    ]);
  });

  it("leaves the journal alone behind, and none if it was declined", async () => {
    await using workspace = await registryBefore([renamed]);
    await workspace.plan();
    const folder = dirname(workspace.planFile);
    const before = await readdir(folder);
    await applyAsked(workspace.planFile, null);
    expect(await readdir(folder)).toEqual(before);
    await applyAsked(workspace.planFile, "yes");
    const journal = `${basename(workspace.planFile)}.journal`;
    expect((await readdir(folder)).toSorted()).toEqual([...before, journal].toSorted());
  });

  it("says before it asks which changes will be skipped", async () => {
    await using workspace = await registryBefore([renamed]);
    await workspace.plan();
    const { output } = await workspace.apply("--yes");
    expect(output).toMatch(
      /^2 changes in 1 registry.*\n1 change will be skipped: rules are replaced only with --allow-replace\.\n/m,
    );
    expect((await workspace.apply("--yes", "--allow-replace")).output).not.toContain("will be skipped");
  });
});

describe("apply", () => {
  it("names every problem of a file that is no plan", async () => {
    await using workspace = await registryBefore([]);
    await writeFile(workspace.planFile, JSON.stringify({ schemaVersion: 2, registries: [{ account: "1" }] }));
    const { code, errors } = await workspace.apply();
    expect(code).toBe(78);
    expect(errors).toContain("$.schemaVersion must be 1");
    expect(errors).toContain("$.registries[0].account");
    expect(await workspace.run("apply", "no-such-file.json")).toMatchObject({ code: 78 });
  });

  it("does nothing, and succeeds, where a plan has no changes", async () => {
    await using workspace = await registryBefore([]);
    await workspace.plan();
    await workspace.apply();
    expect((await workspace.plan()).code).toBe(0);
    expect(await workspace.apply("--yes")).toMatchObject({
      code: 0,
      output: expect.stringContaining("No changes are needed."),
    });
  });
});
