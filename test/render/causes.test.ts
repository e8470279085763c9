import { describe, expect, it } from "vitest";
import {
  causeText,
  differInOwner,
  findingsAndCauses,
  ownersText,
  sharedCauseTexts,
} from "../../src/render/causes.ts";
import { aFinding } from "../support/report-builders.ts";

const cause = { id: "c-1", kind: "secret", subject: "arn:aws:secretsmanager:…" } as const;
const payments = { name: "team-payments", contact: "payments@example.com" };
const one = aFinding({ id: "1", cause, owner: payments });
const other = aFinding({ id: "2", cause, owner: { name: "team-web", contact: null } });
const alone = aFinding({ id: "3" });

describe("causes in words", () => {
  it("count findings, and their causes if there are fewer", () => {
    expect(findingsAndCauses([one])).toBe("1 finding");
    expect(findingsAndCauses([one, alone])).toBe("2 findings");
    expect(findingsAndCauses([one, other, alone])).toBe("3 findings from 2 causes");
  });

  it("name those that findings share", () => {
    expect(causeText(cause)).toBe("Secret, arn:aws:secretsmanager:…");
    expect(sharedCauseTexts([one, alone])).toEqual([]);
    expect(sharedCauseTexts([one, alone, other])).toEqual(["Secret, arn:aws:secretsmanager:… (2 findings)"]);
  });

  it("name only the first ones", () => {
    const many = Array.from({ length: 10 }, (_, index) =>
      aFinding({ id: `${index}`, cause: { ...cause, id: `c-${index % 5}` } }),
    );
    expect(sharedCauseTexts(many)).toHaveLength(4);
    expect(sharedCauseTexts(many).at(-1)).toBe("and 2 more causes");
  });
});

describe("owners in words", () => {
  it.each([
    [[alone], null],
    [[one, one], "team-payments (payments@example.com)"],
    [[one, other], "team-payments (payments@example.com), team-web"],
    [[one, alone], "team-payments (payments@example.com); nobody for 1"],
  ])("name each once", (findings, text) => {
    expect(ownersText(findings)).toBe(text);
  });

  it("differ if only some findings have one", () => {
    expect(differInOwner([one, one])).toBe(false);
    expect(differInOwner([one, alone])).toBe(true);
    expect(differInOwner([])).toBe(false);
  });
});
