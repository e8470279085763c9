import { describe, expect, it } from "vitest";
import { includesItem, parseDocument, type Statement } from "../../../src/checks/iam/document.ts";

const allow = { Effect: "Allow", Principal: "*", Action: "ecr:*" };

const everyone = { allBut: false, list: [{ type: "AWS", id: "*" }] };

/** What {@link allow} means. */
const allowing: Statement = {
  label: "#1",
  effect: "Allow",
  principals: everyone,
  actions: { allBut: false, list: ["ecr:*"] },
  resources: { allBut: true, list: [] },
  conditions: [],
};

function parse(...statements: readonly object[]) {
  return parseDocument(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
}

describe("parseDocument", () => {
  it.each([
    { form: "a single statement", document: { Statement: allow } },
    { form: "a list of statements", document: { Statement: [allow] } },
    { form: "an old version", document: { Version: "2008-10-17", Id: "policy", Statement: allow } },
  ])("reads $form", ({ document }) => {
    expect(parseDocument(JSON.stringify(document))).toEqual({ statements: [allowing] });
  });

  it.each([
    { wrote: { Effect: "Deny" }, meaning: { effect: "Deny" } },
    { wrote: { Principal: { AWS: "*" } }, meaning: { principals: everyone } },
    {
      wrote: { Principal: { AWS: ["111122223333", "*"], Service: "ecr.amazonaws.com" } },
      meaning: {
        principals: {
          allBut: false,
          list: [
            { type: "AWS", id: "111122223333" },
            { type: "AWS", id: "*" },
            { type: "Service", id: "ecr.amazonaws.com" },
          ],
        },
      },
    },
    {
      wrote: { Principal: undefined, NotPrincipal: { AWS: "111122223333" } },
      meaning: { principals: { allBut: true, list: [{ type: "AWS", id: "111122223333" }] } },
    },
    { wrote: { Action: ["a:b", "c:d"] }, meaning: { actions: { allBut: false, list: ["a:b", "c:d"] } } },
    {
      wrote: { Action: undefined, NotAction: "a:b" },
      meaning: { actions: { allBut: true, list: ["a:b"] } },
    },
    { wrote: { Resource: "x" }, meaning: { resources: { allBut: false, list: ["x"] } } },
    { wrote: { NotResource: ["x", "y"] }, meaning: { resources: { allBut: true, list: ["x", "y"] } } },
    {
      wrote: {
        Condition: { StringEquals: { a: "1", b: ["2", "3"] }, Bool: { c: true }, NumericEquals: { d: 4 } },
      },
      meaning: {
        conditions: [
          { operator: "StringEquals", key: "a", values: ["1"] },
          { operator: "StringEquals", key: "b", values: ["2", "3"] },
          { operator: "Bool", key: "c", values: ["true"] },
          { operator: "NumericEquals", key: "d", values: ["4"] },
        ],
      },
    },
    { wrote: { Sid: "One" }, meaning: { label: "One" } },
    { wrote: { Sid: "" }, meaning: { label: "#1" } },
  ])("reads $wrote", ({ wrote, meaning }) => {
    expect(parse({ ...allow, ...wrote })).toEqual({ statements: [{ ...allowing, ...meaning }] });
  });

  it("distinguishes statements that have the same Sid or none", () => {
    const sids = [{ Sid: "Same" }, { Sid: "Own" }, {}, { Sid: "Same" }, {}];
    const { statements } = parse(...sids.map((sid) => ({ ...allow, ...sid })));
    expect(statements?.map(({ label }) => label)).toEqual(["#1", "Own", "#3", "#4", "#5"]);
  });

  it.each([
    { text: "", problem: /JSON/ },
    { text: "{", problem: /JSON/ },
    { text: "null", problem: /^\$ must be of type object$/ },
    { text: "[]", problem: /^\$ must be of type object$/ },
    { text: "{}", problem: /^\$\.Statement\[0\] is missing/ },
    { text: JSON.stringify({ Version: "2030-01-01", Statement: allow }), problem: /^\$\.Version must be / },
    {
      text: JSON.stringify({ Version: "2030-01-01", Id: 1, Statement: allow }),
      problem: /^\$\.Version must be [^;]+; \$\.Id must be [^;]+$/,
    },
    { text: JSON.stringify({ Statement: [] }), problem: /^\$\.Statement/ },
    {
      text: JSON.stringify({ Statement: [allow], statement: [] }),
      problem: /^\$\.statement is not a known key; did you mean "Statement"\?$/,
    },
  ])("refuses $text", ({ text, problem }) => {
    expect(parseDocument(text)).toEqual({ statements: null, problem: expect.stringMatching(problem) });
  });

  it.each([
    { wrote: { Effect: "allow" } },
    { wrote: { Effect: undefined } },
    { wrote: { Principal: undefined } },
    { wrote: { NotPrincipal: "*" } },
    { wrote: { Principal: "111122223333" } },
    { wrote: { Principal: { aws: "*" } } },
    { wrote: { Principal: { AWS: [] } } },
    { wrote: { Principal: { AWS: 111122223333 } } },
    { wrote: { Action: undefined } },
    { wrote: { NotAction: "a:b" } },
    { wrote: { Action: [] } },
    { wrote: { Resource: "*", NotResource: "*" } },
    { wrote: { Condition: { StringEquals: "a" } } },
    { wrote: { Condition: { StringEquals: { a: [] } } } },
    { wrote: { Condition: { StringEquals: { a: null } } } },
    { wrote: { Conditions: {} } },
  ])("refuses a statement with $wrote", ({ wrote }) => {
    expect(parse({ ...allow, ...wrote })).toEqual({
      statements: null,
      problem: expect.stringContaining("$.Statement"),
    });
  });
});

describe("includesItem", () => {
  const isA = (entry: string) => entry === "a";

  it.each([
    { allBut: false, list: ["a", "b"], named: true },
    { allBut: false, list: ["b"], named: false },
    { allBut: true, list: ["a", "b"], named: false },
    { allBut: true, list: ["b"], named: true },
    { allBut: true, list: [], named: true },
  ])("says $named for a, where all but is $allBut of $list", ({ named, ...listed }) => {
    expect(includesItem(listed, isA)).toBe(named);
  });
});
