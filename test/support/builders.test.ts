import { describe, expect, it } from "vitest";
import { openAccumulator } from "../../src/audit/evaluate/accumulator.ts";
import { wholeScope } from "../../src/audit/plan/request.ts";
import { checks } from "../../src/checks/index.ts";
import { aDemandingPolicy, aPolicy, aSnapshot, NOW } from "./builders.ts";

describe("a registry that is built of nothing but defaults", () => {
  it.each([
    { under: "a policy of nothing but defaults", policy: aPolicy() },
    { under: "a policy that demands all there is", policy: aDemandingPolicy() },
  ])("has nothing that fails or is not known, under $under", ({ policy }) => {
    const accumulator = openAccumulator(policy, checks, wholeScope("cli"), {
      now: NOW,
      includePassing: false,
    });
    accumulator.addSnapshot(aSnapshot());
    const { findings, coverage, counts } = accumulator.result();
    expect(findings).toEqual([]);
    expect(coverage.gaps).toEqual([]);
    expect(counts.PASS).toBeGreaterThan(0);
  });
});
