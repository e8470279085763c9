import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import publishedSchema from "../../policies/check-report.schema.json" with { type: "json" };
import { packageFile } from "../../src/package-file.ts";
import { makePolicyFolder } from "../e2e/support/policy-folder.ts";
import { goodProperties, SECRET, templateOf } from "../iac/support.ts";
import { runAuditor } from "./support/run-auditor.ts";

const place = ["--account", "111122223333", "--region", "eu-west-1"];
const open = { ...goodProperties, CredentialArn: { Ref: "Secret" } };
const parameters = { Parameters: { Secret: { Type: "String" } } };

const stack = { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "child.yaml" } };
const named = { ...goodProperties, EcrRepositoryPrefix: { Ref: "AWS::StackName" } };
const service = `service: a
provider: { name: aws }
resources: { Resources: { R: { Type: AWS::ECR::PullThroughCacheRule, Properties: { EcrRepositoryPrefix: "\${param:prefix}", UpstreamRegistryUrl: quay.io } } } }
`;

/** Runs `check` on files of these texts, beside a policy. */
async function check(texts: Readonly<Record<string, string>>, words: readonly string[] = []) {
  await using workspace = await makePolicyFolder();
  for (const [file, text] of Object.entries(texts)) await writeFile(join(workspace.folder, file), text);
  const line = ["check", "--policy", workspace.policyFile, ...words, ...Object.keys(texts)];
  return await runAuditor(line, {}, { cwd: workspace.folder });
}

describe("check ends", () => {
  it.each<readonly [string, number, string, readonly string[]]>([
    ["when all passes", 0, templateOf({ Hub: goodProperties }), place],
    ["when a rule fails", 1, templateOf({ Hub: { ...goodProperties, EcrRepositoryPrefix: "Hub" } }), place],
    [
      "when a rule fails less than asked",
      0,
      templateOf({ Hub: { ...goodProperties, EcrRepositoryPrefix: "Hub" } }),
      [...place, "--fail-on", "critical"],
    ],
    ["when something is unknown", 0, templateOf({ Hub: open }, parameters), place],
    ["when something is unknown, strictly", 2, templateOf({ Hub: open }, parameters), [...place, "--strict"]],
    [
      "when its value is given",
      0,
      templateOf({ Hub: open }, parameters),
      [...place, "--strict", "--parameter", `Secret=${SECRET}`],
    ],
    ["when a part was not read", 0, JSON.stringify({ Resources: { S: stack } }), place],
    [
      "when a part was not read, strictly",
      2,
      JSON.stringify({ Resources: { S: stack } }),
      [...place, "--strict"],
    ],
    [
      "when the name of the stack is given",
      0,
      templateOf({ Hub: named }),
      [...place, "--parameter", "AWS::StackName=hub"],
    ],
    ["when a variable is given", 0, service, [...place, "--strict", "--parameter", "prefix=quay"]],
    ["when a parameter has no place", 64, templateOf({ Hub: open }, parameters), ["--parameter", "Other=x"]],
    ["when a parameter has no value", 64, templateOf({ Hub: open }, parameters), ["--parameter", "Secret"]],
    ["when an account is none", 64, templateOf({ Hub: open }), ["--account", "1"]],
    ["when there is no such format", 64, templateOf({ Hub: open }), ["--format", "csv"]],
    ["when the file is no code", 78, "a: b", place],
  ])("%s with %i", async (_what, code, text, words) => {
    const ended = await check({ "code.json": text }, words);
    expect(ended).toMatchObject({ code });
  });

  it("with every problem of every file", async () => {
    const { code, output, errors } = await check({ "a.json": "{", "b.yaml": "a: b\n", "c.yaml": "a: [\n" }, [
      "--quiet",
    ]);
    expect(code).toBe(78);
    expect(output).toBe("");
    expect(errors).toMatch(/^Code: \d+ problems\n/);
    for (const file of ["a.json", "b.yaml", "c.yaml"]) expect(errors).toContain(file);
  });

  it("with 78 when a file is not there, and with 64 without one", async () => {
    expect(await runAuditor(["check", "/nowhere/plan.json"])).toMatchObject({ code: 78 });
    expect(await runAuditor(["check"])).toMatchObject({ code: 64 });
  });
});

describe("check says", () => {
  const bad = templateOf({ Hub: { ...goodProperties, UpstreamRegistryUrl: "mirror.example.com" } });

  it("on standard error which account and region it assumes", async () => {
    const text = templateOf({ Hub: goodProperties });
    expect((await check({ "a.json": text }, place)).errors).toBe(
      "Evaluating for account 111122223333 in eu-west-1\n",
    );
    expect((await check({ "a.json": text })).errors).toMatch(
      /^Without --account and --region, overrides and waivers/,
    );
    expect((await check({ "a.json": text }, ["--quiet"])).errors).toBe("");
  });

  it("in JSON what the published schema says", async () => {
    const { output } = await check({ "a.json": bad }, [...place, "--format", "json", "--include-passing"]);
    const ajv = new Ajv2020({ allErrors: true });
    ajv.validate(publishedSchema, JSON.parse(output));
    expect(ajv.errors).toBeNull();
    expect(JSON.parse(output).findings[0]).toMatchObject({ file: "a.json", line: 1, address: "Hub" });
  });

  it("in files and on standard output at once", async () => {
    await using workspace = await makePolicyFolder();
    await writeFile(join(workspace.folder, "a.json"), bad);
    const formats = ["json=r.json", "markdown=r.md", "sarif=r.sarif", "junit=r.xml", "text"].flatMap(
      (format) => ["--format", format],
    );
    const { code, output } = await runAuditor(
      ["check", "a.json", "--quiet", "--policy", workspace.policyFile, ...formats],
      {},
      { cwd: workspace.folder },
    );
    expect(code).toBe(1);
    expect(output).toMatch(/^PULL THROUGH CACHE RULES IN CODE\n/);
    for (const file of ["r.json", "r.md", "r.sarif", "r.xml"]) {
      expect(await readFile(join(workspace.folder, file), "utf8")).toContain(
        "UnsupportedUpstreamRegistryException",
      );
    }
  });

  it("of the examples what their documents say", async () => {
    const policy = ["--policy", packageFile("examples/policy.json"), "--quiet"];
    const run = (file: string, ...words: string[]) =>
      runAuditor(["check", packageFile(`examples/${file}`), ...policy, ...words]);
    const given = ["--parameter", "BaseAccount=444455556666", "--strict"];
    expect(await run("cloudformation/cache.yaml", ...given, ...place)).toMatchObject({ code: 0 });
    expect(await run("cloudformation/refused.json")).toMatchObject({ code: 1 });
    expect(await run("serverless/serverless.yml")).toMatchObject({ code: 0 });
    expect(await run("terraform/plan.json")).toMatchObject({ code: 1 });
  });
});
