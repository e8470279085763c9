import { describe, expect, it } from "vitest";
import { dayOf, dayOfTime, daysBetween, parseDay } from "../../src/core/days.ts";

describe("dayOf", () => {
  it.each([
    { time: "1970-01-01T00:00:00.000Z", day: 0 },
    { time: "1970-01-01T23:59:59.999Z", day: 0 },
    { time: "1970-01-02T00:00:00.000Z", day: 1 },
    { time: "1969-12-31T23:59:59.999Z", day: -1 },
    { time: "1970-01-02T00:30:00.000+01:00", day: 0 },
    { time: "2028-03-01T12:00:00.000Z", day: 21_244 },
  ])("of $time is $day", ({ time, day }) => {
    expect(dayOf(new Date(time))).toBe(day);
    expect(dayOfTime(time)).toBe(day);
  });
});

describe("dayOfTime", () => {
  it.each(["", "yesterday", "2026-13-01T00:00:00.000Z"])("of %j is null", (text) => {
    expect(dayOfTime(text)).toBeNull();
  });
});

describe("parseDay", () => {
  it.each(["1970-01-03", "2026-11-20", "2028-02-29"])("reads %s", (text) => {
    expect(parseDay(text)).toBe(dayOf(new Date(`${text}T23:59:59.999Z`)));
  });

  it.each([
    "",
    "never",
    "31.01.2027",
    "01/31/2027",
    "2027-1-31",
    "20270131",
    "2027-02-29",
    "2027-01-32",
    "2027-01-31T00:00:00Z",
    " 2027-01-31",
    "2027-01-31 ",
    "1801353600",
  ])("takes %j for none", (text) => {
    expect(parseDay(text)).toBeNull();
  });
});

describe("the days between two times", () => {
  const from = "2026-11-20T00:00:05.000Z";
  it.each([
    ["2026-11-20T00:00:05.000Z", 0],
    ["2026-11-20T23:00:00.000Z", 0],
    // The audit of the next night, which starts some seconds or minutes earlier.
    ["2026-11-20T23:59:58.000Z", 1],
    ["2026-11-20T23:45:05.000Z", 1],
    ["2026-11-20T23:45:04.000Z", 0],
    ["2026-11-27T00:00:00.000Z", 7],
    ["2026-11-27T12:00:00.000Z", 7],
  ])("until %s: %i", (to, days) => {
    expect(daysBetween(from, new Date(to))).toBe(days);
  });
});
