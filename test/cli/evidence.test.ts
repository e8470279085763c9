import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCode } from "../../src/cli/exit-code.ts";
import { sha256Of } from "../../src/core/ids.ts";
import { renderJson } from "../../src/formats/json.ts";
import { folderStore } from "../../src/local/folder-store.ts";
import { evidenceSchema } from "../../src/schemas/evidence.ts";
import { open, setEnvironment, simulate, textAt } from "../aws/s3/stage.ts";
import { aReport } from "../support/report-builders.ts";
import { aState } from "../support/state-builders.ts";
import { collectText } from "./support/collected-text.ts";

const first = aReport({ auditId: "20261120T020000Z-00000001" });
const previous = { auditId: first.auditId, sha256: sha256Of(renderJson(first)) };
const second = aReport({
  auditId: "20261121T020000Z-00000002",
  startedAt: "2026-11-21T02:00:00.000Z",
  previous,
});
const head = { auditId: second.auditId, sha256: sha256Of(renderJson(second)), deliveries: [] };
const state = aState({ chain: { head, beside: [] } });

describe("evidence verify", () => {
  let folder = "";
  afterEach(() => rm(folder, { recursive: true }));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "evidence-"));
    const store = folderStore(folder);
    await store.keepReport(first, []);
    await store.keepReport(second, []);
    await store.writeState(state, null);
  });

  it("says that a folder is whole", async () => {
    const { code, output } = await collectText(["evidence", "verify", "--store", folder]);
    expect(output.replaceAll("\n", " ")).toContain("2 of them chained, from 2026-11-20 to 2026-11-21.");
    expect(output).toContain("unaltered and in order");
    expect(code).toBe(exitCode.compliant);
  });

  it("exits with 1, and says which file of which day is altered", async () => {
    const file = join(folder, "audits/2026/11/20", first.auditId, "report.json");
    await writeFile(file, (await readFile(file, "utf8")).replace("payments-dev", "payments-dex"));
    const text = (await collectText(["evidence", "verify", "--store", folder])).output;
    expect(text.replaceAll("\n", " ")).toContain(
      `ALTERED audits/2026/11/20/${first.auditId}/report.json (2026-11-20)`,
    );
    const { code, output } = await collectText(["evidence", "verify", "--store", folder, "-f", "json"]);
    expect(code).toBe(exitCode.failing);
    expect(JSON.parse(output)).toMatchObject({
      brokenFrom: "2026-11-20",
      problems: [{ kind: "altered", path: `audits/2026/11/20/${first.auditId}/report.json` }],
    });
  });

  it("says if no report is of the days that it was asked for", async () => {
    const words = ["evidence", "verify", "--store", folder, "--from", "2031-01-01"];
    expect(await collectText(words)).toMatchObject({
      code: exitCode.incomplete,
      output: expect.stringContaining("No report is stored from 2031-01-01 on."),
    });
  });

  it("is part of the evidence of a period, in each format", async () => {
    const words = ["evidence", "--store", folder, "--from", "2026-11-20", "--to", "2026-11-22"];
    const page = await collectText(words);
    expect(page).toMatchObject({ code: exitCode.compliant, errors: "" });
    expect(page.output).toContain("2 of 3 days have an audit of the whole scope.");
    const { output } = await collectText([...words, "--format", "json"]);
    expect(evidenceSchema.parse(JSON.parse(output)).nights.missing).toEqual(["2026-11-22"]);
    expect((await collectText([...words, "-f", "csv"])).output).toMatch(/^id,check,severity,/);
    expect(await collectText(words)).toEqual(page);
  });

  it.each([
    [["--from", "2026-11-20"], "Name the period with --from and --to."],
    [["--from", "2026-11-20", "--to", "2026-11-19"], "--from 2026-11-20 is after --to 2026-11-19."],
    [["--from", "20.11.2026", "--to", "2026-11-19"], "It must be a day, such as 2026-10-02."],
  ])("needs a period: %j", async (words, message) => {
    const { code, errors } = await collectText(["evidence", "--store", folder, ...words]);
    expect(code).toBe(exitCode.usage);
    expect(errors).toContain(message);
  });
});

describe("evidence verify of a store in S3", () => {
  setEnvironment();

  it("reads each object once", async () => {
    const simulator = await simulate();
    await open().keepReport(first, []);
    await open().keepReport(second, []);
    await open().writeState(state, null);
    const written = simulator.calls.length;
    const words = ["evidence", "verify", "--store", "s3://audits/nightly"];
    expect(await collectText(words, process.env)).toMatchObject({ code: exitCode.compliant, errors: "" });
    const operations = simulator.calls.slice(written).map(({ operation }) => operation);
    expect(operations.toSorted()).toEqual([...Array(4).fill("GetObject"), "ListObjectsV2"]);
    expect(textAt(simulator, "nightly/state.json")).toContain(head.sha256);
  });
});
