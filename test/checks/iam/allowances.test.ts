import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowancesIn } from "../../../src/checks/iam/allowances.ts";
import { parseDocument } from "../../../src/checks/iam/document.ts";
import type { Trust } from "../../../src/checks/iam/trust.ts";

const watched = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];
const [importing = "", creating = ""] = watched;
const trust: Trust = {
  accounts: new Set(["111122223333", "444455556666"]),
  organization: { isTrusted: true, id: "o-exampleorgid" },
};
const trusted = { AWS: "arn:aws:iam::444455556666:root" };
const stranger = { AWS: "arn:aws:iam::777788889999:root" };
const inOrganization = { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } };
const outsideOrganization = { StringNotEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } };
const sparingTrusted = { "aws:PrincipalOrgID": "o-exampleorgid", "aws:PrincipalAccount": "444455556666" };
const fromOffice = { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } };

/** Lets a stranger do what is watched. */
const offence = { Effect: "Allow", Principal: stranger, Action: watched, Resource: "*" };
/** Keeps everybody from everything. */
const blanket = { Effect: "Deny", Principal: "*", Action: "*", Resource: "*" };

function allowances(...statements: readonly object[]) {
  const { statements: parsed } = parseDocument(JSON.stringify({ Statement: statements }));
  if (parsed === null) throw new Error("The policy of the test cannot be parsed");
  return allowancesIn(
    parsed,
    watched.map((action) => ({ action, on: null })),
    trust,
  );
}

