import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { StoreError } from "../../src/audit/ports.ts";
import { sha256Of } from "../../src/core/ids.ts";
import { renderJson } from "../../src/formats/json.ts";
import { withFileLock } from "../../src/local/file-lock.ts";
import { folderStore } from "../../src/local/folder-store.ts";
import { addedKey, addRegistry } from "../support/adding.ts";
import { aReport } from "../support/report-builders.ts";
import { aState } from "../support/state-builders.ts";

let parent = "";
let folder = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "store-"));
  folder = join(parent, "store");
});
afterEach(() => rm(parent, { recursive: true }));

const statePath = () => join(folder, "state.json");
const namesIn = async (path: string) => (await readdir(path)).toSorted();

const worker = fileURLToPath(new URL("./store-worker.ts", import.meta.url));

/** Another process at work on the folder, until the test ends at the latest. */
function startWorker(...parts: string[]) {
  const child = spawn(process.execPath, [worker, ...parts], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function endOf(child: ReturnType<typeof startWorker>): Promise<unknown> {
  const [code, signal]: unknown[] = await once(child, "exit");
  return signal ?? code;
}

describe("the state in a folder", () => {
  it("is nothing at first, and then what was written", async () => {
    const store = folderStore(folder);
    expect(await store.readState()).toBeNull();
    expect(await store.writeState(aState(), null)).toBe(true);
    expect(await store.readState()).toEqual({ state: aState(), version: expect.any(String) });
    expect(await namesIn(folder)).toEqual(["state.json", "state.json.lock"]);
  });

  it("is replaced only if it is still the one that was read", async () => {
    const store = folderStore(folder);
    await store.writeState(aState({ auditId: "first" }), null);
    const first = await store.readState();
    expect(await store.writeState(aState({ auditId: "rival" }), null)).toBe(false);
    expect(await store.writeState(aState({ auditId: "second" }), first?.version ?? null)).toBe(true);
    expect(await store.writeState(aState({ auditId: "third" }), first?.version ?? null)).toBe(false);
    expect((await store.readState())?.state.auditId).toBe("second");
  });

  it("is not created again if it was deleted", async () => {
    const store = folderStore(folder);
    await store.writeState(aState(), null);
    const read = await store.readState();
    await rm(statePath());
    expect(await store.writeState(aState(), read?.version ?? null)).toBe(false);
    expect(await store.readState()).toBeNull();
  });

  it("loses nothing when two processes write at once", async () => {
    const counts = 40;
    const workers = [1, 2].map((writer) => startWorker("add", folder, String(writer), String(counts)));
    await Promise.all(workers.map(({ stdout }) => once(stdout, "data")));
    for (const { stdin } of workers) stdin.write("go");
    expect(await Promise.all(workers.map(endOf))).toEqual([0, 0]);
    const keys = [1, 2].flatMap((writer) =>
      Array.from({ length: counts }, (_, index) => addedKey(writer, index)),
    );
    const stored = await folderStore(folder).readState();
    expect(Object.keys(stored?.state.registries ?? {}).toSorted()).toEqual(keys.toSorted());
    expect(await namesIn(folder)).toEqual(["state.json", "state.json.lock"]);
  });

  it("loses nothing when a process writes twice at once", async () => {
    const names = Array.from({ length: 8 }, (_, index) => addedKey(1, index));
    const conflicts = await Promise.all(names.map((name) => addRegistry(folderStore(folder), name)));
    const stored = await folderStore(folder).readState();
    expect(Object.keys(stored?.state.registries ?? {}).toSorted()).toEqual(names);
    expect(conflicts.some((count) => count > 0)).toBe(true);
  });

  it("is the old one, and free, after a process died while it wrote", async () => {
    const store = folderStore(folder, 0);
    await store.writeState(aState({ auditId: "before" }), null);
    expect(await endOf(startWorker("crash", folder))).toBe("SIGKILL");
    expect((await namesIn(folder)).some((name) => name.endsWith(".tmp"))).toBe(true);
    const stored = await store.readState();
    expect(stored?.state.auditId).toBe("before");
    // Without patience: a lock that was left behind would not be waited for.
    expect(await store.writeState(aState({ auditId: "after" }), stored?.version ?? null)).toBe(true);
  });

  it("is not written while another process holds it, and is as soon as that one is killed", async () => {
    await mkdir(folder);
    const child = startWorker("hold", folder);
    await once(child.stdout, "data");
    await expect(folderStore(folder, 100).writeState(aState(), null)).rejects.toThrow(
      `${statePath()} could not be written: ${statePath()}.lock was held for 100 ms by process`,
    );
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await folderStore(folder, 0).writeState(aState(), null)).toBe(true);
  });

  it("waits for who writes in the same process", async () => {
    await mkdir(folder);
    const order: string[] = [];
    let letGo = () => {};
    const held = withFileLock(`${statePath()}.lock`, 0, async () => {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      order.push("held");
    });
    const written = folderStore(folder)
      .writeState(aState(), null)
      .then(() => order.push("written"));
    setTimeout(() => letGo(), 100);
    await Promise.all([held, written]);
    expect(order).toEqual(["held", "written"]);
  });

  it("is left as it is when it is damaged", async () => {
    await mkdir(folder);
    await writeFile(statePath(), "{");
    await expect(folderStore(folder).readState()).rejects.toThrow(`${statePath()} is damaged`);
    expect(await folderStore(folder).writeState(aState(), null)).toBe(false);
    expect(await readFile(statePath(), "utf8")).toBe("{");
  });

  it("is not written when it would be too large to be read again", async () => {
    const large = aState({ auditId: "x".repeat(128 * 1024 * 1024) });
    await expect(folderStore(folder).writeState(large, null)).rejects.toThrow(StoreError);
    expect(await folderStore(folder).readState()).toBeNull();
  });

  it("is not read when it is too large to be one", async () => {
    await mkdir(folder);
    await writeFile(statePath(), "");
    await truncate(statePath(), 128 * 1024 * 1024 + 1);
    await expect(folderStore(folder).readState()).rejects.toThrow(
      `${statePath()}: 134217729 bytes are more than the 134217728 that a store reads`,
    );
  });
});

describe("reports in a folder", () => {
  const report = aReport();
  const files = [{ name: "report.html", contentType: "text/html", text: "<p>é" }];

  it("are stored by day and audit, with the other rendered files, and a pointer to the latest", async () => {
    const store = folderStore(relative(process.cwd(), folder));
    expect(store.name).toBe(folder);
    const kept = join(folder, "audits/2026/11/20", report.auditId);
    expect(await store.keepReport(report, files)).toEqual({
      location: join(kept, "report.json"),
      sha256: sha256Of(renderJson(report)),
      replaced: null,
    });
    expect(await readFile(join(kept, "report.json"), "utf8")).toBe(renderJson(report));
    expect(await readFile(join(kept, "report.html"), "utf8")).toBe("<p>é");
    expect(await namesIn(kept)).toEqual(["report.html", "report.json"]);
    expect(JSON.parse(await readFile(join(folder, "latest.json"), "utf8"))).toEqual({
      auditId: report.auditId,
      location: join(kept, "report.json"),
      finishedAt: report.finishedAt,
      status: report.status,
      sha256: sha256Of(renderJson(report)),
    });
  });

  it("are not pointed at when they could not be kept", async () => {
    const store = folderStore(folder);
    await store.keepReport(report, []);
    await mkdir(join(folder, "audits/2026/11/20/next/report.html/taken"), { recursive: true });
    await expect(store.keepReport({ ...report, auditId: "next" }, files)).rejects.toThrow(StoreError);
    expect(JSON.parse(await readFile(join(folder, "latest.json"), "utf8"))).toMatchObject({
      auditId: report.auditId,
    });
  });
});

describe("a report in a folder", () => {
  const report = aReport({ auditId: "20261120T020000Z-7f3a0001" });
  const reportPath = () => join(folder, "audits/2026/11/20", report.auditId, "report.json");

  it("is read back by the audit's id, and as the latest", async () => {
    const store = folderStore(folder);
    await store.keepReport(report, []);
    expect(await store.readReport(report.auditId)).toEqual(report);
    expect(await store.readReport("latest")).toEqual(report);
  });

  it.each(["latest", "20261120T020000Z-7f3a0002", "../../state", "20261120T020000Z-7f3a0001/../x", ""])(
    "is not there for %j",
    async (asked) => {
      expect(await folderStore(folder).readReport(asked)).toBeNull();
    },
  );

  it("is refused when it is damaged", async () => {
    const store = folderStore(folder);
    await store.keepReport(report, []);
    await writeFile(reportPath(), "{}");
    const refused = store.readReport(report.auditId);
    await expect(refused).rejects.toThrow(StoreError);
    await expect(refused).rejects.toThrow(
      `${reportPath()} cannot be used: it is damaged, or has another version.\n  $.schemaVersion must be 1`,
    );
    await writeFile(join(folder, "latest.json"), "[]");
    await expect(store.readReport("latest")).rejects.toThrow("latest.json cannot be used");
  });
});

describe("a folder that cannot be used", () => {
  it("is a file", async () => {
    await writeFile(folder, "");
    const store = folderStore(folder);
    const uses = [
      () => store.readState(),
      () => store.writeState(aState(), null),
      () => store.keepReport(aReport(), []),
    ];
    for (const use of uses) {
      await expect(use).rejects.toThrow(StoreError);
      await expect(use).rejects.toThrow(/could not be (read|written): .*Use a folder as the store\./);
    }
  });

  it("holds a folder where the state should be", async () => {
    await mkdir(statePath(), { recursive: true });
    await expect(folderStore(folder).readState()).rejects.toThrow(
      /could not be read: it is a folder, not a file.*Check the folder and its disk/,
    );
  });
});
