import { describe, expect, it } from "vitest";
import { ownerFinder } from "../../../src/policy/matching/owners.ts";
import { aPolicy } from "../../support/builders.ts";
import { aFinding } from "../../support/report-builders.ts";

const none: ReadonlyMap<string, string> = new Map();
const payments = { name: "team-payments", contact: "payments@example.com" };

function ownersOf(owners: Parameters<typeof aPolicy>[0]) {
  return ownerFinder(aPolicy(owners).owners, none);
}

describe("the owner of a finding", () => {
  it.each([
    [{}, "team-payments"],
    [{ accounts: ["111122223333"] }, "team-payments"],
    [{ accounts: ["999999999999"] }, undefined],
    [{ organizationalUnits: ["ou-ab12-34567890"] }, "team-payments"],
    [{ organizationalUnits: ["ou-ab12-99999999"] }, undefined],
    [{ regions: ["eu-*"] }, "team-payments"],
    [{ regions: ["us-*"] }, undefined],
    [{ prefixes: ["docker-*"] }, "team-payments"],
    [{ prefixes: ["quay"] }, undefined],
    [{ accounts: ["111122223333"], prefixes: ["quay"] }, undefined],
  ])("matches by %j", (where, name) => {
    expect(ownersOf({ owners: [{ where, ...payments }] })(aFinding())?.name).toBe(name);
  });

  it("is the first that matches", () => {
    const ownerOf = ownersOf({
      owners: [
        { where: { prefixes: ["quay"] }, name: "team-quay" },
        { where: {}, ...payments },
        { where: { prefixes: ["docker-hub"] }, name: "too-late" },
      ],
    });
    expect(ownerOf(aFinding())).toEqual(payments);
    expect(ownerOf(aFinding({ prefix: "quay" }))).toEqual({ name: "team-quay", contact: null });
  });

  it("is that of the whole registry only if the entry takes all prefixes", () => {
    const registry = aFinding({ prefix: null });
    expect(ownersOf({ owners: [{ where: { prefixes: ["docker-hub"] }, ...payments }] })(registry)).toBeNull();
    expect(ownersOf({ owners: [{ where: { prefixes: ["*"] }, ...payments }] })(registry)).toEqual(payments);
  });

  it("is nobody without owners", () => {
    expect(ownersOf({})(aFinding())).toBeNull();
  });

  it("is the account with its e-mail address, if the policy wants that", () => {
    const ownerOf = ownerFinder("account-email", new Map([["111122223333", "aws+payments@example.com"]]));
    expect(ownerOf(aFinding())).toEqual({ name: "payments-prod", contact: "aws+payments@example.com" });
    expect(ownerOf(aFinding({ accountName: null }))?.name).toBe("111122223333");
    expect(ownerOf(aFinding({ account: "444455556666" }))).toBeNull();
  });

  it("differs between accounts, whichever is asked first", () => {
    const ownerOf = ownersOf({ owners: [{ where: { accounts: ["111122223333"] }, ...payments }] });
    expect(ownerOf(aFinding({ account: "444455556666" }))).toBeNull();
    expect(ownerOf(aFinding())).toEqual(payments);
    expect(ownerOf(aFinding({ account: "444455556666" }))).toBeNull();
  });
});
