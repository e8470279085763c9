import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { aReport } from "../support/report-builders.ts";
import { everyRenderer } from "./every-renderer.ts";
import { hostileReport } from "./hostile-report.ts";
import { hostileRows, unprintable } from "./hostile-texts.ts";

const folder = new URL("../../src/render/", import.meta.url);

it("there is no renderer of reports beside those that are tried here", async () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  const modules: object[] = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  const others = ["renderDocument", "renderHistory"];
  const renderers = modules.flatMap(Object.keys).filter((name) => /^render[A-Z]/.test(name));
  expect(renderers.filter((name) => !others.includes(name)).toSorted()).toEqual(
    Object.keys(everyRenderer).toSorted(),
  );
});

describe.each(Object.entries(everyRenderer))("%s", (_name, render) => {
  it.each(hostileRows)("lets nothing through that steers or hides: %s", (_what, text) => {
    for (const rendered of render(hostileReport(text))) {
      expect(rendered.isWellFormed()).toBe(true);
      expect(rendered).not.toMatch(unprintable);
    }
  });

  it("gives the same bytes for the same report, and leaves the report as it is", () => {
    const report = hostileReport("a text");
    const before = structuredClone(report);
    expect(render(report)).toEqual(render(hostileReport("a text")));
    expect(report).toEqual(before);
    expect(render(aReport())).toEqual(render(aReport()));
  });
});
