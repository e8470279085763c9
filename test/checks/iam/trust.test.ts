import { describe, expect, it } from "vitest";
import {
  type Answer,
  type Trust,
  trustInPrincipal,
  trustInside,
  trustOutside,
  worstOf,
} from "../../../src/checks/iam/trust.ts";

const trust: Trust = {
  accounts: new Set(["111122223333", "444455556666"]),
  organization: { isTrusted: true, id: "o-exampleorgid" },
};
const orgUnknown: Trust = { ...trust, organization: { isTrusted: true, id: null } };
const orgUntrusted: Trust = { ...trust, organization: { isTrusted: false, id: "o-exampleorgid" } };

const orgPaths = "aws:PrincipalOrgPaths";
const principalArn = "aws:PrincipalArn";
const anyLike = "ForAnyValue:StringLike";
const allNotLike = "ForAllValues:StringNotLike";
const roleOf = (account: string) => `arn:aws:iam::${account}:role/team/*`;

/** A policy variable, in two parts as it is no template here. */
const variable = ["$", "{aws:ResourceAccount}"].join("");

describe("trustInPrincipal", () => {
  it.each<{ type: string; id: string; answer: Answer }>([
    { type: "AWS", id: "111122223333", answer: "trusted" },
    { type: "AWS", id: "444455556666", answer: "trusted" },
    { type: "AWS", id: "arn:aws:iam::444455556666:root", answer: "trusted" },
    { type: "AWS", id: "arn:aws-cn:iam::444455556666:root", answer: "trusted" },
    { type: "AWS", id: "arn:aws:iam::444455556666:role/team/ci", answer: "trusted" },
    { type: "AWS", id: "arn:aws:iam::444455556666:user/ci", answer: "trusted" },
    { type: "AWS", id: "arn:aws:sts::444455556666:assumed-role/ci/session", answer: "trusted" },
    { type: "Federated", id: "arn:aws:iam::444455556666:saml-provider/sso", answer: "trusted" },
    { type: "AWS", id: "*", answer: "untrusted" },
    { type: "AWS", id: "777788889999", answer: "untrusted" },
    { type: "AWS", id: "arn:aws:iam::777788889999:root", answer: "untrusted" },
    { type: "AWS", id: "arn:aws:iam::777788889999:role/444455556666", answer: "untrusted" },
    { type: "Federated", id: "arn:aws:iam::777788889999:saml-provider/sso", answer: "untrusted" },
    { type: "Federated", id: "accounts.google.com", answer: "untrusted" },
    { type: "Service", id: "lambda.amazonaws.com", answer: "untrusted" },
    { type: "Service", id: "444455556666", answer: "untrusted" },
    { type: "AWS", id: "AROAEXAMPLEEXAMPLE", answer: "not-understood" },
    { type: "AWS", id: "arn:aws:iam::444455556666:", answer: "not-understood" },
    { type: "AWS", id: "arn:aws:iam::*:root", answer: "not-understood" },
    { type: "AWS", id: "arn:aws:s3::444455556666:root", answer: "not-understood" },
    { type: "AWS", id: "arn:aws:iam::4444555566667777:root", answer: "not-understood" },
    { type: "AWS", id: "x arn:aws:iam::444455556666:root", answer: "not-understood" },
    { type: "CanonicalUser", id: "444455556666", answer: "not-understood" },
  ])("answers $answer for $type $id", ({ type, id, answer }) => {
    expect(trustInPrincipal({ type, id }, trust)).toBe(answer);
  });
});

