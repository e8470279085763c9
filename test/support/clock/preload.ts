/**
 * Shifts the clock of a process before anything of it runs: `node --import .../preload.ts`, or in `NODE_OPTIONS` for all
 * the processes it starts, too. `TEST_CLOCK` says by how much: milliseconds, or the moment at which the clock starts.
 */
import process from "node:process";
import { shiftDate } from "../../simulator/shifted-date.ts";

const setting = process.env["TEST_CLOCK"];
if (setting !== undefined) {
  const milliseconds = /^-?\d+$/.test(setting) ? Number(setting) : Date.parse(setting) - Date.now();
  if (Number.isNaN(milliseconds)) {
    throw new Error(
      `TEST_CLOCK is neither milliseconds nor a moment such as 2028-02-29T12:00:00Z: ${setting}`,
    );
  }
  // The clock of processes that this one starts goes on from its own, rather than starting again.
  process.env["TEST_CLOCK"] = String(milliseconds);
  shiftDate(milliseconds);
}
