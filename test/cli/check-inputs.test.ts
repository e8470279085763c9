import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { makePolicyFolder } from "../e2e/support/policy-folder.ts";
import { goodProperties, templateOf } from "../iac/support.ts";
import { created, planWith } from "../iac/terraform/plans.ts";
import { runAuditor, runAuditorProcess } from "./support/run-auditor.ts";

const plan = planWith([created("a")]);
const template = templateOf({ Hub: goodProperties });

/** Runs `check` on paths of a folder with these files. */
async function check(files: Readonly<Record<string, string | Buffer>>, paths: readonly string[]) {
  await using workspace = await makePolicyFolder();
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace.folder, file)), { recursive: true });
    await writeFile(join(workspace.folder, file), content);
  }
  const line = ["check", "--quiet", "--format", "json", "--policy", workspace.policyFile, ...paths];
  const ended = await runAuditor(line, {}, { cwd: workspace.folder });
  return {
    ...ended,
    files:
      ended.output === ""
        ? []
        : JSON.parse(ended.output)
            .files.map(Object)
            .map(({ file }: { file: string }) => file),
  };
}

describe("check of a folder", () => {
  it("reads the plans and templates in it, and leaves other files alone", async () => {
    const { code, files } = await check(
      {
        "infra/plan.json": plan,
        "infra/deep/cache.yaml": template,
        "infra/package.json": "{}",
        "infra/broken.yaml": "a: [",
        "infra/state.json": JSON.stringify({
          format_version: "1.0",
          values: {},
          x: "pull_through_cache_rule",
        }),
        "infra/main.tf": 'resource "a" "b" {}',
        "infra/node_modules/x/plan.json": plan,
        "infra/.terraform/plan.json": plan,
      },
      ["infra"],
    );
    expect({ code, files }).toEqual({ code: 0, files: ["infra/deep/cache.yaml", "infra/plan.json"] });
  });

  it("counts a file once, however it is named", async () => {
    expect((await check({ "infra/plan.json": plan }, ["infra", "infra/plan.json", "infra/"])).files).toEqual([
      "infra/plan.json",
    ]);
  });

  it("refuses code in it that cannot be read", async () => {
    const broken = "Resources:\n  R: { Type: AWS::ECR::PullThroughCacheRule\n";
    const { code, errors } = await check({ "infra/a.yaml": broken, "infra/plan.json": plan }, ["infra"]);
    expect(code).toBe(78);
    expect(errors).toContain("infra/a.yaml line");
  });

  it("refuses one without any, in one sentence", async () => {
    const { code, errors } = await check({ "infra/main.tf": "x" }, ["infra"]);
    expect(code).toBe(78);
    expect(errors).toMatch(/^Code: 1 problem\n {2}infra holds no plan and no template: give the output/);
  });
});

describe("check reads", () => {
  it("UTF-16 as PowerShell writes it", async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(plan, "utf16le")]);
    expect(await check({ "plan.json": bytes }, ["plan.json"])).toMatchObject({
      code: 0,
      files: ["plan.json"],
    });
  });

  it("standard input", async () => {
    const { code, output } = await runAuditorProcess(
      ["check", "--quiet", "--format", "json", "-"],
      {},
      { input: plan },
    );
    expect({ code, files: JSON.parse(output).files }).toMatchObject({
      code: 0,
      files: [{ file: "-", rules: 1 }],
    });
  });

  it("no more than twenty problems of one file", async () => {
    const changes = Array.from({ length: 300 }, () => ({ address: 1 }));
    const bad = JSON.stringify({
      format_version: "1.2",
      terraform_version: "1.9.8",
      resource_changes: changes,
    });
    const { code, errors } = await check({ "plan.json": bad }, ["plan.json"]);
    expect(code).toBe(78);
    expect(errors.trimEnd().split("\n")).toHaveLength(21);
    expect(errors).toMatch(/plan\.json has \d+ more problems\n$/);
  });
});

describe("check with --source", () => {
  const tf = 'resource "aws_ecr_pull_through_cache_rule" "a" {\n}\n';
  const bad = planWith([created("a", { upstream_registry_url: "mirror.example.com" })]);

  it("leads SARIF to the block of the rule", async () => {
    await using workspace = await makePolicyFolder();
    await mkdir(join(workspace.folder, "infra"));
    await writeFile(join(workspace.folder, "infra/main.tf"), `\n${tf}`);
    await writeFile(join(workspace.folder, "plan.json"), bad);
    const words = ["--quiet", "--format", "sarif", "--source", "infra", "--policy", workspace.policyFile];
    const { output } = await runAuditor(["check", "plan.json", ...words], {}, { cwd: workspace.folder });
    expect(JSON.parse(output).runs[0].results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: "infra/main.tf" },
      region: { startLine: 2 },
    });
  });

  it("refuses comments that it does not understand, and folders that are not there", async () => {
    const comment = "# pull-through-auditor:waive check=x\n";
    for (const source of ["infra", "nowhere"]) {
      const ended = await check({ "infra/main.tf": `${comment}${tf}`, "plan.json": bad }, [
        "plan.json",
        "--source",
        source,
      ]);
      expect(ended.code).toBe(78);
    }
  });
});
