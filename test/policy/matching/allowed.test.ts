import { describe, expect, it } from "vitest";
import {
  allowsPrefix,
  entriesAllowing,
  entriesOnAccess,
  entriesOnScope,
  namesAllowed,
} from "../../../src/policy/matching/allowed.ts";
import { aPolicy, aRule } from "../../support/builders.ts";

describe("entriesAllowing", () => {
  const any = { registry: "azure-container-registry" };
  const contoso = { ...any, urls: ["contoso*.azurecr.io"] };
  const fabrikam = { ...any, urls: ["fabrikam.azurecr.io", "adatum.azurecr.io"], prefixes: ["azure-*"] };
  const policy = aPolicy({ allowedUpstreams: [any, contoso, { registry: "quay" }, fabrikam] });

  it.each([
    { url: "contoso-eu.azurecr.io", entries: [any, contoso] },
    { url: "adatum.azurecr.io", entries: [any, fabrikam] },
    { url: "https://Fabrikam.azurecr.io/v2/", entries: [any, fabrikam] },
    { url: "other.azurecr.io", entries: [any] },
    { url: "quay.io", entries: [{ registry: "quay" }] },
    { url: "ghcr.io", entries: [] },
    { url: "contoso.azurecr.io.evil.com", entries: [] },
  ])("finds every entry for $url, in order", ({ url, entries }) => {
    expect(entriesAllowing(policy, aRule({ upstreamRegistryUrl: url }))).toEqual(entries);
  });
});

describe("allowsPrefix", () => {
  it.each([
    { prefixes: undefined, prefix: "anything", gives: true },
    { prefixes: ["base"], prefix: "base", gives: true },
    { prefixes: ["base"], prefix: "base/", gives: true },
    { prefixes: ["base/"], prefix: "base", gives: true },
    { prefixes: ["tools", "base-*"], prefix: "base-a", gives: true },
    { prefixes: ["base"], prefix: "base/team", gives: false },
    { prefixes: ["base"], prefix: "ROOT", gives: false },
  ])("of $prefixes and $prefix is $gives", ({ prefixes, prefix, gives }) => {
    const entry = { registry: "ecr", ...(prefixes === undefined ? {} : { prefixes }) };
    expect(allowsPrefix(entry, aRule({ ecrRepositoryPrefix: prefix }))).toBe(gives);
  });
});

describe("the entries that concern a rule", () => {
  const base = { registry: "ecr", prefixes: ["base"], accounts: ["444455556666"] };
  const baseElsewhere = { registry: "ecr", prefixes: ["base"], accounts: ["777788889999"] };
  const tools = { registry: "ecr", prefixes: ["tools"], accounts: ["444455556666"] };
  const policy = aPolicy({ allowedUpstreams: [tools, base, { registry: "quay" }, baseElsewhere] });

  it.each([
    {
      because: "the account, then the prefix, distinguishes them",
      prefix: "base",
      account: "444455556666",
      onScope: [base],
      onAccess: [base],
    },
    {
      because: "no entry with the account has the prefix",
      prefix: "other",
      account: "444455556666",
      onScope: [tools, base],
      onAccess: [tools, base],
    },
    {
      because: "only an entry with another prefix has the account",
      prefix: "tools",
      account: "777788889999",
      onScope: [baseElsewhere],
      onAccess: [baseElsewhere],
    },
    {
      because: "no entry has the account",
      prefix: "tools",
      account: "999988887777",
      onScope: [tools],
      onAccess: [tools],
    },
  ])("are these where $because", ({ prefix, account, onScope, onAccess }) => {
    const rule = aRule({
      ecrRepositoryPrefix: prefix,
      upstreamRegistryUrl: `${account}.dkr.ecr.us-east-1.amazonaws.com`,
    });
    expect(entriesOnScope(policy, rule)).toEqual(onScope);
    expect(entriesOnAccess(policy, rule)).toEqual(onAccess);
  });

  it("are none where no entry allows the upstream", () => {
    const rule = aRule({ upstreamRegistryUrl: "ghcr.io" });
    expect(entriesOnScope(policy, rule)).toEqual([]);
    expect(entriesOnAccess(policy, rule)).toEqual([]);
  });
});

describe("namesAllowed", () => {
  const any = { registry: "ecr" };
  const a = { registry: "ecr", roleNames: ["a"], secretNames: ["s"] };
  const b = { registry: "ecr", roleNames: ["b", "c-*"] };

  it.each([
    { entries: [], allowed: null },
    { entries: [any], allowed: null },
    { entries: [a, any], allowed: null },
    { entries: [a], allowed: ["a"] },
    { entries: [a, b], allowed: ["a", "b", "c-*"] },
  ])("of $entries are $allowed", ({ entries, allowed }) => {
    expect(namesAllowed(entries, "roleNames")).toEqual(allowed);
  });
});
