import { describe, expect, it } from "vitest";
import { ConfigurationError, jsonPath } from "../../src/core/problem.ts";

describe("jsonPath", () => {
  it.each([
    { keys: [], path: "$" },
    { keys: ["scope", "regions", 0], path: "$.scope.regions[0]" },
    { keys: ["$schema"], path: "$.$schema" },
    { keys: ["checks", "root-prefix", "enabled"], path: '$.checks["root-prefix"].enabled' },
    { keys: ["a b", '"', ""], path: '$["a b"]["\\""][""]' },
    { keys: ["0"], path: '$["0"]' },
  ])("writes $keys as $path", ({ keys, path }) => {
    expect(jsonPath(keys)).toBe(path);
  });
});

describe("ConfigurationError", () => {
  it("reports every problem, each on a separate line", () => {
    const problems = [
      { path: "$.version", message: "must be 1" },
      { path: "$.nmae", message: "is not a known key" },
    ];
    const error = new ConfigurationError("policy.json", problems);
    expect(error.message).toBe("policy.json: 2 problems\n  $.version must be 1\n  $.nmae is not a known key");
    expect(error.problems).toEqual(problems);
  });

  it("counts one problem as one", () => {
    const error = new ConfigurationError("policy.json", [{ path: "$", message: "is not JSON" }]);
    expect(String(error)).toBe("ConfigurationError: policy.json: 1 problem\n  $ is not JSON");
  });
});
