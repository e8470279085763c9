import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseState, serialiseState } from "../../../src/audit/state/state-file.ts";
import { stateSchema } from "../../../src/schemas/state.ts";
import { aKnownRegistry, aState } from "../../support/state-builders.ts";

const oldFiles = new URL("./state-files/", import.meta.url);

describe("a state file of an older version", () => {
  it.each(readdirSync(oldFiles))("is read, and written again: %s", (name) => {
    const text = readFileSync(new URL(name, oldFiles), "utf8");
    const written = JSON.parse(text);
    const state = parseState(text, name);
    expect(Object.keys(state.findings)).toEqual(Object.keys(written.findings));
    expect(Object.keys(state.registries)).toEqual(Object.keys(written.registries));
    expect(Object.values(state.findings)).not.toEqual([]);
    expect(Object.values(state.pending)).toMatchObject([{ findings: [{}], drift: [{}] }]);
    expect(state).toMatchObject({ waived: {}, missed: {}, history: [], chain: null });
    expect(parseState(serialiseState(state, name), name)).toEqual(state);
  });
});

describe("the names in a state", () => {
  const registries = (key: string) => aState({ registries: { [key]: aKnownRegistry([]) } });

  it.each([
    ["a registry", registries("111122223333/us-gov-west-1")],
    ["a registry of an account whose regions could not be listed", registries("111122223333/*")],
    ["registries of an organization that could not be listed", registries("*/*")],
    [
      "registries that were not reached",
      aState({ missed: { "111122223333": ["eu-west-1", "*"], "*": ["*"] } }),
    ],
  ])("may be those of %s", (_what, state) => {
    expect(stateSchema.parse(state)).toEqual(state);
  });

  it.each([
    ["a registry without a region", registries("111122223333")],
    ["a path", registries("../../etc/passwd")],
    ["a path behind a region", registries("111122223333/eu-west-1/../..")],
    ["an account that is none", registries("1/eu-west-1")],
    ["a line break", registries("111122223333/eu-west-1\n")],
    ["an account of what was not reached", aState({ missed: { "..": ["eu-west-1"] } })],
    ["a region of what was not reached", aState({ missed: { "111122223333": ["../eu-west-1"] } })],
    ["an audit that leads elsewhere", aState({ auditId: "../20261120T020000Z-7f3a0001" })],
  ])("may not be %s", (_what, state) => {
    expect(stateSchema.safeParse(state).success).toBe(false);
  });

  it("that lead elsewhere make a state damaged", () => {
    const text = serialiseState(aState(), "state.json");
    for (const damaged of [{ auditId: "../x" }, { missed: { "..": [] } }]) {
      const spoilt = JSON.stringify({ ...JSON.parse(text), ...damaged });
      expect(() => parseState(spoilt, "state.json")).toThrow("state.json is damaged");
    }
  });
});