describe("trustInside", () => {
  it.each<{ operator?: string; key?: string; values: readonly string[]; of?: Trust; answer: Answer }>([
    { values: ["o-exampleorgid"], answer: "trusted" },
    { operator: "StringLike", values: ["o-exampleorgid"], answer: "trusted" },
    { operator: "StringEqualsIgnoreCase", values: ["O-EXAMPLEORGID"], answer: "trusted" },
    { key: "AWS:principalOrgId", values: ["o-exampleorgid"], answer: "trusted" },
    { key: "aws:PrincipalAccount", values: ["444455556666"], answer: "trusted" },
    { key: "aws:PrincipalAccount", values: ["444455556666", "111122223333"], answer: "trusted" },
    { key: "aws:SourceAccount", values: ["111122223333"], answer: "trusted" },
    {
      operator: "StringEqualsIfExists",
      key: "aws:PrincipalAccount",
      values: ["444455556666"],
      answer: "trusted",
    },
    { values: ["o-anotherorgid"], answer: "untrusted" },
    { values: ["o-exampleorgid", "o-anotherorgid"], answer: "untrusted" },
    { values: ["o-exampleorgid"], of: orgUntrusted, answer: "untrusted" },
    { operator: "StringLike", values: ["o-*"], answer: "untrusted" },
    { operator: "StringLike", values: ["o-exampleorgi?"], of: orgUnknown, answer: "untrusted" },
    { key: "aws:PrincipalAccount", values: ["777788889999"], answer: "untrusted" },
    { key: "aws:PrincipalAccount", values: ["444455556666", "777788889999"], answer: "untrusted" },
    { key: "aws:PrincipalAccount", values: [variable, "777788889999"], answer: "untrusted" },
    { operator: "StringLike", key: "aws:PrincipalAccount", values: ["4444*"], answer: "untrusted" },
    { operator: "StringEqualsIfExists", values: ["o-exampleorgid"], answer: "untrusted" },
    {
      operator: "StringLikeIfExists",
      key: "aws:SourceAccount",
      values: ["444455556666"],
      answer: "untrusted",
    },
    { values: ["o-exampleorgid"], of: orgUnknown, answer: "organization-unknown" },
    { operator: "StringNotEquals", values: ["o-exampleorgid"], answer: "not-understood" },
    { operator: "ForAnyValue:StringEquals", values: ["o-exampleorgid"], answer: "not-understood" },
    { operator: "ForAllValues:StringEquals", values: ["o-exampleorgid"], answer: "not-understood" },
    { operator: "Null", values: ["false"], answer: "not-understood" },
    { operator: anyLike, key: orgPaths, values: ["o-exampleorgid/*"], answer: "trusted" },
    {
      operator: anyLike,
      key: orgPaths,
      values: ["o-exampleorgid/r-ab12/ou-ab12-11111111/*"],
      answer: "trusted",
    },
    {
      operator: "ForAnyValue:StringEquals",
      key: orgPaths,
      values: ["o-exampleorgid/r-ab12/ou-ab12-11111111/"],
      answer: "trusted",
    },
    {
      operator: anyLike,
      key: orgPaths,
      values: ["o-exampleorgid/*", "o-anotherorgid/*"],
      answer: "untrusted",
    },
    { operator: anyLike, key: orgPaths, values: ["o-*/r-ab12/*"], answer: "untrusted" },
    { operator: anyLike, key: orgPaths, values: ["o-exampleorgid*"], answer: "untrusted" },
    { operator: anyLike, key: orgPaths, values: ["o-exampleorgid/*"], of: orgUntrusted, answer: "untrusted" },
    {
      operator: anyLike,
      key: orgPaths,
      values: ["o-exampleorgid/*"],
      of: orgUnknown,
      answer: "organization-unknown",
    },
    { operator: anyLike, key: orgPaths, values: ["o-exampleorgid"], answer: "not-understood" },
    { key: orgPaths, values: ["o-exampleorgid/*"], answer: "not-understood" },
    {
      operator: "ForAllValues:StringLike",
      key: orgPaths,
      values: ["o-exampleorgid/*"],
      answer: "not-understood",
    },
    { operator: `${anyLike}IfExists`, key: orgPaths, values: ["o-exampleorgid/*"], answer: "not-understood" },
    { operator: "ArnLike", key: principalArn, values: [roleOf("444455556666")], answer: "trusted" },
    { operator: "ArnEquals", key: principalArn, values: [roleOf("444455556666")], answer: "trusted" },
    { operator: "StringLike", key: principalArn, values: [roleOf("444455556666")], answer: "trusted" },
    { key: principalArn, values: ["arn:aws:iam::111122223333:root"], answer: "trusted" },
    { operator: "ArnLike", key: principalArn, values: ["arn:aws:iam::111122223333:*"], answer: "trusted" },
    { operator: "ArnLike", key: principalArn, values: [roleOf("777788889999")], answer: "untrusted" },
    {
      operator: "ArnLike",
      key: principalArn,
      values: [roleOf("444455556666"), roleOf("777788889999")],
      answer: "untrusted",
    },
    { operator: "ArnLike", key: principalArn, values: [roleOf("*")], answer: "untrusted" },
    { operator: "ArnLike", key: principalArn, values: [roleOf("44445555666?")], answer: "untrusted" },
    { operator: "StringLike", key: principalArn, values: ["*"], answer: "untrusted" },
    { operator: "StringLike", key: principalArn, values: ["**"], answer: "untrusted" },
    {
      operator: "StringLike",
      key: principalArn,
      values: ["*:iam::444455556666:role/ci"],
      answer: "not-understood",
    },
    {
      operator: "ArnLike",
      key: principalArn,
      values: ["arn:aws:iam::444455556666:"],
      answer: "not-understood",
    },
    {
      operator: "ArnLike",
      key: principalArn,
      values: ["arn:aws:s3:::444455556666:x"],
      answer: "not-understood",
    },
    {
      operator: "ArnLikeIfExists",
      key: principalArn,
      values: [roleOf("444455556666")],
      answer: "not-understood",
    },
    { operator: "ArnLikeIfExists", key: principalArn, values: [roleOf("777788889999")], answer: "untrusted" },
    { operator: "ArnLike", key: "aws:PrincipalAccount", values: ["444455556666"], answer: "not-understood" },
    { operator: "IpAddress", key: "aws:SourceIp", values: ["10.0.0.0/8"], answer: "not-understood" },
    { key: "aws:PrincipalAccount", values: [variable], answer: "not-understood" },
  ])("answers $answer for $operator $key $values", ({ of = trust, answer, ...condition }) => {
    const { operator = "StringEquals", key = "aws:PrincipalOrgID", values } = condition;
    expect(trustInside({ operator, key, values }, of)).toBe(answer);
  });
});

