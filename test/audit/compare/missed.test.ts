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

describe("the registries that the next audit reads first", () => {
  it("are those that this audit had no time for, by account, sorted, each region once", () => {
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

  it("exclude those that could not be read for another reason, and unknown accounts", () => {
    const gaps = [aGap({ reason: "throttled" }), aGap({ account: "*", region: "*" })];
    expect(stillUnreached({}, anAuditScope(), gaps)).toEqual({});
  });

  it("are removed once the whole scope was audited in time", () => {
    expect(stillUnreached({ [other]: ["eu-west-1"] }, anAuditScope(), [])).toEqual({});
  });

  it("stay unchanged outside the scope of a narrowed audit", () => {
    const earlier = { [account]: ["us-east-1", "eu-west-1"], [other]: ["eu-west-1"] };
    expect(stillUnreached(earlier, anAuditScope(narrowed), [])).toEqual({
      [account]: ["us-east-1"],
      [other]: ["eu-west-1"],
    });
  });

  it("include those that a narrowed audit had no time for", () => {
    const auditScope = anAuditScope({ ...narrowed, registries: new Map() });
    const gaps = [aGap({ region: "ap-south-1" })];
    expect(stillUnreached({ [account]: ["us-east-1"] }, auditScope, gaps)).toEqual({
      [account]: ["ap-south-1", "us-east-1"],
    });
  });

  it("stay unchanged if only some rules of a registry were audited", () => {
    const auditScope = anAuditScope({
      ...narrowed,
      inScope: (prefix) => prefix === aRule().ecrRepositoryPrefix,
    });
    expect(stillUnreached({ [account]: ["eu-west-1"] }, auditScope, [])).toEqual({
      [account]: ["eu-west-1"],
    });
  });
});
