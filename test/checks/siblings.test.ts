import { expect, it } from "vitest";
import { perRegistry } from "../../src/checks/siblings.ts";
import { RULE_QUOTA } from "../../src/ecr/rule.ts";
import { present } from "../../src/facts/evidence.ts";
import type { ObservedRule } from "../../src/facts/snapshot.ts";
import { aRule } from "../support/builders.ts";

function rules(count: number): readonly ObservedRule[] {
  return Array.from({ length: count }, () => ({ rule: aRule(), validation: present({ outcome: "valid" }) }));
}

it.each([
  { what: "a list for as long as it is the last one", count: RULE_QUOTA, built: [50, 50, 50] },
  { what: "a list that is longer than a registry's", count: RULE_QUOTA + 1, built: [51, 51] },
])("works out once what follows from $what", ({ count, built }) => {
  const asked: number[] = [];
  const sizeOf = perRegistry((list) => {
    asked.push(list.length);
    return { size: list.length };
  });
  const [one, other] = [rules(count), rules(count)];
  for (const list of [one, one, other, other, one]) expect(sizeOf(list)).toEqual({ size: count });
  expect(asked).toEqual(built);
});
