import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StoreError } from "../../../src/audit/ports.ts";
import { parseState, serialiseState } from "../../../src/audit/state/state-file.ts";
import { aRule } from "../../support/builders.ts";
import { aFleetsState, aKnownRegistry, aState } from "../../support/state-builders.ts";

const PLACE = "s3://audits/nightly/state.json";
const REGISTRY = "111122223333/eu-west-1";
const text = serialiseState(aState(), PLACE);

/** The state file as JSON, with what a test does to it. */
function spoilt(overrides: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...JSON.parse(text), ...overrides });
}

/** The message of the error with which a text is refused. */
function refusalOf(refused: string): string {
  try {
    parseState(refused, PLACE);
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return error instanceof StoreError ? error.message : "";
  }
  throw new Error("the text was not refused");
}

describe("a state", () => {
  it("is read back as it was written", () => {
    expect(parseState(text, PLACE)).toEqual(aState());
  });

  it("is read back with every rule, whichever of its fields are empty", () => {
    const anyText = fc.option(fc.string());
    const rules = fc.array(
      fc.record({
        ecrRepositoryPrefix: fc.string(),
        upstreamRegistryUrl: fc.string(),
        upstreamRegistry: anyText,
        upstreamRepositoryPrefix: fc.oneof(fc.constant("ROOT"), fc.string()),
        credentialArn: anyText,
        customRoleArn: anyText,
        createdAt: fc.option(fc.constantFrom("2026-01-15", "2026-02-01")),
        updatedAt: fc.option(fc.constantFrom("2026-01-15", "2026-02-01")),
      }),
    );
    fc.assert(
      fc.property(rules, (given) => {
        const state = aState({ registries: { [REGISTRY]: aKnownRegistry(given) } });
        expect(parseState(serialiseState(state, PLACE), PLACE)).toEqual(state);
      }),
    );
  });

  it("has the same bytes in whatever order it was put together", () => {
    const one = {
      "111111111111/eu-west-1": aKnownRegistry([]),
      "222222222222/eu-west-2": aKnownRegistry([aRule()]),
    };
    const other = {
      "222222222222/eu-west-2": one["222222222222/eu-west-2"],
      "111111111111/eu-west-1": one["111111111111/eu-west-1"],
    };
    const { findings, ...rest } = aState({ registries: other });
    expect(serialiseState({ findings, ...rest }, PLACE)).toBe(
      serialiseState(aState({ registries: one }), PLACE),
    );
  });

  it("is compact: a rule does without what goes without saying", () => {
    const rule = aRule({ credentialArn: null, upstreamRegistryUrl: "quay.io", upstreamRegistry: null });
    const state = aState({ registries: { [REGISTRY]: aKnownRegistry([rule]) } });
    const stored = JSON.parse(serialiseState(state, PLACE));
    expect(stored.registries[REGISTRY].rules).toEqual([
      {
        ecrRepositoryPrefix: "docker-hub",
        upstreamRegistryUrl: "quay.io",
        createdAt: "2026-01-15T09:00:00.000Z",
      },
    ]);
  });

  it("is not written when it could not be read back", () => {
    const state = aState({ coverage: { planned: -1, audited: 0, partial: 0, unreachable: 0 } });
    expect(() => serialiseState(state, PLACE)).toThrow(StoreError);
    expect(() => serialiseState(state, PLACE)).toThrow(`${PLACE} was left as it is`);
    expect(() => serialiseState(state, PLACE)).toThrow("$.coverage.planned");
  });

  it("of 20,000 registries stays small", () => {
    const state = aFleetsState(20_000);
    const written = serialiseState(state, PLACE);
    const read = parseState(written, PLACE);
    expect(Object.keys(read.registries)).toHaveLength(20_000);
    expect(Object.keys(read.waived)).toHaveLength(20_000);
    expect(Buffer.byteLength(written)).toBeLessThan(18_500_000);
  });

  it("of a version without waived findings is read", () => {
    expect(parseState(spoilt({ waived: undefined }), PLACE)).toEqual(aState({ waived: {} }));
  });
});

describe("a damaged state is refused", () => {
  it.each([
    ["nothing", "", "$ is not JSON"],
    ["half a file", text.slice(0, text.length / 2), "$ is not JSON"],
    ["a file with a second one behind it", text + text, "$ is not JSON"],
    ["no version", spoilt({ schemaVersion: undefined }), "$.schemaVersion is missing"],
    ["a version that is none", spoilt({ schemaVersion: "1" }), "$.schemaVersion must be of type number"],
    ["a version between two", spoilt({ schemaVersion: 1.5 }), "$.schemaVersion must be of type int"],
    ["a version that never was", spoilt({ schemaVersion: 0 }), "$.schemaVersion must be 2"],
    ["an unknown key", spoilt({ more: 1 }), "$.more is not a known key"],
    ["a missing list", spoilt({ findings: undefined }), "$.findings is missing"],
    [
      "a rule without upstream",
      spoilt({ registries: { [REGISTRY]: { changedAt: "", rules: [{ ecrRepositoryPrefix: "quay" }] } } }),
      `$.registries["${REGISTRY}"].rules[0].upstreamRegistryUrl is missing`,
    ],
  ])("%s", (_what, refused, problem) => {
    const message = refusalOf(refused);
    expect(message).toContain(`${PLACE} is damaged; it was left as it is.`);
    expect(message).toContain("move it away");
    expect(message).toContain(problem);
  });

  it("with its first problems and the count of the others", () => {
    const rules = Array.from({ length: 9 }, () => ({ upstreamRegistryUrl: "quay.io" }));
    const lines = refusalOf(spoilt({ registries: { [REGISTRY]: { changedAt: "", rules } } })).split("\n");
    expect(lines).toHaveLength(1 + 5 + 1);
    expect(lines.at(-1)).toBe("  and 4 more");
  });
});

describe("what is not ours is refused", () => {
  it.each([
    ["null", "null"],
    ["a list", "[]"],
    ["an empty object", "{}"],
    ["Terraform's state", '{"version":4,"terraform_version":"1.9.0","serial":1}'],
    ["another product's", spoilt({ product: "another-auditor" })],
  ])("%s", (_what, refused) => {
    expect(refusalOf(refused)).toBe(
      `${PLACE} is not the state of a pull-through-auditor; it was left as it is. Name another store.`,
    );
  });
});

describe("versions", () => {
  it("a newer one is refused, whatever else is in it", () => {
    const message = refusalOf(spoilt({ schemaVersion: 3, findings: "in a database" }));
    expect(message).toContain(
      `${PLACE} was written by a newer auditor (schemaVersion 3, and this one reads 2)`,
    );
    expect(message).toContain("it was left as it is. Use that auditor");
  });

  it("older ones are brought up, one step after the other", () => {
    const old = spoilt({ schemaVersion: 0, pending: undefined, updatedAt: undefined });
    const state = parseState(old, PLACE, {
      0: (given) => ({ ...given, schemaVersion: 1, pending: {} }),
      1: (given) => ({ ...given, schemaVersion: 2, updatedAt: given["auditId"] }),
    });
    expect(state).toEqual(aState({ pending: {}, updatedAt: aState().auditId }));
  });

  it("states of before there was a history have none", () => {
    const { history } = parseState(spoilt({ history: undefined }), PLACE);
    expect(history).toEqual([]);
  });

  it("what a migration makes is held against the schema, too", () => {
    const migrations = { 1: (given: object) => ({ ...given, schemaVersion: 2 }) };
    const old = spoilt({ schemaVersion: 1, pending: undefined });
    expect(() => parseState(old, PLACE, migrations)).toThrow("$.pending is missing");
  });
});
