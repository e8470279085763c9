import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CodeFinding } from "../../src/schemas/check-report.ts";
import { drawnChanges, drawnTemplate, judged, planText } from "./drawn-code.ts";
import { anywhere, deployment } from "./support.ts";

/** The statuses by rule and check. */
function statusesOf(text: string, at = deployment()): ReadonlyMap<string, readonly CodeFinding["status"][]> {
  return new Map(
    Array.from(
      Map.groupBy(judged([{ file: "code.json", text }], at), ({ address, check }) => `${address} ${check}`),
      ([key, group]) => [key, group.map(({ status }) => status)],
    ),
  );
}

/** What passed and fails, or failed and passes, after a value became unknown. */
function turned(before: string, after: string, at = deployment()): readonly string[] {
  const later = statusesOf(after, at);
  return Array.from(statusesOf(before, at)).flatMap(([key, statuses]) => {
    const now = later.get(key);
    if (now === undefined) return [];
    const failed = statuses.includes("FAIL");
    const passes = now.every((status) => status === "PASS" || status === "NOT_APPLICABLE");
    if (failed && passes) return [`${key}: FAIL → ${now.join()}`];
    const passed = !failed && !statuses.includes("UNKNOWN");
    return passed && now.includes("FAIL") ? [`${key}: ${statuses.join()} → FAIL`] : [];
  });
}

/** The paths of all values in a structure, those of whole maps and lists too. */
function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

/** A copy with another value at a path. */
function replaced(value: unknown, [step, ...others]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === step ? replaced(item, others, by) : item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === step ? replaced(inner, others, by) : inner]),
  );
}

/** Whether a template can have a function there: in properties, in conditions, and for the name of a condition. */
function takesFunctions([section, , part]: readonly string[]): boolean {
  return section === "Resources" && (part === "Properties" || part === "Condition");
}

describe("a value that becomes unknown never turns PASS into FAIL or FAIL into PASS", () => {
  it("in a template, wherever a function can be", () => {
    fc.assert(
      fc.property(drawnTemplate, fc.nat(), (template, choice) => {
        const paths = pathsIn(template).filter(takesFunctions);
        const path = paths[choice % paths.length] ?? [];
        const open = path.at(-1) === "Condition" ? { "Fn::Sub": "Is${Unknown}" } : { Ref: "Unknown" };
        const after = replaced(template, path, open);
        expect(turned(JSON.stringify(template), JSON.stringify(after))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("in a template, for a condition", () => {
    fc.assert(
      fc.property(drawnTemplate, (template) => {
        const after = replaced(template, ["Parameters", "Stage"], { Type: "String" });
        expect(turned(JSON.stringify(template), JSON.stringify(after))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("in a plan", () => {
    const attributes = ["ecr_repository_prefix", "upstream_registry_url", "credential_arn"];
    fc.assert(
      fc.property(drawnChanges, fc.nat(), fc.constantFrom(...attributes), (changes, choice, attribute) => {
        const at = choice % changes.length;
        const after = changes.map((change, index) =>
          index === at ? withUnknown(change, attribute) : change,
        );
        expect(turned(planText(changes), planText(after))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

it("makes nothing of the region unknown either, if no option gives it", () => {
  fc.assert(
    fc.property(drawnChanges, fc.nat(), (changes, choice) => {
      const at = choice % changes.length;
      const after = changes.map((change, index) => (index === at ? withUnknown(change, "region") : change));
      expect(turned(planText(changes), planText(after), anywhere)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

/** A change of which one attribute is known only after apply. */
function withUnknown(change: { readonly change: object }, attribute: string): object {
  const path = ["change", "after"];
  const { after } = { after: undefined, ...change.change } as { after: unknown };
  const left = Object.entries(typeof after === "object" && after !== null ? after : {}).filter(
    ([name]) => name !== attribute,
  );
  const withoutIt = replaced(change, path, Object.fromEntries(left));
  return { ...Object(replaced(withoutIt, ["change", "after_unknown"], { [attribute]: true })) };
}
