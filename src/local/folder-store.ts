import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type AuditStore, StoreError } from "../audit/ports.ts";
import { parseState, stateText } from "../audit/state-file.ts";
import { LATEST_FILE, latestText, reportFolder, STATE_FILE } from "../audit/store-layout.ts";
import { renderJson } from "../render/json.ts";
import { writeFileAtomically } from "./atomic-file.ts";

/** Remembers audits in a folder. A lock keeps two audits from overwriting each other's state. */
export function folderStore(folder: string): AuditStore {
  const root = resolve(folder);
  const stateFile = join(root, STATE_FILE);
  const readText = () => attempt(`${stateFile} could not be read`, () => readIfThere(stateFile));
  return {
    name: root,
    readState: async () => {
      const text = await readText();
      return text === null ? null : { state: parseState(text, stateFile), version: versionOf(text) };
    },
    writeState: (state, version) =>
      attempt(`${stateFile} could not be written`, () =>
        withLock(root, async () => {
          const current = await readIfThere(stateFile);
          if ((current === null ? null : versionOf(current)) !== version) return false;
          await writeFileAtomically(stateFile, stateText(state));
          return true;
        }),
      ),
    keepReport: (report, rendered) =>
      attempt(`The report could not be kept in ${root}`, async () => {
        const place = join(root, reportFolder(report));
        const whole = join(place, "report.json");
        await mkdir(place, { recursive: true });
        await writeFileAtomically(whole, renderJson(report));
        for (const { name, text } of rendered) await writeFileAtomically(join(place, name), text);
        await writeFileAtomically(join(root, LATEST_FILE), latestText(report, whole));
        return whole;
      }),
  };
}

/** A lock whose owner died is taken over after this long. */
const staleAfterMs = 10_000;

async function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  // Loaded only at a desk: the Lambda functions come without it.
  const { lock } = await import("proper-lockfile");
  await mkdir(root, { recursive: true });
  const release = await lock(root, {
    stale: staleAfterMs,
    retries: { retries: 60, minTimeout: 50, maxTimeout: 500 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

function versionOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function attempt<T>(complaint: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StoreError(`${complaint}: ${detail}`, { cause: error });
  }
}
