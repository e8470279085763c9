import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batches } from "../../../src/notifiers/eventbridge/eventbridge.ts";
import { type EventEntry, entrySize } from "../../../src/notifiers/eventbridge/events.ts";

const requestLimit = 1_048_576;

function entryOf(detail: string): EventEntry {
  return {
    source: "pull-through-auditor",
    detailType: "Pull Through Cache Finding",
    eventId: "0",
    time: "2026-11-20T02:00:00.000Z",
    resources: [],
    detail,
  };
}

/** An entry that counts `bytes` towards its request. */
function entryOfSize(bytes: number): EventEntry {
  return entryOf("x".repeat(bytes - entrySize(entryOf(""))));
}

function lengths(entries: readonly EventEntry[]): readonly number[] {
  return [...batches(entries)].map(({ length }) => length);
}

function sizeOf(batch: readonly EventEntry[]): number {
  return batch.reduce((size, entry) => size + entrySize(entry), 0);
}

const half = requestLimit / 2;

describe("batches", () => {
  test.each([
    { title: "nothing", sizes: [], expected: [] },
    { title: "ten entries", sizes: Array(10).fill(200), expected: [10] },
    { title: "eleven entries", sizes: Array(11).fill(200), expected: [10, 1] },
    { title: "just under the limit of bytes", sizes: [half, half - 1], expected: [2] },
    { title: "at the limit of bytes, which is too much", sizes: [half, half], expected: [1, 1] },
    { title: "a limit reached again", sizes: [half, half, half - 1, 200], expected: [1, 2, 1] },
    { title: "an entry too large for any request, alone", sizes: [200, 2 * half, 200], expected: [1, 1, 1] },
    { title: "such an entry at the start", sizes: [2 * half, 200], expected: [1, 1] },
  ])("$title", ({ sizes, expected }) => {
    expect(lengths(sizes.map(entryOfSize))).toEqual(expected);
  });

  // The largest that renderEvents makes; "é" and "😀" take more bytes than characters.
  const detail = fc
    .tuple(fc.constantFrom("x", "é", "😀"), fc.integer({ min: 0, max: 240_000 }))
    .map(([letter, bytes]) => letter.repeat(Math.floor(bytes / Buffer.byteLength(letter))));
  const entries = fc.array(detail.map(entryOf), { maxLength: 40, size: "max" });

  test("keep order, lose nothing and hold the limits", () => {
    fc.assert(
      fc.property(entries, (all) => {
        const requests = [...batches(all)];
        expect(requests.flat()).toEqual(all);
        for (const request of requests) {
          expect(request.length).toBeGreaterThan(0);
          expect(request.length).toBeLessThanOrEqual(10);
          expect(sizeOf(request)).toBeLessThan(requestLimit);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("are as few as the order allows: no entry would have fitted into the request before its own", () => {
    fc.assert(
      fc.property(entries, (all) => {
        const requests = [...batches(all)];
        for (const [index, request] of requests.slice(1).entries()) {
          const extended = [...(requests[index] ?? []), ...request.slice(0, 1)];
          expect(extended.length > 10 || sizeOf(extended) >= requestLimit).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
