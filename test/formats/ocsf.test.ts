import { describe, expect, it, test } from "vitest";
import { renderOcsf } from "../../src/formats/ocsf.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import { hostileReport } from "../render/hostile-report.ts";
import { hostileRows, unprintable } from "../render/hostile-texts.ts";
import { aFinding, aReport } from "../support/report-builders.ts";
import { validatorOf } from "./json-schema.ts";
import { ocsfSchema } from "./ocsf-schema.ts";

const problemsOf = validatorOf(ocsfSchema);
const waiver = { reason: "Legacy", owner: "team-a", ticket: null, expires: "2027-01-31" };

function eventOf(finding: Partial<Finding>) {
  const [event] = JSON.parse(renderOcsf(aReport({ findings: [aFinding(finding)] }), "1.2.3"));
  return event;
}

describe("renderOcsf", () => {
  it.each<readonly [string, Partial<Finding>, object]>([
    [
      "fails and is new",
      { transition: "opened" },
      {
        activity_id: 1,
        type_uid: 200_301,
        status: "New",
        compliance: { status_id: 3 },
        metadata: { uid: aFinding().eventId },
      },
    ],
    [
      "fails still",
      { transition: "unchanged" },
      { activity_id: 2, type_uid: 200_302, status_id: 1, compliance: { status: "Fail" } },
    ],
    [
      "is resolved",
      { transition: "resolved" },
      { activity_id: 3, type_uid: 200_303, status: "Resolved", compliance: { status: "Pass" } },
    ],
    [
      "is unknown",
      { status: "UNKNOWN", transition: null },
      { activity_id: 2, compliance: { status_id: 2, status: "Warning" } },
    ],
    [
      "is waived",
      { status: "WAIVED", transition: null, waiver },
      { status: "Suppressed", compliance: { status: "Fail" }, unmapped: { waiver } },
    ],
    ["passes", { status: "PASS", transition: null }, { compliance: { status_id: 1, status: "Pass" } }],
    [
      "does not apply",
      { status: "NOT_APPLICABLE", transition: null },
      { compliance: { status_id: 99, status: "Not applicable" } },
    ],
    ["is of a registry as a whole", { prefix: null }, { resources: [{ name: "registry" }] }],
    [
      "is of an account without a name",
      { accountName: null },
      { cloud: { account: { uid: "111122223333" } } },
    ],
  ])("renders a finding that %s", (_what, finding, expected) => {
    const event = eventOf(finding);
    expect(problemsOf([event])).toEqual([]);
    expect(event).toMatchObject(expected);
  });

  it.each([
    ["critical", 5],
    ["high", 4],
    ["medium", 3],
    ["low", 2],
    ["informational", 1],
  ] as const)("gives the severity %s the number %i", (severity, number) => {
    expect(eventOf({ severity })).toMatchObject({ severity_id: number });
  });

  it("keeps times in milliseconds, the event's own when the audit was done", () => {
    expect(eventOf({ firstSeenAt: "2026-11-01T00:00:00.000Z" })).toMatchObject({
      time: Date.parse("2026-11-20T02:03:12.000Z"),
      finding_info: { first_seen_time: Date.parse("2026-11-01T00:00:00.000Z") },
    });
  });

  it("is an empty list without findings", () => {
    expect(renderOcsf(aReport(), "1.2.3")).toBe("[]\n");
  });
});

describe("the schema of the tests", () => {
  it("rejects an attribute that OCSF does not define, and one of the wrong type", () => {
    expect(problemsOf([{ ...eventOf({}), colour: "red" }])).toHaveLength(1);
    expect(problemsOf([{ ...eventOf({}), time: "today" }])).toHaveLength(1);
  });
});

test.each(hostileRows)("%s stays text, and valid", (_what, text) => {
  const rendered = renderOcsf(hostileReport(text), "1.2.3");
  expect(problemsOf(JSON.parse(rendered))).toEqual([]);
  expect(rendered).not.toMatch(unprintable);
  expect(rendered.length).toBeLessThan(400_000);
});
