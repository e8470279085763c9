/**
 * A process of its own that works on a folder store, for the tests of one: `node store-worker.ts add FOLDER NAME COUNT`,
 * which begins when it is spoken to, `… crash FOLDER` or `… hold FOLDER`.
 */
import { once } from "node:events";
import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withFileLock } from "../../src/local/file-lock.ts";
import { folderStore } from "../../src/local/folder-store.ts";
import { addedKey, addRegistry } from "../support/adding.ts";
import { aState } from "../support/state-builders.ts";

const anHour = 3_600_000;
const [, , task, folder = "", name = "", count = ""] = process.argv;

switch (task) {
  case "add":
    process.stdout.write("ready\n");
    await once(process.stdin, "data");
    process.stdin.destroy();
    for (let index = 0; index < Number(count); index += 1) {
      await addRegistry(folderStore(folder), addedKey(Number(name), index));
    }
    break;
  case "crash": {
    // Dies between writing beside the state and moving that into its place, the lock in its hands.
    promises.rename = async () => {
      process.kill(process.pid, "SIGKILL");
      await sleep(anHour);
    };
    syncBuiltinESMExports();
    const store = folderStore(folder);
    await store.writeState(aState({ auditId: "crashed" }), (await store.readState())?.version ?? null);
    break;
  }
  case "hold":
    await withFileLock(join(folder, "state.json.lock"), 0, async () => {
      process.stdout.write("held\n");
      await sleep(anHour);
    });
    break;
  default:
    throw new Error(`there is no task ${task}`);
}
