import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { aReport } from "../support/report-builders.ts";
import { everyRenderer, notifierRenderers } from "./every-renderer.ts";
import { hostileReport } from "./hostile-report.ts";
import { hostileRows, unprintable } from "./hostile-texts.ts";

it("every notifier is tested here", () => {
  expect(readdirSync(packageFile("src/notifiers")).toSorted()).toEqual(Object.keys(notifierRenderers));
});

describe.each(Object.entries(everyRenderer))("%s", (_name, render) => {
  it.each(hostileRows)("lets no control or invisible characters through: %s", async (_what, text) => {
    const texts = await render(hostileReport(text));
    expect(texts).not.toEqual([]);
    for (const rendered of texts) {
      expect(rendered.isWellFormed()).toBe(true);
      expect(rendered).not.toMatch(unprintable);
    }
  });

  it("gives the same bytes for the same report, and leaves the report as it is", async () => {
    const report = hostileReport("a text");
    const before = structuredClone(report);
    expect(await render(report)).toEqual(await render(hostileReport("a text")));
    expect(report).toEqual(before);
    expect(await render(aReport())).toEqual(await render(aReport()));
  });
});
