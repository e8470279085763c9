import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { writeFileAtomically } from "../../src/local/atomic-file.ts";
import { draftOf, isAlive } from "../../src/local/drafts.ts";
import { withFileLock } from "../../src/local/file-lock.ts";

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "drafts-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The id of a process that has ended. */
function aDeadProcess(): number {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  expect(isAlive(pid)).toBe(false);
  return pid;
}

it("writing a file removes abandoned drafts, and no other file", async () => {
  const folder = await aFolder();
  const file = join(folder, "state.json");
  const mine = draftOf(file);
  const dead = mine.replace(`.${process.pid}.`, `.${aDeadProcess()}.`);
  const elsewhere = dead.replace("state.json.", "state.json.far-");
  const [old, young] = [`${elsewhere.slice(0, -5)}0.tmp`, `${elsewhere.slice(0, -5)}1.tmp`];
  const before = join(folder, "state.json.0123456789ab.tmp");
  const strangers = [join(folder, "state.json.bak.tmp"), join(folder, "other.json.0123456789ab.tmp")];
  for (const path of [mine, dead, old, young, before, ...strangers]) await writeFile(path, "");
  // By the tests' clock, which may be shifted; the file system has the machine's.
  const [now, yesterday] = [new Date(), new Date(Date.now() - 2 * 86_400_000)];
  for (const path of [mine, dead, young]) await utimes(path, now, now);
  for (const path of [old, before, ...strangers]) await utimes(path, yesterday, yesterday);

  await writeFileAtomically(file, "text");
  const left = (await readdir(folder)).map((name) => join(folder, name));
  expect(left.toSorted()).toEqual([file, mine, young, ...strangers].toSorted());
});

it("the error of a lock timeout names the process that holds it", async () => {
  const lock = join(await aFolder(), "state.json.lock");
  const waiting = () => withFileLock(lock, 0, async () => undefined);
  await withFileLock(lock, 0, async () => {
    await expect(waiting()).rejects.toThrow(`by process ${process.pid} on ${hostname()}`);
    await writeFile(`${lock}.holder`, `process ${aDeadProcess()} on ${hostname()}`);
    await expect(waiting()).rejects.toThrow("by others");
  });
  await waiting();
});
