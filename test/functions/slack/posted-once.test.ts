import { expect, it } from "vitest";
import { recentTexts } from "../../../functions/slack/posted-once.ts";

it("has the latest texts, and drops the oldest for one more", () => {
  const last = recentTexts(2);
  for (const text of ["a", "b", "b", "c"]) last.add(text);
  expect(["a", "b", "c"].map(last.has)).toEqual([false, true, true]);
});
