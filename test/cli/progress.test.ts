import { describe, expect, it } from "vitest";
import type { AuditProgress } from "../../src/audit/collect/progress.ts";
import { openProgress, progressText } from "../../src/cli/progress.ts";
import type { TextStream } from "../../src/cli/terminal.ts";

const progress: AuditProgress = {
  planned: 2_000,
  isPlanned: true,
  read: 1_204,
  accounts: 48,
  gaps: 6,
  calls: { sent: 9_000, throttled: 3 },
};
const pace = { progress, callsPerSecond: 212, secondsLeft: 39.2 };

describe("the words of progress", () => {
  it("show all parts", () => {
    expect(progressText(pace, 120)).toBe(
      "1,204 of 2,000 registries · 48 accounts · 212 calls/s · 3 throttled · 6 gaps · 40 s left",
    );
  });

  it("leave out parts that are zero or unknown", () => {
    const calm = { ...progress, isPlanned: false, gaps: 0, accounts: 1, calls: { sent: 1, throttled: 0 } };
    expect(progressText({ ...pace, progress: calm, secondsLeft: null }, 120)).toBe(
      "1,204 of 2,000+ registries · 1 account · 212 calls/s",
    );
  });

  it.each([
    [80, "1,204 of 2,000 registries · 212 calls/s · 3 throttled · 6 gaps · 40 s left"],
    [60, "1,204 of 2,000 registries · 3 throttled · 6 gaps · 40 s left"],
    [46, "1,204 of 2,000 registries · 6 gaps · 40 s left"],
    [40, "1,204 of 2,000 registries · 40 s left"],
    [30, "1,204 of 2,000 registries"],
    [5, ""],
  ])("give way on a line of %i columns, the least important first", (width, words) => {
    expect(progressText(pace, width)).toBe(words);
  });

  it.each([
    [0.2, "1 s left"],
    [89.5, "90 s left"],
    [91, "2 min left"],
    [3_600, "60 min left"],
  ])("say of %f seconds %s", (secondsLeft, words) => {
    expect(progressText({ ...pace, secondsLeft }, 120)).toContain(words);
  });
});

/** A view, and what it writes as the time goes by. */
function aView(parts: Omit<TextStream, "write">, choice: { quiet?: boolean; isDumb?: boolean } = {}) {
  const written: string[] = [];
  let time = 0;
  const stream = { write: (text: string) => written.push(text), ...parts };
  const view = openProgress(stream, { quiet: false, isDumb: false, ...choice }, () => time);
  return {
    written,
    view,
    /** Tells of progress at a second. */
    at: (second: number, delivered: Partial<AuditProgress>) => {
      time = second * 1_000;
      view.show({ ...progress, ...delivered });
    },
  };
}

const start = {
  isPlanned: false,
  planned: 2,
  read: 0,
  accounts: 1,
  gaps: 0,
  calls: { sent: 0, throttled: 0 },
};

describe("on a terminal", () => {
  it("one line is written over and over, and taken away in the end", () => {
    const { written, view, at } = aView({ isTTY: true, columns: 60 });
    at(0, start);
    at(2, { ...start, planned: 4, read: 1, calls: { sent: 20, throttled: 0 } });
    at(4, { ...start, isPlanned: true, planned: 4, read: 2, calls: { sent: 60, throttled: 0 } });
    view.end();
    expect(written).toEqual([
      "\r\u001b[K0 of 2+ registries · 1 account · 0 calls/s",
      "\r\u001b[K1 of 4+ registries · 1 account · 10 calls/s",
      "\r\u001b[K2 of 4 registries · 1 account · 15 calls/s · 4 s left",
      "\r\u001b[K",
    ]);
  });

  it("it is not drawn more often than the eye follows, but always when all is read", () => {
    const { written, at } = aView({ isTTY: true });
    at(1, start);
    at(1.05, { ...start, read: 1 });
    at(1.09, { ...start, isPlanned: true, read: 2 });
    expect(written).toHaveLength(2);
    expect(written[1]).toContain("2 of 2 registries");
  });

  it("the last column stays free, so that the terminal breaks no line", () => {
    const { written, at } = aView({ isTTY: true, columns: "0 of 2+ registries · 1 account".length });
    at(1, start);
    expect(written).toEqual(["\r\u001b[K0 of 2+ registries"]);
  });

  it("calls are averaged over the last seconds", () => {
    const { written, at } = aView({ isTTY: true });
    for (let second = 0; second <= 10; second += 1)
      at(second, { calls: { sent: 100 * second, throttled: 0 } });
    for (let second = 11; second <= 20; second += 1) at(second, { calls: { sent: 1_000, throttled: 0 } });
    expect(written[10]).toContain("100 calls/s");
    expect(written.at(-1)).toContain(" 0 calls/s");
  });
});

describe.each([
  ["in a log", { isTTY: false }, {}],
  ["where the stream does not say what it is", {}, {}],
  ["on a dumb terminal", { isTTY: true }, { isDumb: true }],
])("%s", (_where, parts, choice) => {
  it("a plain line is written now and then, and none for what is done soon", () => {
    const { written, view, at } = aView(parts, choice);
    for (let second = 0; second < 30; second += 1) at(second, start);
    expect(written).toEqual([]);
    at(30, { ...start, calls: { sent: 30, throttled: 1 } });
    at(59, start);
    view.end();
    expect(written).toEqual(["0 of 2+ registries · 1 account · 6 calls/s · 1 throttled\n"]);
  });
});

it("quietly, nothing is written", () => {
  const { written, view, at } = aView({ isTTY: true }, { quiet: true });
  at(60, start);
  view.end();
  expect(written).toEqual([]);
});
