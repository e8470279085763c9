import { describe, expect, it } from "vitest";
import { stillUnreached } from "../../../src/audit/compare/unreached-registries.ts";
import type { CoverageGap } from "../../../src/schemas/report.ts";
import { aRule } from "../../support/builders.ts";
import { anAuditScope, HERE } from "./support.ts";

const [account, other] = [HERE.account, "444455556666"];
const narrowed = { wholeScope: false } as const;

function aGap(parts: Partial<CoverageGap>): CoverageGap {
  return {
    ...HERE,
    accountName: null,
    state: "unreachable",
    reason: "deadline",
    operation: "DescribePullThroughCacheRules",
    detail: "the audit's time was over before",
    prefixes: [],
    ...parts,
  };
}

describe("what the next audit begins with", () => {
  it("is what this one's time did not suffice for, by account and in order, each region once", () => {
    const gaps = [
      aGap({ region: "us-east-1" }),
      aGap({ region: "eu-west-1" }),
      aGap({ region: "us-east-1", prefixes: ["quay"] }),
      aGap({ account: other, region: "*" }),
    ];
    expect(stillUnreached({}, anAuditScope(), gaps)).toEqual({
      [account]: ["eu-west-1", "us-east-1"],
      [other]: ["*"],
    });
  });

  it("is nothing that could not be seen for another reason, nor accounts that nobody knows", () => {
    const gaps = [aGap({ reason: "throttled" }), aGap({ account: "*", region: "*" })];
    expect(stillUnreached({}, anAuditScope(), gaps)).toEqual({});
  });

  it("is forgotten once the whole scope was audited in time", () => {
    expect(stillUnreached({ [other]: ["eu-west-1"] }, anAuditScope(), [])).toEqual({});
  });

  it("stays what it was where a narrowed audit did not look", () => {
    const earlier = { [account]: ["us-east-1", "eu-west-1"], [other]: ["eu-west-1"] };
    expect(stillUnreached(earlier, anAuditScope(narrowed), [])).toEqual({
      [account]: ["us-east-1"],
      [other]: ["eu-west-1"],
    });
  });

  it("is joined with what a narrowed audit missed", () => {
    const auditScope = anAuditScope({ ...narrowed, registries: new Map() });
    const gaps = [aGap({ region: "ap-south-1" })];
    expect(stillUnreached({ [account]: ["us-east-1"] }, auditScope, gaps)).toEqual({
      [account]: ["ap-south-1", "us-east-1"],
    });
  });

  it("stays what it was where only some rules of a registry were audited", () => {
    const auditScope = anAuditScope({
      ...narrowed,
      inScope: (prefix) => prefix === aRule().ecrRepositoryPrefix,
    });
    expect(stillUnreached({ [account]: ["eu-west-1"] }, auditScope, [])).toEqual({
      [account]: ["eu-west-1"],
    });
  });
});
