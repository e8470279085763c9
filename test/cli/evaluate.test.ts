import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BYSTANDER, HUB, MEMBER, smallWorld } from "../e2e/support/organization.ts";
import { schemaProblems } from "../e2e/support/report-schema.ts";
import { aPolicyFile } from "../support/builders.ts";
import { runAuditor } from "./support/run-auditor.ts";
import { setUpWorkspace, type Workspace } from "./support/workspace.ts";
import { worlds } from "./support/worlds.ts";

/** Audits the workspace's world into a snapshot, and then closes AWS. */
async function recordedAt(workspace: Workspace, words: readonly string[] = []): Promise<readonly string[]> {
  const { code, output } = await workspace.audit([
    "--snapshot-out",
    "seen.json",
    "--format",
    "json",
    ...words,
  ]);
  expect([0, 1, 2]).toContain(code);
  expect(schemaProblems(JSON.parse(output))).toEqual([]);
  return [
    "evaluate",
    "--snapshot",
    join(workspace.folder, "seen.json"),
    "--policy",
    workspace.policyFile,
    "--quiet",
  ];
}

describe("evaluate says of a snapshot what the audit said,", () => {
  it.each([
    ["compliant", 0],
    ["failing", 1],
    ["incomplete", 2],
    ["failing and incomplete", 1],
  ] as const)("and ends as it did: %s (%i)", async (name, code) => {
    await using workspace = await setUpWorkspace(worlds[name]());
    const evaluate = await recordedAt(workspace);
    const [audited, evaluated] = await Promise.all([
      workspace.audit(["--format", "json", "--include-passing"]),
      runAuditor([...evaluate, "--format", "json", "--include-passing"]),
    ]);
    expect(evaluated).toMatchObject({ code, errors: "" });
    const [seen, again] = [JSON.parse(audited.output), JSON.parse(evaluated.output)];
    expect(schemaProblems(again)).toEqual([]);
    expect(again.coverage).toEqual(seen.coverage);
    expect(again.summary).toEqual(seen.summary);
    expect(again.findings.map(({ id }: { id: string }) => id)).toEqual(
      seen.findings.map(({ id }: { id: string }) => id),
    );
  });

  it("asking AWS for nothing", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const evaluate = await recordedAt(workspace);
    const calls = workspace.simulator.calls.length;
    const ended = await runAuditor(evaluate, workspace.simulator.env);
    expect(ended).toMatchObject({ code: 1, errors: "" });
    expect(ended.output).toMatch(/^PULL THROUGH CACHE AUDIT\n/);
    expect(workspace.simulator.calls).toHaveLength(calls);
  });

  it("and on standard error of when it was", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const evaluate = (await recordedAt(workspace)).filter((word) => word !== "--quiet");
    const { errors } = await runAuditor(evaluate);
    expect(errors).toMatch(/^Evaluating the snapshot of \d{4}-\d\d-\d\d \d\d:\d\d UTC\n$/);
  });
});

