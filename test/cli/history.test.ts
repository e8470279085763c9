import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCode } from "../../src/cli/exit-code.ts";
import { renderJson } from "../../src/formats/json.ts";
import { folderStore } from "../../src/local/folder-store.ts";
import type { AuditRecord } from "../../src/schemas/history.ts";
import type { Report } from "../../src/schemas/report.ts";
import { open, setEnvironment, simulate } from "../aws/s3/stage.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { aRecord, aState } from "../support/state-builders.ts";
import { collectText } from "./support/collected-text.ts";

const [earlier, later] = ["20261119T020000Z-7f3a0001", "20261120T020000Z-7f3a0002"];
const known = aFinding({ transition: "unchanged" });
const before = aReport({ auditId: earlier, startedAt: "2026-11-19T02:00:00.000Z", findings: [known] });
const after = aReport({
  auditId: later,
  findings: [known, aFinding({ id: "f-2", severity: "medium", title: "Something new" })],
});
const history: readonly AuditRecord[] = [
  aRecord({ auditId: earlier, startedAt: before.startedAt }),
  aRecord({ auditId: later, status: "non-compliant" }),
];

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "history-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function keep(...reports: readonly Report[]): Promise<void> {
  for (const report of reports) await folderStore(folder).keepReport(report, []);
  await folderStore(folder).writeState(aState({ history }), null);
}

