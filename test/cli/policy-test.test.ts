import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makePolicyFolder } from "../e2e/support/policy-folder.ts";
import {
  aCaseFile,
  aPolicyTestFile,
  aRegistryFile,
  type CaseFile,
  type PolicyTestFile,
} from "../policy-test/builders.ts";
import { collectText } from "./support/collected-text.ts";

const wanting: CaseFile = aCaseFile({
  name: "a stray rule",
  registry: aRegistryFile({
    rules: [
      { ecrRepositoryPrefix: "ROOT", upstreamRegistry: "quay", validation: { invalid: "\u001b[31m404" } },
    ],
  }),
  failing: { ROOT: ["root-prefix"] },
});

/** A folder with a policy, and beside it a file of cases for each of `tests`. */
async function aFolder(...tests: readonly (PolicyTestFile | string)[]) {
  const folder = await makePolicyFolder({ name: "Example Corp" });
  const files = tests.map((_, index) => join(folder.folder, `${index + 1}.test.json`));
  await Promise.all(
    files.map((file, index) => {
      const test = tests[index];
      return writeFile(file, typeof test === "string" ? test : JSON.stringify(test));
    }),
  );
  return { files, folder: folder.folder, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

describe("policy test", () => {
  it("ends with 0 when all is as expected", async () => {
    await using at = await aFolder(aPolicyTestFile());
    const { code, output, errors } = await collectText(["policy", "test", ...at.files]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output).toBe(`${at.files[0]} (Example Corp)\n  ok    all is well\n\n1 case, all as expected\n`);
  });

  it("ends with 1 if a case fails, and lists case, rule, check and message", async () => {
    await using at = await aFolder(aPolicyTestFile({ cases: [aCaseFile(), wanting] }), aPolicyTestFile());
    const { code, output, errors } = await collectText(["policy", "test", ...at.files]);
    expect({ code, errors }).toEqual({ code: 1, errors: "" });
    expect(output.split("\n").slice(1, 9)).toEqual([
      "  ok    all is well",
      "  FAIL  a stray rule",
      "        ROOT, rule-validation: expected anything but FAIL, got FAIL",
      "          AWS could not validate the rule against quay.io: \\u{1b}[31m404. Cached",
      "          tags still work; new tags cannot be pulled.",
      "",
      `${at.files[1]} (Example Corp)`,
      "  ok    all is well",
    ]);
    expect(output).toMatch(/\n\n3 cases, 1 not as expected\n$/);
  });

  it("reports failures of the registry as a whole, and checks without a result", async () => {
    const cases = [aCaseFile({ expect: { "": { "root-prefix": "PASS" } } })];
    await using at = await aFolder(aPolicyTestFile({ cases }));
    const { output } = await collectText(["policy", "test", ...at.files]);
    expect(output).toContain("        the registry, root-prefix: expected PASS, got no result\n");
  });

  it("ends with 78 if files cannot be used, and names every problem of each", async () => {
    const misspelt = aPolicyTestFile({ cases: [aCaseFile({ failing: { quay: ["rot-prefix"] } })] });
    const lost = aPolicyTestFile({ policy: "elsewhere.json" });
    await using at = await aFolder(aPolicyTestFile(), '{"cases":[]}', misspelt, lost);
    const { code, output, errors } = await collectText(["policy", "test", ...at.files, "none.test.json"]);
    expect({ code, output }).toEqual({ code: 78, output: "" });
    expect(errors).toContain(`${at.files[1]}: 2 problems\n  $.policy is missing`);
    expect(errors).toContain("  $.cases must have a number of entries of at least 1\n");
    expect(errors).toContain(
      `${at.files[2]}: 1 problem\n  $.cases[0].failing.quay[0] is not the id of a check`,
    );
    expect(errors).toContain(`${join(at.folder, "elsewhere.json")} could not be read`);
    expect(errors).toMatch(/Policy test: 1 problem\n {2}none\.test\.json could not be read: .*\n$/);
  });

  it("needs a file", async () => {
    const { code, output, errors } = await collectText(["policy", "test"]);
    expect({ code, output }).toEqual({ code: 64, output: "" });
    expect(errors).toContain("missing required argument 'files'");
  });
});
