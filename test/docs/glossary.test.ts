import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { evidenceSchema, unreadableReasonSchema } from "../../src/facts/evidence.ts";
import { packageFile } from "../../src/package-file.ts";
import { severitySchema, statusSchema, transitionSchema } from "../../src/schemas/finding.ts";
import { stepOutcomes } from "../../src/schemas/remediation-plan.ts";
import {
  auditStatusSchema,
  coverageGapSchema,
  driftSchema,
  excludedAccountSchema,
  reportSchema,
  triggerSchema,
} from "../../src/schemas/report.ts";

const rows = Array.from(
  readFileSync(packageFile("docs/glossary.md"), "utf8").matchAll(/^\| (?!-)(.+?) \| (.*?) \| (.+) \|$/gm),
  ([, term = "", field = "", meaning = ""]) => ({ term, field, meaning }),
).slice(1);

/** Every closed list of values that the schemas have, by the name of the field or type. */
const values = {
  "status of a finding": statusSchema.options,
  "transition of a finding": transitionSchema.options,
  severity: severitySchema.options,
  "reason of evidence": unreadableReasonSchema.options,
  "status of an audit": auditStatusSchema.options,
  trigger: triggerSchema.options,
  "reason of a gap": coverageGapSchema.shape.reason.options,
  "state of a gap": coverageGapSchema.shape.state.options,
  "reason of an excluded account": excludedAccountSchema.shape.reason.options,
  "change of drift": driftSchema.shape.change.options,
  "outcome of a step": stepOutcomes,
};

const cases = Object.entries(values).flatMap(([name, options]) =>
  options.map((value): readonly [string, string] => [name, value]),
);

const evidenceStates = evidenceSchema(z.string()).options.map(({ shape }) => shape.state.value);

/** Keys that name a time or a version, as they say themselves. */
const metadata = ["schemaVersion", "startedAt", "finishedAt"];

describe("the glossary", () => {
  it.each(cases)("has the %s %s", (_name, value) => {
    const entries = rows.filter(({ term, field }) => term === value || field.includes(`\`${value}\``));
    expect(entries).not.toEqual([]);
  });

  it.each(evidenceStates)("has the state of evidence %s", (state) => {
    expect(rows.map(({ term }) => term)).toContain(state);
  });

  it.each(Object.keys(reportSchema.shape).filter((key) => !metadata.includes(key)))(
    "has the report's key %s",
    (key) => {
      expect(rows.filter(({ field }) => new RegExp(`\`${key}\\b`).test(field))).not.toEqual([]);
    },
  );

  it("is in alphabetical order, and has each term once", () => {
    const terms = rows.map(({ term }) => term.toLowerCase());
    expect(terms).toEqual([...new Set(terms)].toSorted((one, other) => one.localeCompare(other, "en")));
  });
});
