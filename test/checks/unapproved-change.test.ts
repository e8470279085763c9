import { unapprovedChange } from "../../src/checks/unapproved-change/check.ts";
import { unapprovedChangeText } from "../../src/checks/unapproved-change/text.ts";
import type { ObservedChange } from "../../src/schemas/change.ts";
import { aPolicy, aRegistryOf, aSnapshot } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

const registry = aRegistryOf({ ecrRepositoryPrefix: "docker-hub" });
const by = {
  arn: "arn:aws:iam::111122223333:role/admin",
  sessionName: "alice",
  at: "2026-11-20T09:14:58Z",
  sourceIp: "203.0.113.7",
  eventId: "event-1",
};

function changed(overrides: Partial<ObservedChange> = {}): ObservedChange {
  const { account, region } = registry.target;
  const action = "UpdatePullThroughCacheRule";
  return { account, region, thing: "rule", name: "docker-hub", action, by, ...overrides };
}

function byDeploy(overrides: Partial<ObservedChange> = {}): ObservedChange {
  return changed({ by: { ...by, arn: "arn:aws:iam::111122223333:role/deploy-ecr" }, ...overrides });
}

function notApproved({ thing, name, action }: ObservedChange) {
  const prefix = thing === "rule" ? name : null;
  const subject = JSON.stringify([thing, name]);
  return { kind: "change-not-approved", prefix, subject, data: { thing, name, action, ...by } };
}

const ofPolicy = changed({ thing: "registry-policy", name: null, action: "PutRegistryPolicy" });
const ofTemplate = changed({
  thing: "creation-template",
  name: "ROOT",
  action: "UpdateRepositoryCreationTemplate",
});
const ofScanning = changed({ thing: "scanning", name: null, action: "PutRegistryScanningConfiguration" });
const ofDeletedRule = changed({ name: "quay", action: "DeletePullThroughCacheRule" });

testCheck(unapprovedChange, {
  text: unapprovedChangeText,
  policy: aPolicy({ changes: { allowedPrincipals: ["arn:aws:iam::*:role/deploy-*", "*.amazonaws.com"] } }),
  passes: [
    { name: "a change by an allowed role", registry, changes: [byDeploy()] },
    {
      name: "a change by an allowed service",
      registry,
      changes: [changed({ by: { ...by, arn: "cloudformation.amazonaws.com" } })],
    },
  ],
  fails: [
    { name: "a change by another role", registry, changes: [changed()], says: [notApproved(changed())] },
    { name: "a deleted rule", registry, changes: [ofDeletedRule], says: [notApproved(ofDeletedRule)] },
    {
      name: "several changes",
      registry,
      changes: [ofPolicy, ofTemplate, ofScanning],
      says: [ofPolicy, ofTemplate, ofScanning].map(notApproved),
    },
    {
      name: "a change in an audit of its rule alone",
      registry,
      evaluating: ["docker-hub"],
      changes: [changed(), ofPolicy],
      says: [notApproved(changed())],
    },
  ],
  unknownCases: { never: "a change by nobody known says nothing" },
  doesNotApply: [
    {
      name: "a policy that does not ask who made changes",
      registry,
      policy: aPolicy(),
      changes: [changed()],
      says: [{ kind: "not-demanded", prefix: null, data: {} }],
    },
    ...[
      { name: "no known change", changes: [] },
      { name: "a change by nobody known", changes: [changed({ by: null })] },
      { name: "a secret's rotation", changes: [changed({ thing: "secret" })] },
    ].map((one) => ({ ...one, registry, says: [{ kind: "no-change-known", prefix: null, data: {} }] })),
    {
      name: "a registry without rules, of which no change is known",
      registry: aSnapshot(),
      says: [{ kind: "no-change-known", prefix: null, data: {} }],
    },
  ],
});
