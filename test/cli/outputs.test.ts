import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { collectText } from "./support/collected-text.ts";
import { setUpWorkspace, type Workspace } from "./support/workspace.ts";
import { worlds } from "./support/worlds.ts";

/** Audits in a shell, which says where standard output goes. */
async function inShell({ simulator, policyFile, folder }: Workspace, words: string, shell: string) {
  const node = packageFile("node_modules/.bin/node");
  const line = `"${node}" "${packageFile("bin/auditor.ts")}" audit --quiet --policy "${policyFile}" ${words} ${shell}`;
  const env = { ...process.env, ...simulator.env, AUDIT_CONFIRM_AFTER_SECONDS: "0" };
  return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
    const child = execFile("bash", ["-c", line], { env, cwd: folder }, (_error, output, errors) =>
      resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}

describe("an output that cannot be written", () => {
  it.each([
    ["--format", (folder: string) => `json=${folder}/missing/report.json`],
    ["--format", (folder: string) => `json=${folder}`],
    ["--snapshot-out", (folder: string) => `${folder}/missing/snapshot.json`],
    ["--store", (folder: string) => `${folder}/policy.json`],
    ["--store", (folder: string) => `${folder}/policy.json/audits`],
    ["--store", () => "/proc/audits"],
  ])("is refused before anything is audited: %s", async (option, value) => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const ended = await workspace.auditInProcess([option, value(workspace.folder)]);
    expect(ended).toMatchObject({ code: 64, output: "", errors: expect.stringContaining(option) });
    expect(workspace.simulator.calls).toEqual([]);
  });

  it("of plan is refused before anything is audited", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const words = ["plan", "--policy", workspace.policyFile, "--format"];
    for (const format of [
      `json=${workspace.folder}/missing/plan.json`,
      `cloudformation=${workspace.policyFile}`,
    ]) {
      expect(await collectText([...words, format], workspace.simulator.env)).toMatchObject({ code: 64 });
    }
    expect(workspace.simulator.calls).toEqual([]);
  });

  it.each([
    ["compliant", 74],
    ["incomplete", 74],
    ["failing", 74],
  ] as const)("as its disk is full, is the outcome of an audit that is %s", async (world, code) => {
    await using workspace = await setUpWorkspace(worlds[world]());
    const ended = await workspace.auditInProcess(["--format", "json=/dev/full", "--format", "csv=whole.csv"]);
    expect(ended).toMatchObject({ code, errors: expect.stringContaining("json=/dev/full") });
    expect(await readFile(join(workspace.folder, "whole.csv"), "utf8")).toContain("prefix");
  });

  it("hides no delivery that failed", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const notifiers = { AUDIT_TOPIC_ARN: "arn:aws:sns:us-east-1:111122223333:missing" };
    const ended = await workspace.auditInProcess(["--publish", "--format", "json=/dev/full"], notifiers);
    expect(ended).toMatchObject({ code: 3, errors: expect.stringContaining("json=/dev/full") });
  });
});

describe("standard output", () => {
  it.each([
    ["compliant", 74],
    ["failing", 74],
  ] as const)("on a full disk is reported in one sentence: %s", async (world, code) => {
    await using workspace = await setUpWorkspace(worlds[world]());
    const ended = await inShell(workspace, "--format json", "> /dev/full");
    expect(ended.code).toBe(code);
    expect(ended.errors).toMatch(/^The output is incomplete: .*the disk is full.*\n$/);
  });

  it.each([
    ["compliant", 0],
    ["incomplete", 2],
    ["failing", 74],
  ] as const)("whose reader closed it is reported in one sentence: %s", async (world, code) => {
    await using workspace = await setUpWorkspace(worlds[world]());
    const ended = await workspace.auditInProcess(["--quiet", "--format", "json"], {}, { isRead: false });
    expect(ended).toMatchObject({
      code,
      errors: "The output is incomplete: its reader closed the pipe.\n",
    });
  });

  it("takes a report by its name, as a pipe does", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const ended = await inShell(workspace, "--format json=/dev/stdout --format csv=pipe.csv", "& wait");
    expect(ended).toMatchObject({ errors: "" });
    expect(JSON.parse(ended.output)).toMatchObject({ status: "compliant" });
    await promisify(execFile)("mkfifo", [join(workspace.folder, "fifo")]);
    const piped = await inShell(workspace, "--format json=fifo", "& cat fifo; wait");
    expect(JSON.parse(piped.output)).toMatchObject({ status: "compliant" });
  });
});

describe("a file", () => {
  it("is written whole, through a link, and leaves nothing beside it", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const folder = join(workspace.folder, "out");
    await mkdir(folder);
    await writeFile(join(folder, "real.json"), "old");
    await symlink("real.json", join(folder, "link.json"));
    expect((await workspace.auditInProcess(["--format", "json=out/link.json"])).code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(["link.json", "real.json"]);
    expect(JSON.parse(await readFile(join(folder, "real.json"), "utf8"))).toMatchObject({ schemaVersion: 1 });
  });
});

describe("an address with a scheme that is not known", () => {
  const addresses = ["gs://bucket/x", "s3:/x", "file:///tmp/x", "http://host/x", "S3://bucket/x", "s3://"];

  it.each(addresses)("is refused wherever a store or a policy is named: %s", async (address) => {
    for (const words of [
      ["audit", "--store", address],
      ["audit", "--policy", address],
      ["evaluate", "--snapshot", "x", "--policy", address],
      ["plan", "--policy", address],
      ["history", "--store", address],
      ["diff", "a", "b", "--store", address],
      ["diff", address, address],
    ]) {
      const { code, errors } = await collectText(words);
      expect({ words, code }).toEqual({ words, code: 64 });
      expect(errors).toContain("must be s3://bucket/prefix or a path");
    }
    expect(await collectText(["policy", "lint", address])).toMatchObject({ code: 78 });
    for (const name of ["AUDIT_STORE", "AUDIT_POLICY"]) {
      const ended = await collectText(["audit", "--publish"], { [name]: address });
      expect(ended).toMatchObject({ code: 78, errors: expect.stringContaining(name) });
    }
  });
});

it("plan ends as diff does where a report is damaged", async () => {
  await using workspace = await setUpWorkspace(worlds.compliant());
  const report = join(workspace.folder, "report.json");
  await writeFile(report, "{");
  const planned = await collectText(["plan", "--report", report], workspace.simulator.env);
  expect(planned).toMatchObject({ code: 69, errors: expect.stringContaining("damaged") });
  expect(await collectText(["diff", report, report])).toMatchObject({ code: 69 });
});
