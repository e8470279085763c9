import { describe, expect, it, test } from "vitest";
import * as z from "zod";
import { renderDigest } from "../../src/notifiers/sns/digest.ts";
import { repositoriesText } from "../../src/render/verdict.ts";
import type { Coverage } from "../../src/schemas/report.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { everyRenderer } from "./every-renderer.ts";

const repositories = { lookedAt: 2_000, existing: 20_000, excluded: 0 };

/** A report of an audit that looked at these repositories. */
function reportWith(looked: Coverage["repositories"]) {
  const findings = [aFinding()];
  const { coverage } = aReport({ findings });
  return aReport({
    findings,
    coverage: looked === undefined ? coverage : { ...coverage, repositories: looked },
  });
}

describe("how many cached repositories were looked at", () => {
  // The other formats list findings, and no coverage.
  const sentence = "2,000 of 20,000 cached repositories looked at";
  const figures = /"lookedAt": ?2000,\s*"existing": ?20000/;
  it.each([
    ["text", sentence],
    ["html", sentence],
    ["markdown", sentence],
    ["sns", sentence],
    ["slack", /Cached repositories looked at\*\\n2,000 of 20,000/],
    ["json", figures],
    ["eventbridge", figures],
    ["sns", figures],
  ] as const)("is in %s, if the policy asks for them: %s", async (name, expected) => {
    const shown = async (looked: Coverage["repositories"]) =>
      (await everyRenderer[name]?.(reportWith(looked)))?.join("\n");
    expect(await shown(repositories)).toMatch(expected);
    expect(await shown(undefined)).not.toMatch(/cached repositor|lookedAt/i);
  });

  it("is in a chat only if some were left to later audits", () => {
    const chatOf = (looked: Coverage["repositories"]) =>
      z
        .object({ https: z.string() })
        .parse(JSON.parse(renderDigest(reportWith(looked), { reportLocation: null }).message)).https;
    expect(chatOf(repositories)).toContain("2,000 of 20,000 cached repositories looked at");
    expect(chatOf({ ...repositories, lookedAt: 20_000 })).not.toContain("cached repositories");
    expect(chatOf(undefined)).not.toContain("cached repositories");
  });

  test.each([
    [{ lookedAt: 1, existing: 1, excluded: 0 }, "1 of 1 cached repository looked at"],
    [
      { lookedAt: 40, existing: 20_001, excluded: 1 },
      "40 of 20,001 cached repositories looked at, 1 excluded",
    ],
    [undefined, null],
  ])("%j reads %s", (looked, expected) => {
    expect(repositoriesText(looked === undefined ? {} : { repositories: looked })).toBe(expected);
  });
});
