import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { startClockAt } from "../../simulator/shifted-date.ts";
import { shiftedClock } from "./shifted.ts";

const LEAP_DAY = "2028-02-29T12:00:00Z";
/** How far the clock may have gone on since it was started, on a machine under load. */
const enough = 60_000;

const seenSchema = z.object({ here: z.string(), child: z.string(), pace: z.number() });

/** What a process of that environment takes the time for, and a process that it starts. */
function timesIn(environment: Readonly<Record<string, string>>) {
  const child = "process.stdout.write(new Date().toISOString())";
  const code = `
    const { execFileSync } = require("node:child_process");
    const [date, pace] = [Date.now(), performance.now()];
    const child = String(execFileSync(process.execPath, ["-e", ${JSON.stringify(child)}]));
    const here = new Date().toISOString();
    process.stdout.write(JSON.stringify({ here, child, pace: Date.now() - date - (performance.now() - pace) }));`;
  const { stdout } = spawnSync(process.execPath, ["-e", code], {
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  return seenSchema.parse(JSON.parse(stdout));
}

describe("a process whose clock is shifted", () => {
  it("starts at the moment, goes on as the machine's clock does, and hands the time to its children", () => {
    const { here, child, pace } = timesIn(shiftedClock(LEAP_DAY));
    const [hereAt, childAt] = [Date.parse(here), Date.parse(child)];
    expect(childAt).toBeGreaterThan(Date.parse(LEAP_DAY));
    expect(childAt).toBeLessThanOrEqual(hereAt);
    expect(hereAt).toBeLessThan(Date.parse(LEAP_DAY) + enough);
    expect(Math.abs(pace)).toBeLessThan(50);
  });

  it("is as far from the machine's as is asked", () => {
    const { here } = timesIn(shiftedClock(86_400_000));
    const ahead = Date.parse(here) - machineNow();
    expect(Math.abs(ahead - 86_400_000)).toBeLessThan(enough);
  });

  it("refuses to start without a time", () => {
    const { status, stderr } = spawnSync(process.execPath, ["-e", ""], {
      env: { ...process.env, ...shiftedClock("tomorrow") },
      encoding: "utf8",
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain("TEST_CLOCK is neither milliseconds nor a moment");
  });
});

describe("the clock of this process", () => {
  it("is shifted in everything that reads the time, and restored", async () => {
    const { Date: before } = globalThis;
    {
      using _clock = startClockAt(LEAP_DAY);
      expect(new Date().toISOString()).toMatch(/^2028-02-29T12:0/);
      expect(new Date(Date.now()).getUTCFullYear()).toBe(2028);
      expect(Date()).toContain(" 2028 ");
      const format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC" });
      expect(format.format()).toBe("29/02/2028");
      expect(format.formatToParts().at(-1)?.value).toBe("2028");
      expect(format.format(0)).toBe("01/01/1970");
      expect(new Date(0).toISOString()).toBe("1970-01-01T00:00:00.000Z");
      expect(await dateOfAnswer()).toContain("29 Feb 2028");
    }
    expect(globalThis.Date).toBe(before);
    const shift = Number(process.env["TEST_CLOCK"] ?? 0);
    expect(Math.abs(Date.now() - shift - machineNow())).toBeLessThan(enough);
  });
});

/** The time by the machine's clock, which no shift changes; the whole test run's clock may be shifted. */
function machineNow(): number {
  return performance.timeOrigin + performance.now();
}

async function dateOfAnswer(): Promise<string | null> {
  await using server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const { headers } = await fetch(`http://127.0.0.1:${address.port}`);
  return headers.get("date");
}