describe("allowancesIn", () => {
  it("returns what is allowed to whom, and under which conditions", () => {
    const principals = { AWS: ["111122223333", "777788889999"], Service: "lambda.amazonaws.com" };
    expect(allowances({ ...offence, Sid: "Mixed", Principal: principals, Condition: fromOffice })).toEqual([
      {
        statement: "Mixed",
        answer: "not-understood",
        actions: watched,
        principals: {
          allBut: false,
          list: [
            { type: "AWS", id: "777788889999" },
            { type: "Service", id: "lambda.amazonaws.com" },
          ],
        },
        conditions: [{ operator: "IpAddress", key: "aws:SourceIp", values: ["203.0.113.0/24"] }],
      },
    ]);
  });

  it("returns each statement separately", () => {
    const found = allowances(offence, { ...offence, Principal: trusted }, { ...offence, Action: creating });
    expect(found.map(({ statement, actions }) => ({ statement, actions }))).toEqual([
      { statement: "#1", actions: watched },
      { statement: "#3", actions: [creating] },
    ]);
  });

  it.each([
    { wrote: { Action: importing }, actions: [importing] },
    { wrote: { Action: "ecr:createrepository" }, actions: [creating] },
    { wrote: { Action: "ECR:*" }, actions: watched },
    { wrote: { Action: "*" }, actions: watched },
    { wrote: { Action: "ecr:Batch*" }, actions: [importing] },
    { wrote: { Action: "ecr:Create?epository" }, actions: [creating] },
    { wrote: { Action: ["ecr:ReplicateImage", creating] }, actions: [creating] },
    { wrote: { Action: undefined, NotAction: "ecr:ReplicateImage" }, actions: watched },
    { wrote: { Action: undefined, NotAction: "ecr:batch*" }, actions: [creating] },
  ])("finds $actions in $wrote", ({ wrote, actions }) => {
    expect(allowances({ ...offence, ...wrote }).map((found) => found.actions)).toEqual([actions]);
  });

  it.each([
    { wrote: { Action: "ecr:ReplicateImage" } },
    { wrote: { Action: "ecr:CreateRepositor" } },
    { wrote: { Action: undefined, NotAction: ["ecr:*"] } },
    { wrote: { Principal: trusted } },
    { wrote: { Principal: trusted, Condition: fromOffice } },
    { wrote: { Principal: { AWS: ["444455556666", "111122223333"] } } },
    { wrote: { Principal: "*", Condition: inOrganization } },
    { wrote: { Condition: { ...inOrganization, ...fromOffice } } },
    { wrote: { Condition: { ...fromOffice, ...inOrganization } } },
    { wrote: { Principal: undefined, NotPrincipal: stranger, Condition: inOrganization } },
    { wrote: { Principal: { AWS: "AROAEXAMPLE" }, Condition: inOrganization } },
    { wrote: { Effect: "Deny" } },
  ])("finds nothing in $wrote", ({ wrote }) => {
    expect(allowances({ ...offence, ...wrote })).toEqual([]);
  });

  it.each([
    { wrote: {}, answer: "untrusted" },
    { wrote: { Principal: "*" }, answer: "untrusted" },
    { wrote: { Principal: undefined, NotPrincipal: trusted }, answer: "untrusted" },
    {
      wrote: { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-anotherorgid" } } },
      answer: "untrusted",
    },
    { wrote: { Principal: { AWS: ["AROAEXAMPLE", "777788889999"] } }, answer: "untrusted" },
    { wrote: { Principal: { AWS: "AROAEXAMPLE" } }, answer: "not-understood" },
    { wrote: { Condition: fromOffice }, answer: "not-understood" },
    {
      wrote: { Condition: { ...fromOffice, StringEquals: { "aws:PrincipalAccount": "777788889999" } } },
      answer: "not-understood",
    },
    {
      wrote: { Condition: { StringEquals: { "aws:PrincipalAccount": "777788889999" }, ...fromOffice } },
      answer: "not-understood",
    },
  ])("answers $answer on $wrote", ({ wrote, answer }) => {
    expect(allowances({ ...offence, ...wrote }).map((found) => found.answer)).toEqual([answer]);
  });

  it.each([
    { denial: blanket },
    { denial: { ...blanket, Principal: { AWS: "*" } } },
    { denial: { ...blanket, Principal: { AWS: ["777788889999", "*"] } } },
    { denial: { ...blanket, Action: "ecr:*" } },
    { denial: { ...blanket, Action: undefined, NotAction: "ecr:ReplicateImage" } },
    { denial: { ...blanket, Resource: undefined } },
    { denial: { ...blanket, Condition: outsideOrganization } },
    { denial: { ...blanket, Principal: undefined, NotPrincipal: trusted } },
    { denial: { ...blanket, Condition: { StringNotEquals: sparingTrusted } } },
  ])("finds nothing under $denial", ({ denial }) => {
    expect(allowances(offence, denial)).toEqual([]);
  });

  it("finds nothing where two denials share the work", () => {
    const denials = watched.map((action) => ({ ...blanket, Action: action }));
    expect(allowances(...denials, offence)).toEqual([]);
    expect(allowances(...denials.slice(1), offence).map(({ actions }) => actions)).toEqual([[importing]]);
  });

  it.each([
    { denial: { ...blanket, Principal: stranger } },
    { denial: { ...blanket, Principal: { Service: "*" } } },
    { denial: { ...blanket, Principal: undefined, NotPrincipal: { AWS: ["444455556666", "777788889999"] } } },
    { denial: { ...blanket, Action: "ecr:ReplicateImage" } },
    { denial: { ...blanket, Condition: inOrganization } },
    { denial: { ...blanket, Condition: fromOffice } },
    { denial: { ...blanket, Condition: { ...outsideOrganization, ...fromOffice } } },
    { denial: { ...blanket, Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-anotherorgid" } } } },
    { denial: { ...blanket, Resource: "arn:aws:ecr:eu-west-1:111122223333:repository/quay/*" } },
    { denial: { ...blanket, Resource: undefined, NotResource: "arn:aws:ecr:*:*:repository/quay/*" } },
    { denial: { ...blanket, Effect: "Allow", Principal: trusted } },
  ])("is not moved by $denial", ({ denial }) => {
    expect(allowances(offence, denial)).toEqual(allowances(offence));
    expect(allowances(offence)).toHaveLength(1);
  });

  const variable = ["$", "{aws:PrincipalAccount}"].join("");
  const literalStar = ["$", "{*}"].join("");
  const repositories = "arn:aws:ecr:eu-west-1:111122223333:repository";
  it.each([
    { allowed: `${repositories}/quay/*`, denied: `${repositories}/*`, found: 0 },
    { allowed: `${repositories}/quay/*`, denied: `${repositories}/quay/*`, found: 0 },
    {
      allowed: [`${repositories}/a/*`, `${repositories}/b`],
      denied: [`${repositories}/b`, "*/a/*"],
      found: 0,
    },
    { allowed: `${repositories}/*`, denied: `${repositories}/quay/*`, found: 1 },
    { allowed: [`${repositories}/a/*`, `${repositories}/b`], denied: `${repositories}/a/*`, found: 1 },
    { allowed: `${repositories}/*`, denied: `${repositories}/?`, found: 1 },
    { allowed: `${repositories}/${variable}`, denied: `${repositories}/${literalStar}`, found: 1 },
    { allowed: undefined, denied: `${repositories}/*`, found: 1 },
    { allowed: undefined, denied: "", found: 1 },
  ])("finds $found where $allowed is allowed and $denied is denied", ({ allowed, denied, found }) => {
    const document = [
      { ...offence, Resource: allowed },
      { ...blanket, Resource: denied },
    ];
    expect(allowances(...document)).toHaveLength(found);
  });

  it("finds no more where a denial is added", () => {
    fc.assert(
      fc.property(
        fc.subarray([offence, { ...offence, Principal: "*" }, { ...offence, Condition: fromOffice }]),
        fc.constantFrom(
          blanket,
          { ...blanket, Condition: outsideOrganization },
          { ...blanket, Action: importing },
        ),
        (statements, denial) => {
          const before = allowances(...statements, { ...offence, Principal: trusted });
          const after = allowances(...statements, { ...offence, Principal: trusted }, denial);
          expect(before.map(({ statement }) => statement)).toEqual(
            expect.arrayContaining(after.map(({ statement }) => statement)),
          );
        },
      ),
    );
  });
});

describe("allowancesIn, for actions that count on some resources", () => {
  const area = "arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/*";
  const push = { ...offence, Action: "ecr:PutImage" };

  function isFound(...statements: readonly object[]): boolean {
    const { statements: parsed } = parseDocument(JSON.stringify({ Statement: statements }));
    if (parsed === null) throw new Error("The policy of the test cannot be parsed");
    return allowancesIn(parsed, [{ action: "ecr:PutImage", on: [area, `${area}x`] }], trust).length > 0;
  }

  const repository = (name: string) => `arn:aws:ecr:eu-west-1:111122223333:repository/${name}`;

  it.each([
    "*",
    area,
    repository("*"),
    repository("docker-hub/library/nginx"),
    repository("d*r-hub/?ibrary/*"),
    repository(`$${"{aws:PrincipalTag/team}"}`),
    "arn:aws:ecr:*:*:repository/docker-hub/*",
  ])("finds a statement on %s", (Resource) => {
    expect(isFound({ ...push, Resource })).toBe(true);
  });

  it.each([
    repository("docker-hub"),
    repository("docker-hubs/*"),
    repository("team/*"),
    "arn:aws:s3:::*",
    "arn:aws:ecr:*:*:repository/team/*",
  ])("ignores a statement on %s", (Resource) => {
    expect(isFound({ ...push, Resource })).toBe(false);
  });

  it("finds a statement on all but other resources, and ignores one on all but these", () => {
    expect(isFound({ ...push, Resource: undefined, NotResource: repository("team/*") })).toBe(true);
    expect(isFound({ ...push, Resource: undefined, NotResource: repository("docker-hub/*") })).toBe(false);
  });

  it("ignores what is denied on these resources, though not on others", () => {
    expect(isFound(push, { ...blanket, Resource: area })).toBe(false);
    expect(isFound(push, { ...blanket, Resource: repository("docker-hub/library/*") })).toBe(true);
  });
});
