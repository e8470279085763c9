import { describe, expect, it } from "vitest";
import { timeLeftOf } from "../../functions/shared/time-left.ts";

describe("the time that an invocation has left", () => {
  it("is what Lambda says, whenever it is asked", () => {
    const said = [5_000, 4_000];
    const timeLeft = timeLeftOf({ getRemainingTimeInMillis: () => said.shift() ?? 0 });
    expect([timeLeft(), timeLeft(), timeLeft()]).toEqual([5_000, 4_000, 0]);
  });

  it("is Lambda's maximum if the context does not say", () => {
    expect(timeLeftOf({})()).toBe(900_000);
  });
});
