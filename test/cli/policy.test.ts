import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { makePolicyFolder } from "../e2e/support/policy-folder.ts";
import { runAuditor } from "./support/run-auditor.ts";

describe("policy lint", () => {
  it("finds nothing in a good policy, and says which it was", async () => {
    await using files = await makePolicyFolder({ name: "Example Corp" });
    const ended = await runAuditor(["policy", "lint", files.policyFile]);
    expect(ended).toMatchObject({ code: 0, errors: "" });
    expect(ended.output).toMatch(
      /^.*policy\.json: no problems found \(Example Corp, sha256:[0-9a-f]{64}\)\n$/,
    );
  });

  it("lists every problem with its JSON path, on standard error", async () => {
    await using files = await makePolicyFolder();
    await writeFile(
      files.policyFile,
      JSON.stringify({
        version: 1,
        scope: { accounts: ["123"], regions: ["eu-west-1", "Ireland"] },
        allowedUpstreams: [
          { registry: "docker-hub", prefix: ["x"] },
          { registry: "quay", secretNames: ["y"] },
        ],
        prefixes: { pattern: "(", maxLength: 31 },
        "odd-key": true,
      }),
    );
    const ended = await runAuditor(["policy", "lint", files.policyFile]);
    expect(ended).toMatchObject({ code: 78, output: "" });
    const [head, ...problems] = ended.errors.trimEnd().split("\n");
    expect(head).toBe(`${files.policyFile}: ${problems.length} problems`);
    expect(problems.map((problem) => problem.trim().split(" ")[0]).sort()).toEqual([
      "$.allowedUpstreams[0].prefix",
      "$.allowedUpstreams[1].secretNames",
      "$.prefixes.maxLength",
      "$.prefixes.pattern",
      "$.scope.accounts[0]",
      "$.scope.regions[1]",
      '$["odd-key"]',
    ]);
  });

  it.each([
    ["is not JSON", "{", "  $ is not JSON: "],
    ["is not an object", "[]", "  $ must be of type object"],
    [
      "names a check that there is not",
      '{"version":1,"allowedUpstreams":[],"checks":{"no-such":{}}}',
      '  $.checks["no-such"] is not the id of a check',
    ],
  ])("refuses a file that %s", async (_what, text, problem) => {
    await using files = await makePolicyFolder();
    await writeFile(files.policyFile, text);
    const ended = await runAuditor(["policy", "lint", files.policyFile]);
    expect(ended).toMatchObject({ code: 78, output: "" });
    expect(ended.errors).toContain(problem);
  });

  it("refuses a file that is not there", async () => {
    const ended = await runAuditor(["policy", "lint", "/no/such/policy.json"]);
    expect(ended).toMatchObject({ code: 78, output: "" });
    expect(ended.errors).toContain("/no/such/policy.json could not be read");
  });

  it("needs a file", async () => {
    const ended = await runAuditor(["policy", "lint"]);
    expect(ended).toMatchObject({ code: 64, output: "" });
    expect(ended.errors).toContain("missing required argument 'files'");
  });
});
