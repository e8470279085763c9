import { describe, expect, it } from "vitest";
import { matchesHost } from "../../../src/policy/matching/allowed.ts";

describe("matchesHost", () => {
  it.each([
    { patterns: ["contoso.azurecr.io"], url: "contoso.azurecr.io", matches: true },
    { patterns: ["https://Contoso.azurecr.io:443/"], url: "contoso.azurecr.io", matches: true },
    { patterns: ["contoso.azurecr.io"], url: "https://CONTOSO.azurecr.io/v2/", matches: true },
    { patterns: ["fabrikam.azurecr.io", "contoso*.azurecr.io"], url: "contoso-eu.azurecr.io", matches: true },
    { patterns: ["contoso*.azurecr.io"], url: "fabrikam.azurecr.io", matches: false },
    { patterns: ["contoso.azurecr.io"], url: "contoso.azurecr.io.evil.com", matches: false },
    { patterns: [], url: "contoso.azurecr.io", matches: false },
  ])("of $patterns and $url is $matches", ({ patterns, url, matches }) => {
    expect(matchesHost(patterns, url)).toBe(matches);
  });
});
