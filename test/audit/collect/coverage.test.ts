import { describe, expect, it } from "vitest";
import { gapsOf, openLedger } from "../../../src/audit/collect/coverage.ts";
import { absent, type Evidence, present, unreadable } from "../../../src/facts/evidence.ts";
import { type RegistrySnapshot, snapshotSchema, type Validation } from "../../../src/facts/snapshot.ts";
import {
  anObservedRule,
  aRegistryOf,
  aRule,
  aSecret,
  aSnapshot,
  aTarget,
  valid,
} from "../../support/builders.ts";
import { aGap } from "../../support/report-builders.ts";

const denied = unreadable("access-denied", "ecr:DescribePullThroughCacheRules", "AccessDeniedException");
const throttled = validationFailing("throttled", "ThrottlingException");
const timedOut = validationFailing("timeout", "socket hang up");

function validationFailing(reason: "throttled" | "timeout" | "not-collected", detail: string) {
  return unreadable(reason, "ecr:ValidatePullThroughCacheRule", detail);
}

/** A registry with a rule for each of `validations`, by prefix. */
function validatedAs(validations: Readonly<Record<string, Evidence<Validation>>>): RegistrySnapshot {
  return aSnapshot({
    rules: present(
      Object.entries(validations).map(([ecrRepositoryPrefix, validation]) =>
        anObservedRule({ rule: aRule({ ecrRepositoryPrefix }), validation }),
      ),
    ),
  });
}

const storage = { account: "111122223333", accountName: "payments-prod", region: "eu-west-1" };

describe("the gaps of a registry", () => {
  it.each([
    { what: "all was read", registry: aSnapshot() },
    { what: "it has no rules", registry: aRegistryOf() },
    { what: "AWS says that there are no rules", registry: aSnapshot({ rules: absent }) },
    { what: "a rule was deleted during the audit", registry: validatedAs({ a: absent }) },
    {
      what: "nobody asked for a validation",
      registry: validatedAs({ a: validationFailing("not-collected", "other prefixes") }),
    },
  ])("are none where $what", ({ registry }) => {
    expect(gapsOf(registry)).toEqual([]);
  });

  it("are one for the whole when its rules could not be listed", () => {
    expect(gapsOf(aSnapshot({ rules: denied }))).toEqual([
      {
        ...storage,
        state: "unreachable",
        reason: "access-denied",
        operation: "ecr:DescribePullThroughCacheRules",
        detail: "AccessDeniedException",
        prefixes: [],
      },
    ]);
  });

  // Whatever a snapshot holds of the registry as a whole that may be absent, be it ever so new.
  const facts = Object.entries(snapshotSchema.shape).flatMap(([fact, schema]) =>
    fact !== "rules" && schema.safeParse(absent).success ? [fact] : [],
  );

  it("can be of more than one fact", () => {
    expect(facts.length).toBeGreaterThan(1);
  });

  it.each(facts)("are one for the %s that could not be read, of the registry as a whole", (fact) => {
    const operation = `ecr:Read${fact}`;
    const registry = aSnapshot({ [fact]: unreadable("throttled", operation, "Rate exceeded") });
    expect(gapsOf(registry)).toEqual([
      { ...storage, state: "partial", reason: "throttled", operation, detail: "Rate exceeded", prefixes: [] },
    ]);
  });

  it.each(facts)("are none for %s that were not requested or are absent", (fact) => {
    for (const evidence of [unreadable("not-collected", "ecr:Read", ""), absent]) {
      expect(gapsOf(aSnapshot({ [fact]: evidence }))).toEqual([]);
    }
  });

  it("are one for secrets that could not be read, with the rules that name them", () => {
    const secretDenied = unreadable("access-denied", "secretsmanager:DescribeSecret", "no");
    const registry = aSnapshot({
      rules: present(
        [
          { ecrRepositoryPrefix: "a", credentialArn: "arn:one" },
          { ecrRepositoryPrefix: "b", credentialArn: "arn:one" },
          { ecrRepositoryPrefix: "c", credentialArn: "arn:two" },
          { ecrRepositoryPrefix: "d", credentialArn: "arn:three" },
          { ecrRepositoryPrefix: "e", credentialArn: "arn:not described" },
          { ecrRepositoryPrefix: "f", credentialArn: null },
        ].map((rule) => anObservedRule({ rule: aRule(rule) })),
      ),
      secrets: { "arn:one": secretDenied, "arn:two": present(aSecret()), "arn:three": secretDenied },
    });
    expect(gapsOf(registry)).toEqual([
      {
        ...storage,
        state: "partial",
        reason: "access-denied",
        operation: "secretsmanager:DescribeSecret",
        detail: "no",
        prefixes: ["a", "b", "d"],
      },
    ]);
  });

  it("are one for each reason, with the rules concerned and what was said first", () => {
    const again = validationFailing("throttled", "Rate exceeded");
    const registry = validatedAs({ a: throttled, b: timedOut, c: present(valid), d: again });
    const gap = { ...storage, state: "partial", operation: "ecr:ValidatePullThroughCacheRule" };
    expect(gapsOf(registry)).toEqual([
      { ...gap, reason: "throttled", detail: "ThrottlingException", prefixes: ["a", "d"] },
      { ...gap, reason: "timeout", detail: "socket hang up", prefixes: ["b"] },
    ]);
  });
});

