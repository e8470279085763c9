import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DrawnTemplate, drawnChanges, drawnTemplate, judged, planText } from "./drawn-code.ts";

function shuffledBy<T>(items: readonly T[], order: readonly number[]): readonly T[] {
  return items
    .map((item, at) => ({ item, rank: order[at % order.length] ?? 0 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

function shuffledTemplate(
  { Resources, ...template }: DrawnTemplate,
  order: readonly number[],
): DrawnTemplate {
  return { Resources: Object.fromEntries(shuffledBy(Object.entries(Resources), order)), ...template };
}

const order = fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 });

describe("the order of files, of resources in them and of changes never matters", () => {
  it("for templates and plans of one registry or several", () => {
    const files = fc.record({ templates: fc.array(drawnTemplate, { maxLength: 2 }), changes: drawnChanges });
    fc.assert(
      fc.property(files, order, ({ templates, changes }, ranks) => {
        const given = [
          { file: "plan.json", text: planText(changes) },
          ...templates.map((template, at) => ({ file: `t${at}.json`, text: JSON.stringify(template) })),
        ];
        const other = [
          { file: "plan.json", text: planText(shuffledBy(changes, ranks)) },
          ...templates.map((template, at) => ({
            file: `t${at}.json`,
            text: JSON.stringify(shuffledTemplate(template, ranks)),
          })),
        ];
        expect(judged(shuffledBy(other, ranks))).toEqual(judged(given));
      }),
      { numRuns: 100 },
    );
  });
});
