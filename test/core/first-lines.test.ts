import { expect, it } from "vitest";
import { InvalidEventError, parseInvocation } from "../../functions/shared/invocation.ts";
import { RequestError } from "../../src/audit/ports.ts";
import { ConfigurationError } from "../../src/core/problem.ts";

const problems = Array.from({ length: 400 }, (_nothing, index) => `$.waivers[${index}]`);

it.each([
  [
    "a policy",
    new ConfigurationError(
      "policy.json",
      problems.map((path) => ({ path, message: "is wrong" })),
    ),
  ],
  ["a request", new RequestError(problems)],
  ["an event", eventError()],
])("the message about 400 problems of %s names the first 20, and how many more there are", (_what, error) => {
  const lines = error.message.split("\n");
  expect(lines).toHaveLength(22);
  expect(lines[1]).toContain("[0]");
  expect(lines.at(-1)).toBe("  and 380 more");
});

it("carries all of them for programs", () => {
  const error = new ConfigurationError(
    "policy.json",
    problems.map((path) => ({ path, message: "is wrong" })),
  );
  expect(error.problems).toHaveLength(400);
  expect(error.message).toMatch(/^policy.json: 400 problems\n/);
});

it("names every one of a few", () => {
  expect(new RequestError(["one", "two"]).message.split("\n").slice(1)).toEqual(["  one", "  two"]);
});

function eventError(): Error {
  try {
    parseInvocation({ accounts: problems });
  } catch (error) {
    if (error instanceof InvalidEventError) return error;
  }
  throw new Error("the event was taken");
}
