import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { HUB, MEMBER, NOTIFIERS } from "../e2e/support/organization.ts";
import { runAuditorProcess } from "./support/run-auditor.ts";
import { setUpWorkspace } from "./support/workspace.ts";
import { worlds } from "./support/worlds.ts";

/** What the commands say is tested in the process of the tests; here is what only a process of its own shows. */
describe("the process ends", () => {
  it.each<[number, keyof typeof worlds, readonly string[], string]>([
    [0, "compliant", [], "Compliant"],
    [1, "failing", [], "Non-compliant: 1 high failing"],
    [2, "incomplete", [], "1 of 3 registries not fully covered"],
  ])("with %i on what is %s, and prints the report alone", async (code, name, words, verdict) => {
    await using workspace = await setUpWorkspace(worlds[name]());
    const ended = await workspace.auditInProcess(words);
    expect(ended).toMatchObject({ code, errors: "" });
    expect(ended.output).toMatch(/^PULL THROUGH CACHE AUDIT\n/);
    expect(ended.output.trimEnd().split("\n").at(-1)).toContain(verdict);
  });

  it("with 3 if a delivery fails", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const ended = await workspace.auditInProcess(["--publish"], {
      ...NOTIFIERS,
      AUDIT_EVENT_BUS: "no-such-bus",
    });
    expect(ended).toMatchObject({ code: 3, output: expect.stringMatching(/^PULL THROUGH CACHE AUDIT\n/) });
    expect(ended.errors).toMatch(/^The audit is complete, but could not be delivered:\n/m);
  });

  it("with 3 if nobody has confirmed a subscription of the topic, and says so", async () => {
    const world = worlds.failing();
    for (const topic of world.accounts[HUB]?.regions["us-east-1"]?.topics ?? []) {
      topic.subscriptions = { confirmed: 0, pending: 1 };
    }
    await using workspace = await setUpWorkspace(world);
    const ended = await workspace.auditInProcess(["--publish"], NOTIFIERS);
    expect(ended).toMatchObject({ code: 3, output: expect.stringMatching(/^PULL THROUGH CACHE AUDIT\n/) });
    expect(ended.errors).toMatch(/SNS topic \S+: nobody has confirmed a subscription of this topic/);
    expect(workspace.simulator.published).toEqual([]);
  });

  it.each([
    ["64 for bad usage", ["--accounts", `${HUB},123`], {}, 64, '"123" must be a 12-digit AWS account id'],
    [
      "69 when it cannot start",
      [],
      { AWS_ACCESS_KEY_ID: `AKIASIM0${MEMBER}` },
      69,
      "delegated administrator",
    ],
    ["78 for bad settings", [], { AUDIT_TYPO: "1" }, 78, "AUDIT_TYPO is not a setting"],
  ])("with %s, and prints nothing on standard output", async (_what, words, environment, code, says) => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const ended = await workspace.auditInProcess(words, environment);
    expect(ended).toMatchObject({ code, output: "", errors: expect.stringContaining(says) });
    expect(ended.errors).not.toMatch(/^ +at /m);
  });
});

describe("the process", () => {
  it("completes and delivers even if the reader of its report is gone", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    const ended = await workspace.auditInProcess(["--publish"], NOTIFIERS, { isRead: false });
    const sentence = "The output is incomplete: its reader closed the pipe.\n";
    expect(ended).toMatchObject({ code: 74, errors: expect.stringContaining(sentence) });
    expect(workspace.simulator.published).toHaveLength(1);
    expect(workspace.simulator.events).toHaveLength(2);
  });

  it("reads and writes in the folder that it is started in", async () => {
    await using workspace = await setUpWorkspace(worlds.failing());
    await workspace.auditInProcess(["--snapshot-out", "seen.json"]);
    const words = ["evaluate", "--snapshot", "seen.json", "--policy", "policy.json", "--quiet"];
    const ended = await runAuditorProcess(words, {}, { cwd: workspace.folder });
    expect(ended).toMatchObject({ code: 1, errors: "" });
    expect(ended.output).toMatch(/^PULL THROUGH CACHE AUDIT\n/);
  });

  it("finds AWS by a profile with keys and an endpoint of its own", async () => {
    await using workspace = await setUpWorkspace(worlds.compliant());
    const { simulator, folder } = workspace;
    const { accessKeyId, secretAccessKey } = simulator.credentialsOf(HUB);
    const [config, credentials] = [join(folder, "config"), join(folder, "credentials")];
    await writeFile(config, `[profile audit]\nregion = us-east-1\nendpoint_url = ${simulator.url}\n`);
    await writeFile(
      credentials,
      `[audit]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    const ended = await runAuditorProcess(["audit", "--policy", workspace.policyFile], {
      AWS_PROFILE: "audit",
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
    });
    expect(ended).toMatchObject({ code: 0, errors: "" });
    expect(ended.output).toContain("all 3 registries");
  });

  it("checks code by a policy", async () => {
    const policy = ["--policy", packageFile("examples/policy.json"), "--quiet"];
    const refused = packageFile("examples/cloudformation/refused.json");
    expect(await runAuditorProcess(["check", refused, ...policy])).toMatchObject({ code: 1, errors: "" });
  });
});