describe("evaluate", () => {
  it("evaluates with another policy", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const evaluate = await recordedAt(workspace);
    const strict = aPolicyFile({ allowedUpstreams: [{ registry: "k8s" }, { registry: "ecr-public" }] });
    await writeFile(workspace.policyFile, JSON.stringify(strict));
    const { code, output } = await runAuditor([...evaluate, "--format", "json"]);
    expect(code).toBe(1);
    const failing = JSON.parse(output).findings.map(
      (f: Record<string, string>) => `${f["account"]} ${f["check"]}`,
    );
    expect(new Set(failing)).toEqual(new Set([`${MEMBER} allowed-upstream`]));
  });

  it("evaluates a part, writes it to files, and fails from the given severity", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const evaluate = await recordedAt(workspace);
    const words = ["--accounts", `${HUB},${BYSTANDER}`, "--format", "json=part.json"];
    const part = await runAuditor([...evaluate, ...words], {}, { cwd: workspace.folder });
    expect(part).toEqual({ code: 0, output: "", errors: "" });
    expect(JSON.parse(await readFile(join(workspace.folder, "part.json"), "utf8")).coverage.planned).toBe(2);
    expect(await runAuditor([...evaluate, "--fail-on", "critical"])).toMatchObject({ code: 0 });
  });

  it("calls unknown, and a gap, what its policy asks for and the audit's did not", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const evaluate = await recordedAt(workspace);
    await writeFile(workspace.policyFile, JSON.stringify(aPolicyFile({ scanning: {} })));
    const { code, output } = await runAuditor([...evaluate, "--format", "json"]);
    expect(code).toBe(2);
    const { coverage, findings } = JSON.parse(output);
    expect(coverage.gaps[0]).toMatchObject({
      reason: "not-collected",
      operation: "ecr:GetRegistryScanningConfiguration",
    });
    expect(findings[0]).toMatchObject({ check: "scan-coverage", status: "UNKNOWN" });
  });

  it.each([
    [
      "of an account that is not in it",
      ["--accounts", "999999999999"],
      64,
      "account 999999999999 is not in the snapshot",
    ],
    ["with an option of audit alone", ["--publish"], 64, "unknown option '--publish'"],
  ])("refuses to evaluate a snapshot %s", async (_what, words, code, explanation) => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const ended = await runAuditor([...(await recordedAt(workspace)), ...words]);
    expect(ended).toMatchObject({ code, output: "" });
    expect(ended.errors).toContain(explanation);
  });

  it("refuses a bad snapshot (78), every problem with its JSON path", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const evaluate = await recordedAt(workspace);
    const path = join(workspace.folder, "seen.json");
    const snapshotFile = JSON.parse(await readFile(path, "utf8"));
    snapshotFile.registries[1].target.region = 3;
    await writeFile(path, JSON.stringify({ ...snapshotFile, request: null }));
    const ended = await runAuditor(evaluate);
    expect(ended).toMatchObject({ code: 78, output: "" });
    expect(ended.errors).toMatch(
      /seen\.json: 2 problems\n {2}\$\.request .*\n {2}\$\.registries\[1\]\.target\.region /,
    );
  });

  it("refuses a snapshot that is not there, and needs one", async () => {
    const lost = await runAuditor(["evaluate", "--snapshot", "none.json"]);
    expect(lost).toMatchObject({ code: 78, output: "" });
    expect(lost.errors).toContain("none.json could not be read");
    expect(await runAuditor(["evaluate"])).toMatchObject({ code: 64, output: "" });
  });
});

describe("audit --snapshot-out", () => {
  it("writes one whole file, with the accounts left out and what was asked for", async () => {
    await using workspace = await setUpWorkspace(smallWorld(), {
      scope: { accounts: "organization", excludeAccounts: [BYSTANDER] },
    });
    await recordedAt(workspace, ["--prefixes", "quay"]);
    expect((await readdir(workspace.folder)).toSorted()).toEqual(["policy.json", "seen.json"]);
    const snapshotFile = JSON.parse(await readFile(join(workspace.folder, "seen.json"), "utf8"));
    expect(snapshotFile).toMatchObject({
      schemaVersion: 1,
      request: { trigger: "cli", accounts: null, regions: null, prefixes: ["quay"] },
      excludedAccounts: [{ account: BYSTANDER, reason: "excluded-by-policy" }],
      registries: [{ target: { account: HUB } }, { target: { account: MEMBER } }],
    });
  });

  it("collects what the policy asks for, and with --collect-all everything", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const states = async () => {
      const { registries } = JSON.parse(await readFile(join(workspace.folder, "seen.json"), "utf8"));
      return registries.map(({ scanning }: { scanning: { state: string } }) => scanning.state);
    };
    await recordedAt(workspace);
    expect(await states()).toEqual(["unreadable", "unreadable", "unreadable"]);
    await recordedAt(workspace, ["--collect-all"]);
    expect(await states()).toEqual(["present", "present", "present"]);
  });

  it.each([
    [
      "a folder that is not there, before it asks AWS for anything",
      ["--snapshot-out", "none/seen.json"],
      "--snapshot-out none/seen.json: ",
    ],
    ["--collect-all without a snapshot file", ["--collect-all"], "--collect-all requires --snapshot-out"],
  ])("refuses %s", async (_what, words, explanation) => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const ended = await workspace.audit(words);
    expect(ended).toMatchObject({ code: 64, output: "" });
    expect(ended.errors).toContain(explanation);
    expect(workspace.simulator.calls).toEqual([]);
    await expect(access(join(workspace.folder, "seen.json"))).rejects.toThrow();
  });
});
