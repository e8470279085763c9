import { expect, it } from "vitest";
import { policyWarnings } from "../../../src/policy/lint/warnings.ts";
import { aPolicy } from "../../support/builders.ts";

it.each([
  ["is silent about a policy that reminds by default", {}, []],
  ["is silent where nobody is notified at all", { when: "never", remindAfterDays: null } as const, []],
  ["warns of a policy that never reminds", { remindAfterDays: null }, ["$.notifications.remindAfterDays"]],
])("%s", (_what, notifications, paths) => {
  expect(policyWarnings(aPolicy({ notifications })).map(({ path }) => path)).toEqual(paths);
});
