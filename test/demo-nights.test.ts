import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStoredFiles } from "../src/app/evidence.ts";
import { readSettings } from "../src/app/settings.ts";
import { collectEvidence } from "../src/evidence/collect-evidence.ts";
import { packageFile } from "../src/package-file.ts";
import type { Evidence } from "../src/schemas/evidence.ts";

const NIGHTS = 4;

/** Runs the demo in a process of its own: it changes the environment of its process. */
function makeStore(folder: string): Promise<{ readonly code: number | null; readonly errors: string }> {
  return new Promise((resolve) => {
    const words = [packageFile("bin/auditor.ts"), "demo", "--nights", String(NIGHTS), "--store", folder];
    const child = execFile(process.execPath, words, (_error, _output, errors) =>
      resolve({ code: child.exitCode, errors }),
    );
  });
}

describe("the demo of some nights", () => {
  let root = "";
  let [one, other]: string[] = [];
  let evidence: Evidence;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "nights-"));
    [one, other] = [join(root, "one"), join(root, "other")];
    const ended = [await makeStore(one), await makeStore(other)];
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended[0]?.errors).toContain("5 audits of a simulated organization, 2026-07-03 to 2026-07-06");
    const files = await openStoredFiles(readSettings({ AUDIT_STORE: one }));
    evidence = await collectEvidence(files, { from: "2026-07-03", to: "2026-07-06" });
  });
  afterAll(() => rm(root, { recursive: true }));

  it("makes a store that is whole, with an audit each night and what an event started", () => {
    expect(evidence.verification.problems).toEqual([]);
    expect(evidence.nights).toEqual({ days: NIGHTS, audited: NIGHTS, missing: [] });
    expect(evidence.audits.map(({ scope }) => scope)).toEqual([
      "whole",
      "whole",
      "whole",
      "narrowed",
      "whole",
    ]);
    expect(evidence.findings).toContainEqual(
      expect.objectContaining({
        prefix: "ROOT",
        region: "ap-southeast-2",
        opened: "2026-07-05T02:00:00.000Z",
      }),
    );
  });

  it("makes the same reports each time", async () => {
    const same = await openStoredFiles(readSettings({ AUDIT_STORE: other ?? "" }));
    const again = await collectEvidence(same, { from: "2026-07-03", to: "2026-07-06" });
    expect(again.audits).toEqual(evidence.audits);
  });

  it("leaves a store with audits as it is", async () => {
    const state = join(one ?? "", "state.json");
    const before = await readFile(state, "utf8");
    const { code, errors } = await makeStore(one ?? "");
    expect(code).toBe(64);
    expect(errors).toContain("has audits: name another folder with --store, or delete it.");
    expect(await readFile(state, "utf8")).toBe(before);
  });
});
