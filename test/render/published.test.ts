import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { type EventEntry, renderEvents } from "../../src/notifiers/eventbridge/events.ts";
import { machineDigest } from "../../src/notifiers/sns/machine.ts";
import type { Transition } from "../../src/schemas/finding.ts";
import type { Report } from "../../src/schemas/report.ts";
import { publishedSchemas } from "../../tools/published-schemas.ts";
import { aDrift, aFinding, aGap, aReport } from "../support/report-builders.ts";
import { fleet } from "./fleet.ts";
import { hostileReport } from "./hostile-report.ts";
import { hostileRows } from "./hostile-texts.ts";
import { overwhelming } from "./overwhelming.ts";

const ajv = new Ajv2020({ allErrors: true });
const options = { reportLocation: "s3://audits/report.json" };

const detailSchemas = {
  "Pull Through Cache Finding": ajv.compile(publishedSchemas["policies/events/finding.schema.json"]),
  "Pull Through Cache Rule Drift": ajv.compile(publishedSchemas["policies/events/rule-drift.schema.json"]),
  "Pull Through Cache Audit Completed": ajv.compile(
    publishedSchemas["policies/events/audit-completed.schema.json"],
  ),
} as const satisfies Record<EventEntry["detailType"], ValidateFunction>;
const digestSchema = ajv.compile(publishedSchemas["policies/digest.schema.json"]);

function problemsWith(validate: ValidateFunction, value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const transitions: readonly Transition[] = ["opened", "changed", "resolved", "reminded"];

/** Sixty gaps of characters that take twelve bytes each. */
function hugeGaps() {
  const hidden = "\u{e0041}".repeat(1_000);
  const prefixes = Array.from({ length: 20 }, () => hidden);
  return Array.from({ length: 60 }, () => aGap({ detail: hidden, accountName: hidden, prefixes }));
}

const reports: readonly (readonly [string, Report])[] = [
  ["nothing", aReport()],
  ["a first audit", aReport({ baseline: true, findings: [aFinding()] })],
  ["every transition", aReport({ findings: transitions.map((transition) => aFinding({ transition })) })],
  ["a whole registry", aReport({ findings: [aFinding({ prefix: null, accountName: null })] })],
  ["every change", aReport({ drift: [aDrift(), aDrift({ before: aDrift().after, after: null })] })],
  ["everything", fleet()],
  ["too much", overwhelming()],
  ["facts that are too large", aReport({ findings: [aFinding({ data: deep(4) })] })],
  ["gaps that are too large", aReport({ gaps: hugeGaps() })],
  ...hostileRows.map(([what, text]) => [what, hostileReport(text)] as const),
];

function deep(levels: number): Record<string, unknown> {
  const inside = levels === 0 ? "x".repeat(1_000) : deep(levels - 1);
  return Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`fact-${index}`, inside]));
}

describe.each(reports)("an audit with %s", (_what, report) => {
  const events = renderEvents(report, options);

  test("has events that match the published schemas", () => {
    expect(events.at(-1)?.detailType).toBe("Pull Through Cache Audit Completed");
    for (const { detailType, detail } of events) {
      expect(problemsWith(detailSchemas[detailType], JSON.parse(detail))).toEqual([]);
    }
  });

  test("has a digest that matches the published schema", () => {
    expect(problemsWith(digestSchema, JSON.parse(machineDigest(report, options)))).toEqual([]);
  });
});

test("gaps that did not fit into an event are counted", () => {
  const { coverage } = JSON.parse(renderEvents(aReport({ gaps: hugeGaps() }), options)[0]?.detail ?? "null");
  expect(coverage.gaps.length).toBeGreaterThan(5);
  expect(coverage.gaps.length).toBeLessThan(50);
  expect(coverage.gaps.length + coverage.gapsOmitted).toBe(60);
});

describe("the published schemas", () => {
  const [finding, drift, completed] = renderEvents(
    aReport({ findings: [aFinding()], drift: [aDrift()] }),
    options,
  ).map(({ detail }) => JSON.parse(detail));

  test.each([
    ["a finding without its id", "Pull Through Cache Finding", { ...finding, eventId: undefined }],
    [
      "a finding without a transition to report",
      "Pull Through Cache Finding",
      { ...finding, transition: "unchanged" },
    ],
    [
      "a drift that did nothing",
      "Pull Through Cache Rule Drift",
      { ...drift, drift: { ...drift.drift, change: "none" } },
    ],
    ["an audit with another status", "Pull Through Cache Audit Completed", { ...completed, status: "fine" }],
    ["one event in another's place", "Pull Through Cache Finding", drift],
  ] as const)("refuse %s", (_what, detailType, detail) => {
    expect(problemsWith(detailSchemas[detailType], JSON.parse(JSON.stringify(detail)))).not.toEqual([]);
  });

  test("allow additional fields in a digest, for later versions", () => {
    const digest = JSON.parse(machineDigest(aReport(), options));
    expect(problemsWith(digestSchema, { ...digest, added: true })).toEqual([]);
    expect(problemsWith(digestSchema, { ...digest, product: "another" })).not.toEqual([]);
  });
});