describe("trustOutside", () => {
  it.each<{ operator?: string; key?: string; values: readonly string[]; of?: Trust; answer: Answer }>([
    { values: ["o-exampleorgid"], answer: "trusted" },
    { operator: "StringNotLike", values: ["o-exampleorgid"], answer: "trusted" },
    { operator: "StringNotEqualsIgnoreCase", values: ["O-exampleorgid"], answer: "trusted" },
    { operator: "StringNotEqualsIfExists", values: ["o-exampleorgid"], answer: "trusted" },
    { key: "aws:PrincipalAccount", values: ["111122223333", "444455556666"], answer: "trusted" },
    { values: ["o-exampleorgid"], of: orgUntrusted, answer: "untrusted" },
    { operator: "StringNotLike", values: ["o-*"], answer: "untrusted" },
    { key: "aws:PrincipalAccount", values: ["111122223333", "777788889999"], answer: "untrusted" },
    { values: ["o-exampleorgid"], of: orgUnknown, answer: "organization-unknown" },
    { operator: "StringEquals", values: ["o-exampleorgid"], answer: "not-understood" },
    { operator: "ForAllValues:StringNotEquals", values: ["o-exampleorgid"], answer: "not-understood" },
    { key: principalArn, values: ["arn:aws:iam::111122223333:root"], answer: "trusted" },
    { operator: "ArnNotLike", key: principalArn, values: [roleOf("444455556666")], answer: "trusted" },
    {
      operator: "ArnNotEqualsIfExists",
      key: principalArn,
      values: [roleOf("444455556666")],
      answer: "trusted",
    },
    { operator: "ArnNotLike", key: principalArn, values: [roleOf("*")], answer: "untrusted" },
    { operator: allNotLike, key: orgPaths, values: ["o-exampleorgid/*"], answer: "trusted" },
    { operator: allNotLike, key: orgPaths, values: ["o-*"], answer: "untrusted" },
    {
      operator: "ForAnyValue:StringNotLike",
      key: orgPaths,
      values: ["o-exampleorgid/*"],
      answer: "not-understood",
    },
    { key: orgPaths, values: ["o-exampleorgid/*"], answer: "not-understood" },
  ])("answers $answer for $operator $key $values", ({ of = trust, answer, ...condition }) => {
    const { operator = "StringNotEquals", key = "aws:PrincipalOrgID", values } = condition;
    expect(trustOutside({ operator, key, values }, of)).toBe(answer);
  });
});

describe("worstOf", () => {
  it.each<{ answers: readonly Answer[]; worst: Answer }>([
    { answers: [], worst: "trusted" },
    { answers: ["trusted", "trusted"], worst: "trusted" },
    { answers: ["trusted", "organization-unknown"], worst: "organization-unknown" },
    { answers: ["organization-unknown", "not-understood"], worst: "not-understood" },
    { answers: ["not-understood", "untrusted", "trusted"], worst: "untrusted" },
  ])("of $answers is $worst", ({ answers, worst }) => {
    expect(worstOf(answers)).toBe(worst);
  });
});
