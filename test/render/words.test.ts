import { describe, expect, test } from "vitest";
import { counted, dayOf, elapsed, listed, minuteOf } from "../../src/render/words.ts";

test("counted says one and many", () => {
  expect([0, 1, 5800].map((count) => counted(count, "rule"))).toEqual(["0 rules", "1 rule", "5,800 rules"]);
  expect(counted(2, "registry", "registries")).toBe("2 registries");
});

test("listed counts what it leaves out", () => {
  expect(listed(["a", "b"], 2)).toBe("a, b");
  expect(listed(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
});

describe("times", () => {
  test.each([
    ["2026-11-20T02:00:00.000Z", "2026-11-20T02:00:12.400Z", "12 s"],
    ["2026-11-20T02:00:00.000Z", "2026-11-20T02:03:12.000Z", "3 min 12 s"],
    ["2026-11-20T02:00:00.000Z", "2026-11-20T03:04:12.000Z", "1 h 4 min"],
    ["2026-11-20T02:00:00.000Z", "never", "an unknown time"],
  ])("from %s to %s is %s", (from, to, words) => {
    expect(elapsed(from, to)).toBe(words);
  });

  test("are shown in UTC", () => {
    expect(minuteOf("2026-11-20T01:30:00+02:00")).toBe("2026-11-19 23:30 UTC");
    expect(dayOf("2026-11-20T01:30:00+02:00")).toBe("2026-11-19");
  });

  test("that are invalid are not invented", () => {
    expect(minuteOf("soon")).toBe("at an unknown time");
    expect(dayOf("soon")).toBe("an unknown day");
  });
});
