import { describe, expect, it } from "vitest";
import { checkIds } from "../../src/checks/index.ts";
import { remediationActionFor, remediationActions } from "../../src/remediation/plan/actions.ts";

describe("the table of remedies", () => {
  it("has every check of the catalogue, and no other", () => {
    expect(Object.keys(remediationActions).toSorted()).toEqual([...checkIds].toSorted());
  });

  it("leaves checks of the policy's own, and names that only objects know, to people", () => {
    expect(remediationActionFor("no-personal-secrets", "assertion-failed")).toBe("instruct");
    expect(remediationActionFor("constructor", "toString")).toBe("instruct");
  });
});