describe("history", () => {
  it("lists the audits of a store, the newest first", async () => {
    await keep();
    const { code, output, errors } = await collectText(["history", "--store", folder]);
    expect({ code, errors }).toEqual({ code: exitCode.compliant, errors: "" });
    expect(output.match(/^2026\S+/gm)).toEqual([later, earlier]);
  });

  it("lists no more than it is asked for, as JSON where it is asked to", async () => {
    await keep();
    const { output } = await collectText(["history", "--store", folder, "--format", "json", "--limit", "1"]);
    expect(JSON.parse(output)).toEqual([history[1]]);
  });

  it("shows the trend of whole audits as a page", async () => {
    await keep(before, after);
    const narrowed = aRecord({ auditId: "20261120T110000Z-7f3a0003", wholeScope: false });
    await folderStore(folder).writeState(
      aState({ history: [...history, narrowed] }),
      (await folderStore(folder).readState())?.version ?? null,
    );
    const page = await collectText(["history", "--store", folder, "--format", "html"]);
    expect({ ...page, output: page.output.slice(0, 15) }).toEqual({
      code: exitCode.compliant,
      errors: "",
      output: "<!doctype html>",
    });
    expect(page.output).toContain("2 audits of the whole scope, 2026-11-19 to 2026-11-20.");
    const one = await collectText(["history", "--store", folder, "--format", "html", "--limit", "1"]);
    expect(one.output).toContain("1 audit of the whole scope, 2026-11-20 to 2026-11-20.");
  });

  it("shows what an older version did not keep of audits whose reports are stored", async () => {
    await keep(before, after);
    // Older versions kept nothing of it.
    const file = join(folder, "state.json");
    const text = await readFile(file, "utf8");
    const older = text.replaceAll(/"trend":\{[^{}]*\{[^{}]*\}[^{}]*\},/g, "");
    expect(older).not.toContain('"trend"');
    await writeFile(file, older);
    const { output } = await collectText(["history", "--store", folder, "--format", "html"]);
    expect(output).toContain("<td>0</td><td>0</td><td>1</td><td>1</td><td>0</td><td>0</td>");
    expect(output).not.toContain("severities not known");
    await rm(join(folder, "audits"), { recursive: true });
    const without = await collectText(["history", "--store", folder, "--format", "html"]);
    expect(without.output).toContain("2 audits of the whole scope");
    expect(without.output).toContain(">not known<");
  });

  it("takes the environment's store, and the option before it", async () => {
    await keep();
    expect((await collectText(["history"], { AUDIT_STORE: folder })).output).toContain(later);
    const { output } = await collectText(["history", "--store", join(folder, "none")], {
      AUDIT_STORE: folder,
    });
    expect(output).toBe("");
  });

  it("refuses a store that does not exist, and creates no folder", async () => {
    const missing = join(folder, "none");
    for (const command of ["history", "diff"]) {
      const { code, errors } = await collectText([command, "--store", missing]);
      expect(code).toBe(exitCode.cannotStart);
      expect(errors).toBe(`The store ${missing} could not be read: it does not exist\n`);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it("lists nothing of a store without audits", async () => {
    expect((await collectText(["history", "--store", folder])).output).toBe("No audits are stored here.\n");
  });

  it.each([
    [["history"], exitCode.usage, "no store is set: use --store or AUDIT_STORE"],
    [["history", "--store", ""], exitCode.usage, "It is empty."],
    [["history", "--limit", "0"], exitCode.usage, "It must be a whole number from 1."],
    [["history", "--format", "xml"], exitCode.usage, "Allowed choices are text, json, html."],
  ])("refuses %j", async (words, code, explanation) => {
    const ended = await collectText(words);
    expect(ended).toMatchObject({ code, output: "" });
    expect(ended.errors).toContain(explanation);
  });

  it("cannot start if the state is damaged", async () => {
    await writeFile(join(folder, "state.json"), "{");
    const { code, errors } = await collectText(["history", "--store", folder]);
    expect(code).toBe(exitCode.cannotStart);
    expect(errors).toContain("state.json is damaged; it was left as it is.");
  });
});

describe("diff", () => {
  it.each([
    ["by their ids", [earlier, later]],
    ["with the latest", [earlier, "latest"]],
  ])("compares two audits of a store %s", async (_how, references) => {
    await keep(before, after);
    const { code, output } = await collectText(["diff", ...references, "--store", folder]);
    expect(code).toBe(exitCode.failing);
    expect(output).toContain("NEW: 1 finding\n\nMEDIUM  Something new\n");
    expect(output).toContain("1 finding unchanged, failing in both");
  });

  it.each([[[]], [["previous"]], [["previous", "latest"]]])(
    "compares the last two audits of the whole scope with %j",
    async (references) => {
      const narrowed = aReport({ auditId: "20261121T020000Z-7f3a0003", findings: [] });
      for (const report of [before, after, narrowed]) await folderStore(folder).keepReport(report, []);
      const records = [...history, aRecord({ auditId: narrowed.auditId, wholeScope: false })];
      await folderStore(folder).writeState(aState({ history: records }), null);
      const { output } = await collectText(["diff", ...references, "--store", folder, "-f", "json"]);
      expect(JSON.parse(output)).toMatchObject({ before: { auditId: earlier }, after: { auditId: later } });
    },
  );

  it("says of a store with one audit that there is no previous one", async () => {
    await folderStore(folder).keepReport(before, []);
    await folderStore(folder).writeState(aState({ history: history.slice(0, 1) }), null);
    const ended = await collectText(["diff", "--store", folder]);
    expect(ended.code).toBe(exitCode.usage);
    expect(ended.errors).toContain("The store has no previous audit of the whole scope.");
  });

  it("compares an audit with a report in a file, without a store for that", async () => {
    const file = join(folder, "yesterday.json");
    await writeFile(file, renderJson(before));
    const { code, output } = await collectText(["diff", file, file, "--format", "json"]);
    expect(code).toBe(exitCode.compliant);
    expect(JSON.parse(output)).toMatchObject({
      schemaVersion: 1,
      before: { auditId: earlier },
      opened: [],
      unchanged: 1,
    });
  });

  it("writes markdown", async () => {
    await keep(before, after);
    const { output } = await collectText(["diff", earlier, later, "--store", folder, "--format", "markdown"]);
    expect(output).toContain("#### MEDIUM: Something new (1)");
  });

  const worse = { ...known, severity: "critical" } as const;
  const narrower = { ...after, findings: [known], registries: after.registries.slice(1) };

  it.each<[number, string, Report, readonly string[]]>([
    [0, "is the same", { ...after, findings: [known] }, []],
    [0, "is better", { ...after, findings: [] }, []],
    [0, "is worse, but not by as much as asked", after, ["--fail-on", "high"]],
    [0, "is worse, whatever it is", after, ["--fail-on", "never"]],
    [1, "is worse", after, []],
    [1, "is more severe", { ...after, findings: [worse] }, ["--fail-on", "critical"]],
    [0, "is less severe", { ...after, findings: [{ ...known, severity: "low" }] }, []],
    [2, "saw less", narrower, []],
    [2, "saw less, whatever it is", narrower, ["--fail-on", "never"]],
    [1, "saw less and is worse", { ...narrower, findings: after.findings }, []],
  ])("ends with %i when the later one %s", async (code, _what, report, words) => {
    await keep(before, report);
    const ended = await collectText(["diff", earlier, "latest", "--store", folder, ...words]);
    expect(ended).toMatchObject({ code, errors: "" });
  });

  it.each([
    [["latest", "latest"], exitCode.usage, "no store is set"],
    [["a/none.json", "latest"], exitCode.cannotStart, "a/none.json could not be read: "],
    [["README.md", "latest"], exitCode.cannotStart, "README.md cannot be used: it is damaged"],
    [["latest"], exitCode.usage, "no store is set"],
    [[], exitCode.usage, "no store is set"],
  ])("refuses %j", async (references, code, explanation) => {
    const ended = await collectText(["diff", ...references]);
    expect(ended).toMatchObject({ code, output: "" });
    expect(ended.errors).toContain(explanation);
  });

  it("says of an audit that is not there where to find those that are", async () => {
    await keep(before);
    const ended = await collectText(["diff", earlier, later, "--store", folder]);
    expect(ended.code).toBe(exitCode.usage);
    expect(ended.errors).toBe(`The store has no audit ${later}. Run history to list the stored audits.\n`);
  });
});

describe("a store in S3", () => {
  setEnvironment();

  it("is read by history and diff, and by nothing but GetObject", async () => {
    const simulator = await simulate();
    await open().keepReport(before, []);
    const { location } = await open().keepReport(after, []);
    await open().writeState(aState({ history }), null);
    const written = simulator.calls.length;
    const store = ["--store", "s3://audits/nightly"];
    expect((await collectText(["history", ...store], process.env)).output).toContain(later);
    expect(await collectText(["diff", earlier, location, ...store], process.env)).toMatchObject({
      code: exitCode.failing,
      errors: "",
    });
    const operations = simulator.calls.slice(written).map(({ operation }) => operation);
    expect(new Set(operations)).toEqual(new Set(["GetObject"]));
  });
});
