import { describe, expect, it } from "vitest";
import { entriesAllowing } from "../../src/policy/allowed.ts";
import { aPolicy, aRule } from "../support/builders.ts";

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
