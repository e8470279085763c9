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

const ready = async () => undefined;
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

  it.each([
    { most: 1, waiting: 0 },
    { most: 2, waiting: 2 },
    { most: 10, waiting: 18 },
  ])("leave room for more until $waiting calls wait for one of $most", async ({ most, waiting }) => {
    const slots = openSlots(most, never);
    for (let taken = 1; taken < most + waiting; taken += 1) void slots.take();
    expect(await isSettled(slots.room(ready))).toBe(true);
    const last = slots.take();
    const room = slots.room(ready);
    expect(await isSettled(room)).toBe(false);
    expect(await isSettled(last)).toBe(waiting === 0);
  });

  it("leave room again once calls have ended", async () => {
    const slots = openSlots(1, never);
    const release = await slots.take();
    const rooms = [slots.room(ready), slots.room(ready)];
    expect(await isSettled(Promise.race(rooms))).toBe(false);
    release();
    expect(await Promise.all(rooms)).toHaveLength(2);
  });

  it.each([
    { most: 1, others: 1 },
    { most: 3, others: 4 },
  ])("leave no room while $others others prepare their calls to one of $most", async ({ most, others }) => {
    const slots = openSlots(most, never);
    const session = Promise.withResolvers<void>();
    for (let begun = 0; begun < others; begun += 1) await slots.room(() => session.promise);
    const rooms = [slots.room(ready), slots.room(ready)];
    expect(await isSettled(Promise.race(rooms))).toBe(false);
    session.reject(new Error("no session"));
    expect(await Promise.all(rooms)).toHaveLength(2);
  });

  it("leave room while another has prepared its calls for long", async () => {
    const slots = openSlots(1, never);
    await slots.room(() => Promise.withResolvers<void>().promise);
    const rooms = [slots.room(ready), slots.room(ready)];
    vi.advanceTimersByTime(1_999);
    expect(await isSettled(Promise.race(rooms))).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await Promise.all(rooms)).toHaveLength(2);
  });

  it("go to calls that wait before there is room for more", async () => {
    const slots = openSlots(1, never);
    const release = await slots.take();
    const room = slots.room(ready);
    const next = slots.take();
    release();
    expect(await isSettled(next)).toBe(true);
    expect(await isSettled(room)).toBe(false);
  });

  it("keep nobody waiting once all is given up", async () => {
    const stopping = new AbortController();
    const slots = openSlots(1, stopping.signal);
    await slots.take();
    const calls = [slots.take(), slots.take()];
    const rooms = [slots.room(ready), slots.room(ready)];
    expect(await isSettled(Promise.race(rooms))).toBe(false);
    stopping.abort();
    expect(await Promise.all([...calls, ...rooms])).toHaveLength(4);
    expect(await isSettled(slots.take())).toBe(true);
  });
});
