import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { accountIdSchema, regionSchema, targetOf } from "../../src/ecr/target.ts";
import { absent, evidenceSchema, present, unreadable } from "../../src/facts/evidence.ts";
import { snapshotSchema } from "../../src/facts/snapshot.ts";
import { severities, severityRank } from "../../src/schemas/finding.ts";
import { anObservedRule, aRegistryOf, aSnapshot } from "../support/builders.ts";

const denied = unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "AccessDeniedException");

describe("evidence", () => {
  const schema = evidenceSchema(z.number());

  it.each([present(1), absent, denied])("is read back as it was written: %j", (evidence) => {
    expect(schema.parse(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  });

  it.each([
    { flaw: "no value", evidence: { state: "present" } },
    { flaw: "another value", evidence: { state: "present", value: "1" } },
    { flaw: "a value that there is none of", evidence: { state: "absent", value: 1 } },
    { flaw: "no such state", evidence: { state: "empty" } },
    { flaw: "no such reason", evidence: { ...denied, reason: "bad-luck" } },
    { flaw: "no operation", evidence: { state: "unreadable", reason: "timeout", detail: "" } },
  ])("is refused with $flaw", ({ evidence }) => {
    expect(schema.safeParse(evidence).success).toBe(false);
  });
});

describe("a snapshot", () => {
  it.each([
    { what: "a working rule", snapshot: aSnapshot() },
    { what: "no rules", snapshot: aRegistryOf() },
    { what: "rules that could not be listed", snapshot: aSnapshot({ rules: denied }) },
    {
      what: "a rule that could not be validated",
      snapshot: aSnapshot({ rules: present([anObservedRule({ validation: denied })]) }),
    },
    {
      what: "a rule that does not work",
      snapshot: aSnapshot({
        rules: present([anObservedRule({ validation: present({ outcome: "invalid", failure: "dead" }) })]),
      }),
    },
  ])("with $what is read back as it was written", ({ snapshot }) => {
    expect(snapshotSchema.parse(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
  });
});

describe("severities", () => {
  it("stand in order, the worst first", () => {
    expect(severities.toSorted((a, b) => severityRank(a) - severityRank(b))).toEqual([
      "critical",
      "high",
      "medium",
      "low",
      "informational",
    ]);
  });
});

describe("an account id", () => {
  it("is any 12 digits, and nothing else", () => {
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{12}$/), (id) => accountIdSchema.safeParse(id).success));
    fc.assert(
      fc.property(
        fc.string(),
        (text) => accountIdSchema.safeParse(text).success === /^[0-9]{12}$/.test(text),
      ),
    );
  });

  it.each(["11112222333", "1111222233334", "1111-2222-3333", "111122223333\n", ""])("is not %j", (text) => {
    expect(accountIdSchema.safeParse(text).success).toBe(false);
  });
});

describe("a region", () => {
  it.each([
    "eu-west-1",
    "us-gov-west-1",
    "cn-northwest-1",
    "us-isob-east-1",
    "eusc-de-east-1",
    "ap-southeast-10",
  ])("is %s", (region) => {
    expect(regionSchema.safeParse(region).success).toBe(true);
  });

  it.each(["", "Ireland", "EU-WEST-1", "eu-west", "eu-west-1a", "eu-west-1 ", "*", "global"])(
    "is not %j",
    (text) => {
      expect(regionSchema.safeParse(text).success).toBe(false);
    },
  );
});

describe("targetOf", () => {
  it("is an account in a region", () => {
    const account = {
      id: "111122223333",
      name: "payments",
      organizationId: "o-exampleorgid",
      organizationalUnits: ["r-ab12"],
    };
    expect(targetOf(account, "eu-west-1")).toEqual({
      account: "111122223333",
      accountName: "payments",
      organizationId: "o-exampleorgid",
      organizationalUnits: ["r-ab12"],
      region: "eu-west-1",
    });
  });
});