describe("the ledger", () => {
  const crash = aGap({ ...storage, state: "partial", reason: "check-error", operation: "check:root-prefix" });

  it("of an audit that has seen nothing yet is empty", () => {
    expect(openLedger().total()).toEqual({
      planned: 0,
      audited: 0,
      partial: 0,
      unreachable: 0,
      excluded: 0,
      gaps: [],
      excludedAccounts: [],
    });
  });

  it.each([
    { what: "one that was read", registry: aSnapshot(), crashes: [], counted: { audited: 1 } },
    { what: "one without rules", registry: aRegistryOf(), crashes: [], counted: { audited: 1 } },
    {
      what: "one that could not be read",
      registry: aSnapshot({ rules: denied }),
      crashes: [],
      counted: { unreachable: 1 },
    },
    {
      what: "one that was read in part, for several reasons",
      registry: validatedAs({ a: throttled, b: timedOut }),
      crashes: [],
      counted: { partial: 1 },
    },
    {
      what: "one on which a check crashed",
      registry: aSnapshot(),
      crashes: [crash],
      counted: { partial: 1 },
    },
    {
      what: "one that could not be read, and on which a check crashed",
      registry: aSnapshot({ rules: denied }),
      crashes: [crash],
      counted: { unreachable: 1 },
    },
  ])("counts $what once", ({ registry, crashes, counted }) => {
    const ledger = openLedger();
    ledger.enter(registry);
    ledger.addGaps(crashes);
    const none = { planned: 1, audited: 0, partial: 0, unreachable: 0, excluded: 0 };
    expect(ledger.total()).toMatchObject({ ...none, ...counted });
  });

  it("does not count a registry again for what is found out about it later", () => {
    const ledger = openLedger();
    ledger.enter(aSnapshot());
    ledger.addGaps([crash]);
    ledger.addGaps([{ ...crash, operation: "check:scan-coverage" }]);
    expect(ledger.total()).toMatchObject({ planned: 1, audited: 0, partial: 1 });
    expect(ledger.total().gaps).toHaveLength(2);
  });

  it("keeps registries of one account, and of one region, apart", () => {
    const ledger = openLedger();
    ledger.enter(aSnapshot());
    ledger.enter(aSnapshot({ target: aTarget({ region: "us-east-1" }), rules: denied }));
    ledger.enter(aSnapshot({ target: aTarget({ account: "444455556666" }) }));
    ledger.addGaps([crash]);
    expect(ledger.total()).toMatchObject({ planned: 3, audited: 1, partial: 1, unreachable: 1 });
  });

  it("has one gap for what many checks and rules lack alike, with all the rules", () => {
    const lacking = (...prefixes: readonly string[]) =>
      aGap({
        ...storage,
        state: "partial",
        reason: "not-collected",
        operation: "ecr:GetRegistryPolicy",
        prefixes,
      });
    const ledger = openLedger();
    ledger.enter(aSnapshot());
    for (const gap of [lacking("a"), lacking("b", "a"), lacking()]) ledger.addGaps([gap]);
    expect(ledger.total().gaps).toEqual([lacking("a", "b")]);
  });

  it("adds up: what was planned is what was audited, read in part or not reached", () => {
    const ledger = openLedger();
    const registries = [
      aSnapshot(),
      aRegistryOf(),
      validatedAs({ a: throttled }),
      aSnapshot({ rules: denied }),
    ];
    for (const [index, registry] of registries.entries()) {
      ledger.enter({ ...registry, target: aTarget({ region: `eu-west-${index + 1}` }) });
    }
    ledger.enterExcluded({ account: "9", accountName: null, reason: "not-active", detail: "SUSPENDED" });
    const counts = { planned: 4, audited: 2, partial: 1, unreachable: 1, excluded: 1 };
    expect(ledger.total()).toMatchObject(counts);
  });

  it("lists gaps and accounts left out in one order, in whatever order they came", () => {
    const at = (account: string, region: string) =>
      aSnapshot({ target: aTarget({ account, region }), rules: denied });
    const [a, b, c] = [at("1", "eu-west-1"), at("1", "us-east-1"), at("2", "eu-west-1")];
    const excluded = ["8", "9"].map((account) => {
      return { account, accountName: null, reason: "not-active", detail: "SUSPENDED" } as const;
    });
    const totalOf = (registries: readonly RegistrySnapshot[], accounts: typeof excluded) => {
      const ledger = openLedger();
      for (const registry of registries) ledger.enter(registry);
      for (const account of accounts) ledger.enterExcluded(account);
      return ledger.total();
    };
    const total = totalOf([a, b, c], excluded);
    expect(total.gaps.map(({ account, region }) => `${account} ${region}`)).toEqual([
      "1 eu-west-1",
      "1 us-east-1",
      "2 eu-west-1",
    ]);
    expect(totalOf([c, a, b], excluded.toReversed())).toEqual(total);
  });
});

describe("the registries that were seen", () => {
  const at = (account: string, region: string, overrides: Partial<RegistrySnapshot> = {}) =>
    aSnapshot({ target: aTarget({ account, region }), ...overrides });

  it("are grouped by account, sorted, without those that could not be read", () => {
    const ledger = openLedger();
    ledger.enter(at("2", "us-east-1"));
    ledger.enter(at("1", "us-east-1", { rules: denied }));
    ledger.enter(at("3", "*", { rules: denied }));
    ledger.enter(at("1", "eu-west-2", { scanning: denied }));
    ledger.enter(at("1", "eu-west-1", { rules: absent }));
    const account = { accountName: "payments-prod", organizationalUnits: ["r-ab12", "ou-ab12-34567890"] };
    expect(ledger.seen()).toEqual([
      { ...account, account: "1", regions: ["eu-west-1", "eu-west-2"] },
      { ...account, account: "2", regions: ["us-east-1"] },
    ]);
  });
});
