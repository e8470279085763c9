import { describe, expect, it, test } from "vitest";
import { formats } from "../../src/formats/index.ts";
import { renderOcsf } from "../../src/formats/ocsf.ts";
import { hostileReport } from "../render/hostile-report.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { validatorOf } from "./json-schema.ts";
import { ocsf13Schema, ocsfSchema } from "./ocsf-schema.ts";

const problemsOf = validatorOf(ocsf13Schema);
const report = aReport({ findings: [aFinding(), aFinding({ id: "f-2", prefix: null, status: "UNKNOWN" })] });

describe("OCSF 1.3.0", () => {
  it("is what the format ocsf-1.3 renders", async () => {
    const render = await formats["ocsf-1.3"].load();
    const rendered = render(report, {
      version: "1.2.3",
      color: false,
      width: 80,
      hub: null,
      helpOf: () => null,
    });
    expect(rendered).toBe(renderOcsf(report, "1.2.3", "1.3.0"));
    expect(problemsOf(JSON.parse(rendered))).toEqual([]);
  });

  it("has the same events as the current version, without what that added", () => {
    const [event] = JSON.parse(renderOcsf(report, "1.2.3", "1.3.0"));
    const [current] = JSON.parse(renderOcsf(report, "1.2.3"));
    const { status_details: details, ...compliance } = current.compliance;
    const { role: _role, role_id: _roleId, ...resource } = current.resources[0];
    expect(event).toEqual({
      ...current,
      metadata: { ...current.metadata, version: "1.3.0" },
      compliance: { ...compliance, status_detail: details[0] },
      resources: [resource],
    });
  });

  it("is not the current version", () => {
    expect(problemsOf(JSON.parse(renderOcsf(report, "1.2.3")))).not.toEqual([]);
    expect(validatorOf(ocsfSchema)(JSON.parse(renderOcsf(report, "1.2.3", "1.3.0")))).not.toEqual([]);
  });
});

test.each(hostileRows)("%s stays text, and valid", (_what, text) => {
  const rendered = renderOcsf(hostileReport(text), "1.2.3", "1.3.0");
  expect(problemsOf(JSON.parse(rendered))).toEqual([]);
  expect(rendered).not.toMatch(unprintable);
});
