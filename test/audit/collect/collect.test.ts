import { setImmediate as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { collect } from "../../../src/audit/collect/collect.ts";
import type { PrefixFilter } from "../../../src/audit/plan/request.ts";
import type { RegistryReader } from "../../../src/audit/ports.ts";
import { absent, type Evidence, present, unreadable } from "../../../src/facts/evidence.ts";
import type { FactName } from "../../../src/facts/index.ts";
import { nothingCollected, snapshotSchema, type Validation } from "../../../src/facts/snapshot.ts";
import { aClock, aReader, aRule, aTarget, NOW, valid } from "../../support/builders.ts";
import { gauge } from "../gauge.ts";

const options = { confirmAfterMs: 5_000, callsPerRegistry: 4, inScope: () => true };
const noFacts: ReadonlySet<FactName> = new Set();
const invalid = present<Validation>({ outcome: "invalid", failure: "SecretNotFound" });
const expired = present<Validation>({ outcome: "invalid", failure: "the token has expired" });
const declined = present<Validation>({ outcome: "declined", detail: "ValidationException" });
const throttled = unreadable("throttled", "ecr:ValidatePullThroughCacheRule", "ThrottlingException");

/** A reader of one rule that answers each validation with the next of `answers`, and counts them. */
function aReaderAnswering(...answers: readonly Evidence<Validation>[]) {
  let asked = 0;
  const validateRule = async () => {
    const answer = answers[asked];
    asked += 1;
    if (answer === undefined) throw new Error("asked once too often");
    return answer;
  };
  return { reader: aReader({ validateRule }), asked: () => asked };
}

function aReaderOf(prefixes: readonly string[], overrides: Partial<RegistryReader> = {}): RegistryReader {
  const rules = prefixes.map((ecrRepositoryPrefix) => aRule({ ecrRepositoryPrefix }));
  return aReader({ listRules: async () => present(rules), ...overrides });
}

describe("collecting a registry", () => {
  it("has its rules, the validation of each, and when it was read", async () => {
    const snapshot = await collect(aTarget(), noFacts, aReader(), { ...options, clock: aClock() });
    expect(snapshot).toEqual({
      target: aTarget(),
      collectedAt: NOW.toISOString(),
      rules: present([{ rule: aRule(), validation: present(valid) }]),
      ...nothingCollected,
    });
    expect(snapshotSchema.parse(snapshot)).toEqual(snapshot);
  });

  it.each([
    {
      what: "rules that could not be listed",
      rules: unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "no"),
    },
    { what: "rules that are said not to be", rules: absent },
  ])("has $what as evidence, and validates nothing", async ({ rules }) => {
    const { reader, asked } = aReaderAnswering();
    const snapshot = await collect(
      aTarget(),
      noFacts,
      { ...reader, listRules: async () => rules },
      { ...options, clock: aClock() },
    );
    expect(snapshot.rules).toEqual(rules);
    expect(asked()).toBe(0);
  });

  it("has no rules for a registry without rules", async () => {
    const snapshot = await collect(aTarget(), noFacts, aReaderOf([]), { ...options, clock: aClock() });
    expect(snapshot.rules).toEqual(present([]));
  });

  it("gives each rule its own answer, in the order in which the rules were listed", async () => {
    const reader = aReaderOf(["c", "a", "b"], {
      validateRule: async (prefix) => {
        if (prefix === "c") await pause();
        return present({ outcome: "declined", detail: prefix });
      },
    });
    const { rules } = await collect(aTarget(), noFacts, reader, { ...options, clock: aClock() });
    expect(rules).toMatchObject({
      value: ["c", "a", "b"].map((prefix) => ({
        rule: { ecrRepositoryPrefix: prefix },
        validation: present({ outcome: "declined", detail: prefix }),
      })),
    });
  });
});

describe("a validation", () => {
  it.each([
    { what: "succeeds", answers: [present(valid)], delivered: present(valid) },
    { what: "is declined", answers: [declined], delivered: declined },
    { what: "could not be read", answers: [throttled], delivered: throttled },
    { what: "finds the rule gone", answers: [absent], delivered: absent },
  ])("that $what is asked once", async ({ answers, delivered }) => {
    const clock = aClock();
    const { reader, asked } = aReaderAnswering(...answers);
    const { rules } = await collect(aTarget(), noFacts, reader, { ...options, clock });
    expect(rules).toMatchObject({ value: [{ validation: delivered }] });
    expect(asked()).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  it.each([
    { what: "then succeeds", second: present(valid) },
    { what: "fails again, for another reason", second: expired },
    { what: "then could not be read", second: throttled },
    { what: "then is declined", second: declined },
    { what: "then finds the rule gone", second: absent },
  ])(
    "that fails and $what is asked twice, some seconds apart, and the second answer holds",
    async ({ second }) => {
      const clock = aClock();
      const { reader, asked } = aReaderAnswering(invalid, second);
      const { rules } = await collect(aTarget(), noFacts, reader, { ...options, clock });
      expect(rules).toMatchObject({ value: [{ validation: second }] });
      expect(asked()).toBe(2);
      expect(clock.sleeps).toEqual([5_000]);
    },
  );

  it("is confirmed for all that failed after one wait, and for them alone", async () => {
    const clock = aClock();
    const asked: string[] = [];
    const reader = aReaderOf(["a", "b", "c"], {
      validateRule: async (prefix) => {
        asked.push(`${prefix} at ${clock.now().getTime() - NOW.getTime()}`);
        return prefix === "b" ? present(valid) : invalid;
      },
    });
    await collect(aTarget(), noFacts, reader, { ...options, clock });
    expect(asked).toEqual(["a at 0", "b at 0", "c at 0", "a at 5000", "c at 5000"]);
  });

  it("is not asked of rules that the audit is not about, and this is no gap", async () => {
    const asked: string[] = [];
    const reader = aReaderOf(["docker-hub", "quay"], {
      validateRule: async (prefix) => {
        asked.push(prefix);
        return present(valid);
      },
    });
    const inScope: PrefixFilter = (prefix) => prefix === "quay";
    const { rules } = await collect(aTarget(), noFacts, reader, { ...options, inScope, clock: aClock() });
    expect(asked).toEqual(["quay"]);
    expect(rules).toMatchObject({
      value: [
        { validation: { state: "unreadable", reason: "not-collected" } },
        { validation: present(valid) },
      ],
    });
  });

  it.each([1, 3])(
    "is under way for at most %i rules of a registry at once, confirmations too",
    async (callsPerRegistry) => {
      const prefixes = Array.from({ length: 10 }, (_, index) => `prefix-${index}`);
      const { measure, most } = gauge(async (_prefix: string) => pause(invalid));
      const reader = aReaderOf(prefixes, { validateRule: measure });
      await collect(aTarget(), noFacts, reader, { ...options, callsPerRegistry, clock: aClock() });
      expect(most()).toBe(callsPerRegistry);
    },
  );
});
