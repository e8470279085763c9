import { expect, test } from "vitest";
import { renderJson } from "../../src/formats/json.ts";
import { reportSchema } from "../../src/schemas/report.ts";
import { fleet } from "../render/fleet.ts";

test("renderJson returns the report, and the same bytes each time", () => {
  const json = renderJson(fleet());
  expect(reportSchema.parse(JSON.parse(json))).toEqual(fleet());
  expect(json).toBe(renderJson(fleet()));
  expect(json).toMatch(/^\{\n {2}"schemaVersion": 1,\n/);
  expect(json).toMatch(/\n\}\n$/);
});
