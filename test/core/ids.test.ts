import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FindingIdentity, findingId } from "../../src/core/ids.ts";

const identity: FindingIdentity = {
  account: "111122223333",
  region: "eu-west-1",
  prefix: "docker-hub",
  check: "rule-validation",
  subject: "",
};

describe("findingId", () => {
  it("never changes: stored findings, tickets and Security Hub go by it", () => {
    expect(findingId(identity)).toBe("7296496b81ce54872faa2c974081fecd");
    expect(findingId({ ...identity, prefix: null, subject: "a/b" })).toBe("69eabb8fca9cceaeefdb886b490ba992");
  });

  it.each([
    { account: "444455556666" },
    { region: "us-east-1" },
    { prefix: "docker" },
    { prefix: null },
    { check: "allowed-upstream" },
    { subject: "pattern" },
  ])("differs with %j", (difference) => {
    expect(findingId({ ...identity, ...difference })).not.toBe(findingId(identity));
  });

  it("differs wherever any part does, however the parts are cut", () => {
    const part = fc.string({ unit: fc.constantFrom("a", '"', ",", "\\"), maxLength: 3 });
    const anIdentity = fc.record({
      account: part,
      region: part,
      prefix: fc.option(part),
      check: part,
      subject: part,
    });
    fc.assert(
      fc.property(anIdentity, anIdentity, (a, b) => {
        expect(findingId(a) === findingId(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("is 32 hex digits, which fit an id anywhere", () => {
    expect(findingId(identity)).toMatch(/^[0-9a-f]{32}$/);
  });
});
