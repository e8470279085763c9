import * as ecr from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { watchedActions } from "../../src/checks/registry-policy/actions.ts";
import { registryPolicy } from "../../src/checks/registry-policy/check.ts";
import { registryPolicyText } from "../../src/checks/registry-policy/text.ts";
import { absent, present, unreadable } from "../../src/facts/evidence.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import { nothingCollected } from "../../src/facts/snapshot.ts";
import type { Policy } from "../../src/policy/schema.ts";
import {
  aPolicy,
  aRegistryOf,
  aRegistryPolicy,
  aSnapshot,
  aTarget,
  NOW,
  type PolicyFile,
} from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const actions = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];
const stranger = "arn:aws:iam::777788889999:root";
const pullThrough = { Sid: "PullThrough", Effect: "Allow", Action: actions, Resource: "*" };
const fromOrganization = { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } };
const fromOffice = { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"] } };

/** A registry whose policy allows pulling through, once for each of `statements`. */
function allowing(...statements: readonly object[]): RegistrySnapshot {
  const text = aRegistryPolicy(...statements.map((statement) => ({ ...pullThrough, ...statement })));
  return aSnapshot({ registryPolicy: present(text) });
}

function trusting(demands: PolicyFile["registryPolicy"]): Policy {
  return aPolicy({ registryPolicy: demands });
}

/** What is said of a statement that lets in a stranger, with `data` where it says something else. */
function finding(kind: string, data: Record<string, unknown> = {}) {
  const statement = data["statement"] ?? "PullThrough";
  return {
    kind,
    prefix: null,
    subject: String(statement),
    data: { statement, actions, principals: [stranger], conditions: [], ...data },
  };
}

const outsideOrganizations = aTarget({ organizationId: null });

testCheck(registryPolicy, {
  text: registryPolicyText,
  policy: trusting({}),
  passes: [
    { name: "no policy", registry: aSnapshot({ registryPolicy: absent }) },
    { name: "the registry's own account", registry: allowing({ Principal: { AWS: "111122223333" } }) },
    {
      name: "a trusted account",
      registry: allowing({ Principal: { AWS: ["arn:aws:iam::444455556666:role/ci", "111122223333"] } }),
      policy: trusting({ trustedAccounts: ["444455556666"] }),
    },
    {
      name: "the organization",
      registry: allowing({ Principal: "*", Condition: fromOrganization }),
      policy: trusting({ trustOrganization: true }),
    },
    {
      name: "the organization that the policy names",
      registry: {
        ...allowing({ Principal: "*", Condition: fromOrganization }),
        target: outsideOrganizations,
      },
      policy: trusting({ trustOrganization: true, organizationId: "o-exampleorgid" }),
    },
    ...["ecr:Describe*", "ecr:GetRegistryPolicy", "ecr:BatchGetImage", "ecr:StartImageScan"].map(
      (Action) => ({
        name: `a stranger who may only ${Action}`,
        registry: allowing({ Principal: { AWS: stranger }, Action }),
      }),
    ),
    ...watchedActions.repository.map((Action) => ({
      name: `a stranger who may ${Action} where no rule caches`,
      registry: allowing({
        Principal: { AWS: stranger },
        Action,
        Resource: "arn:aws:ecr:eu-west-1:111122223333:repository/team/*",
      }),
    })),
    {
      name: "a stranger who is denied what is allowed",
      registry: allowing({ Principal: { AWS: stranger } }, { Sid: "No", Effect: "Deny", Principal: "*" }),
    },
    {
      name: "a registry without rules",
      registry: { ...aRegistryOf(), registryPolicy: present(aRegistryPolicy()) },
      policy: trusting({ trustedAccounts: ["444455556666"] }),
    },
  ],
  fails: [
    ...[...watchedActions.registry, ...watchedActions.repository].map((Action) => ({
      name: `a stranger who may only ${Action}`,
      registry: allowing({ Principal: { AWS: stranger }, Action }),
      says: [finding("untrusted-let-in", { actions: [Action] })],
    })),
    {
      name: "a stranger who may push under the prefix of a rule",
      registry: allowing({
        Principal: { AWS: stranger },
        Action: "ecr:PutImage",
        Resource: "arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/library/*",
      }),
      says: [finding("untrusted-let-in", { actions: ["ecr:PutImage"] })],
    },
    {
      name: "a stranger who may push anywhere, where a rule caches the rest",
      registry: {
        ...allowing({
          Principal: { AWS: stranger },
          Action: "ecr:PutImage",
          Resource: "arn:aws:ecr:eu-west-1:111122223333:repository/team/*",
        }),
        rules: aRegistryOf({ ecrRepositoryPrefix: "ROOT" }).rules,
      },
      says: [finding("untrusted-let-in", { actions: ["ecr:PutImage"] })],
    },
    {
      name: "a stranger",
      registry: allowing({ Principal: { AWS: ["111122223333", stranger] } }),
      says: [finding("untrusted-let-in")],
    },
    {
      name: "a registry without rules, which may get some",
      registry: { ...aRegistryOf(), registryPolicy: present(aRegistryPolicy()) },
      says: [
        {
          kind: "untrusted-let-in",
          prefix: null,
          subject: "LetPullersImport",
          data: {
            statement: "LetPullersImport",
            actions,
            principals: ["arn:aws:iam::444455556666:root"],
            conditions: [],
          },
        },
      ],
    },
    {
      name: "everybody",
      registry: allowing({ Principal: "*" }),
      says: [finding("untrusted-let-in", { principals: ["*"] })],
    },
    {
      name: "everybody in the organization, which is not trusted",
      registry: allowing({ Principal: "*", Condition: fromOrganization }),
      says: [
        finding("untrusted-let-in", {
          principals: ["*"],
          conditions: ["StringEquals aws:PrincipalOrgID o-exampleorgid"],
        }),
      ],
    },
    {
      name: "everybody in another organization than the policy names",
      registry: allowing({ Principal: "*", Condition: fromOrganization }),
      policy: trusting({ trustOrganization: true, organizationId: "o-anotherorgid" }),
      says: [
        finding("untrusted-let-in", {
          principals: ["*"],
          conditions: ["StringEquals aws:PrincipalOrgID o-exampleorgid"],
        }),
      ],
    },
    {
      name: "a service",
      registry: allowing({ Principal: { Service: "lambda.amazonaws.com" } }),
      says: [finding("untrusted-let-in", { principals: ["Service lambda.amazonaws.com"] })],
    },
    {
      name: "all but a stranger",
      registry: allowing({ NotPrincipal: { AWS: stranger } }),
      says: [finding("all-but-some-let-in")],
    },
    {
      name: "one of two actions, by a wildcard",
      registry: allowing({ Principal: { AWS: stranger }, Action: "ecr:BatchImport*" }),
      says: [finding("untrusted-let-in", { actions: ["ecr:BatchImportUpstreamImage"] })],
    },
    {
      name: "each statement on its own, with or without Sid",
      registry: allowing(
        { Principal: { AWS: stranger } },
        { Sid: "Own", Principal: { AWS: "111122223333" } },
        { Sid: undefined, Principal: { AWS: stranger } },
      ),
      says: [finding("untrusted-let-in"), finding("untrusted-let-in", { statement: "#3" })],
    },
  ],
  unknownCases: [
    {
      name: "a condition that is not understood",
      registry: allowing({ Principal: { AWS: stranger }, Condition: fromOffice }),
      says: [
        finding("statement-not-understood", {
          conditions: ["IpAddress aws:SourceIp 203.0.113.0/24 or 198.51.100.0/24"],
        }),
      ],
    },
    {
      name: "a principal that is not understood",
      registry: allowing({ Principal: { AWS: "AROAEXAMPLEEXAMPLE" } }),
      says: [finding("statement-not-understood", { principals: ["AROAEXAMPLEEXAMPLE"] })],
    },
    {
      name: "an organization, where ours is not known",
      registry: {
        ...allowing({ Principal: "*", Condition: fromOrganization }),
        target: outsideOrganizations,
      },
      policy: trusting({ trustOrganization: true }),
      says: [
        finding("organization-unknown", {
          principals: ["*"],
          conditions: ["StringEquals aws:PrincipalOrgID o-exampleorgid"],
        }),
      ],
    },
    {
      name: "a text that is no policy",
      registry: aSnapshot({ registryPolicy: present('{"Statement":{}}') }),
      says: [
        {
          kind: "not-a-policy",
          prefix: null,
          data: { problem: '$.Statement[0].Effect must be "Allow" or "Deny"' },
        },
      ],
    },
    {
      name: "a policy that could not be read",
      registry: aSnapshot({ registryPolicy: unreadable("access-denied", "ecr:GetRegistryPolicy", "no") }),
      says: [
        {
          kind: "evidence-unreadable",
          prefix: null,
          data: { reason: "access-denied", operation: "ecr:GetRegistryPolicy", detail: "no" },
        },
      ],
    },
  ],
  doesNotApply: [
    {
      name: "a policy without the section",
      registry: allowing({ Principal: "*" }),
      policy: aPolicy(),
      says: [{ kind: "not-demanded", prefix: null, data: {} }],
    },
    {
      name: "a registry without rules, of which nothing else was read",
      registry: { ...aRegistryOf(), ...nothingCollected },
      says: [{ kind: "not-demanded", prefix: null, data: {} }],
    },
    {
      name: "an audit of some prefixes, which does not evaluate the registry as a whole",
      registry: allowing({ Principal: "*" }),
      evaluating: ["docker-hub"],
      says: "nothing",
    },
  ],
});

describe("a registry without rules", () => {
  it("is UNKNOWN if its policy could not be read", () => {
    const denied = unreadable("access-denied", "ecr:GetRegistryPolicy", "no");
    const [evaluation] = registryPolicy.evaluate({
      registry: { ...aRegistryOf(), registryPolicy: denied },
      policy: trusting({}),
      now: NOW,
      inScope: () => true,
    });
    expect(evaluation).toMatchObject({ status: "UNKNOWN", kind: "evidence-unreadable" });
  });
});

describe("the actions that are watched", () => {
  it("are all actions of ECR, except those that read and those that do not change what is cached", () => {
    const commands = Object.keys(ecr).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);
    const reads = /^(Describe|Get|List|BatchGet|BatchCheck|Validate|Start)/;
    const others = [
      ...["DeleteSigningConfiguration", "PutSigningConfiguration", "PutReplicationConfiguration"],
      ...["RegisterPullTimeUpdateExclusion", "DeregisterPullTimeUpdateExclusion"],
      ...["StopReplicationBackfill", "TagResource", "UntagResource"],
    ];
    const changing = commands.filter((name) => !reads.test(name) && !others.includes(name));
    // These two actions have no operation of their own in the API.
    const actions = [...changing, "BatchImportUpstreamImage", "ReplicateImage"].map((name) => `ecr:${name}`);
    expect([...watchedActions.registry, ...watchedActions.repository].toSorted()).toEqual(actions.toSorted());
  });
});
