/** Brings the folder that it is given, in a process of its own. It installs until the file `go` is there. */
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bring } from "../../tools/bring.ts";

const [folder = ""] = process.argv.slice(2);
const still = new Int32Array(new SharedArrayBuffer(4));

process.stdout.write("asks\n");
bring(folder, () => {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  appendFileSync(join(folder, "installations"), "one\n");
  process.stdout.write("installs\n");
  while (!existsSync(join(folder, "go"))) Atomics.wait(still, 0, 0, 5);
});
