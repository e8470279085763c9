import { packageFile } from "../../../src/package-file.ts";

/**
 * The environment for a process whose clock starts at a moment, `2028-02-29T12:00:00Z`, or is some milliseconds ahead
 * of the machine's. `NODE_OPTIONS` may stand there already.
 */
export function shiftedClock(moment: string | number, nodeOptions = ""): Readonly<Record<string, string>> {
  const preload = `--import=file://${packageFile("test/support/clock/preload.ts")}`;
  const others = nodeOptions.split(" ").filter((option) => option !== "" && option !== preload);
  return { TEST_CLOCK: String(moment), NODE_OPTIONS: [...others, preload].join(" ") };
}
