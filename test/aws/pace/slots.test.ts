import { setImmediate as afterAllThatIsDue } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSlots } from "../../../src/aws/pace/slots.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Whether a promise is settled when all that is due has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  await afterAllThatIsDue();
  await afterAllThatIsDue();
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

const never = new AbortController().signal;

describe("slots", () => {
  it("are as many as there are, and go to those who asked first", async () => {
    const slots = openSlots(2, never);
    const first = await slots.take();
    await slots.take();
    const third = slots.take();
    const fourth = slots.take();
    expect(await isSettled(third)).toBe(false);
    first();
    expect(await isSettled(third)).toBe(true);
    expect(await isSettled(fourth)).toBe(false);
  });

  it("are lent by calls that are slow, as many as there are and no more", async () => {
    const slots = openSlots(1, never);
    const slow = await slots.take();
    const second = slots.take();
    const third = slots.take();
    expect(await isSettled(second)).toBe(false);
    vi.advanceTimersByTime(2_000);
    expect(await isSettled(second)).toBe(true);
    vi.advanceTimersByTime(2_000);
    expect(await isSettled(third)).toBe(false);
    slow();
    expect(await isSettled(third)).toBe(false);
    (await second)();
    expect(await isSettled(third)).toBe(true);
  });

  it("leave room for more until two calls wait for each", async () => {
    const slots = openSlots(1, never);
    const release = await slots.take();
    const first = slots.take();
    expect(await isSettled(slots.room())).toBe(true);
    const second = slots.take();
    const rooms = [slots.room(), slots.room()];
    expect(await isSettled(Promise.race(rooms))).toBe(false);
    release();
    await Promise.all([first, ...rooms]);
    expect(await isSettled(second)).toBe(false);
  });

  it("keep nobody waiting once all is given up", async () => {
    const stopping = new AbortController();
    const slots = openSlots(1, stopping.signal);
    await slots.take();
    const calls = [slots.take(), slots.take()];
    const rooms = [slots.room(), slots.room()];
    expect(await isSettled(Promise.race(rooms))).toBe(false);
    stopping.abort();
    expect(await Promise.all([...calls, ...rooms])).toHaveLength(4);
    expect(await isSettled(slots.take())).toBe(true);
  });
});
