/**
 * An audit of the whole scope in its own process, delivered and stored as the environment configures:
 * `node audit-process.ts [before|after FILE]`, which kills itself before or after it moves that file of a folder
 * store into its place. An audit with a store in S3 is killed from outside, by its calls to the store and the notifiers.
 */
import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readSettings } from "../../../src/app/settings.ts";
import { wire } from "../../../src/app/wire.ts";
import { wholeScope } from "../../../src/audit/plan/request.ts";

const [, , moment, file] = process.argv;

const { rename } = promises;
promises.rename = async (from, to) => {
  const isTheOne = basename(String(to)) === file;
  if (isTheOne && moment === "before") await die();
  await rename(from, to);
  if (isTheOne && moment === "after") await die();
};
syncBuiltinESMExports();

async function die(): Promise<void> {
  process.kill(process.pid, "SIGKILL");
  await sleep(3_600_000);
}

const auditor = await wire(readSettings(process.env));
const { failure } = await auditor.run(wholeScope("schedule"), {
  dryRun: false,
  notify: null,
  publish: true,
  includePassing: false,
  onProgress: () => undefined,
});
if (failure !== null) throw failure;
