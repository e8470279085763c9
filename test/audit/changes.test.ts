import { describe, expect, it } from "vitest";
import { attribute } from "../../src/audit/changes/attribute.ts";
import { namesSecret } from "../../src/ecr/arn.ts";
import type { ObservedChange } from "../../src/schemas/change.ts";
import type { Finding } from "../../src/schemas/finding.ts";
import { aRule } from "../support/builders.ts";
import { aDrift, aFinding } from "../support/report-builders.ts";

const here = { account: "111122223333", region: "eu-west-1" };
const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/hub-AbCdEf";
const by = {
  arn: "arn:aws:iam::111122223333:role/deploy",
  sessionName: "alice",
  at: "2026-11-20T09:14:58Z",
  sourceIp: null,
  eventId: "event-1",
};
const change: ObservedChange = { ...here, thing: "rule", name: "docker-hub", action: "Update", by };
const rules = [aRule({ ecrRepositoryPrefix: "docker-hub", credentialArn: arn })];
const scope = { registries: new Map([["111122223333/eu-west-1", rules]]) };

function attributedTo(finding: Finding, ...changes: readonly ObservedChange[]) {
  const known = { finding, open: true, toldAt: finding.firstSeenAt, quiet: false };
  const drift = [aDrift(here)];
  const compared = { findings: [finding], drift, next: { findings: { [finding.id]: known } } };
  const { findings, next, drift: named } = attribute(compared, changes, scope);
  // Whoever is named is named in the state too, from which later audits take it.
  expect(next.findings[finding.id]?.finding.changedBy).toEqual(findings[0]?.changedBy);
  return { finding: findings[0]?.changedBy?.eventId ?? null, drift: named[0]?.changedBy?.eventId ?? null };
}

const opened = aFinding({ ...here, prefix: "docker-hub", check: "allowed-upstream", transition: "opened" });
const ofRegistry = { ...opened, prefix: null, check: "registry-policy" };

describe("who made a change", () => {
  it.each<[string, Finding, Partial<ObservedChange>, string | null]>([
    ["a rule, on what opened with it", opened, {}, "event-1"],
    ["a rule, on what changed with it", { ...opened, transition: "changed" }, {}, "event-1"],
    ["a rule, spelled with a slash", opened, { name: "docker-hub/" }, "event-1"],
    ["a rule, not on what was open before", { ...opened, transition: "unchanged" }, {}, null],
    ["a rule, not on a reminder", { ...opened, transition: "reminded" }, {}, null],
    ["a rule, not on what it resolved", { ...opened, transition: "resolved" }, {}, null],
    ["another rule", opened, { name: "docker" }, null],
    ["the rule of another region", opened, { region: "us-east-1" }, null],
    ["the rule of another account", opened, { account: "444455556666" }, null],
    ["a rule, by nobody known", opened, { by: null }, null],
    ["the registry policy", ofRegistry, { thing: "registry-policy", name: null }, "event-1"],
    ["the registry policy, not on a rule", opened, { thing: "registry-policy", name: null }, null],
    ["scanning", { ...opened, check: "scan-coverage" }, { thing: "scanning", name: null }, "event-1"],
    ["scanning, not on another check", opened, { thing: "scanning", name: null }, null],
    [
      "the template of the prefix",
      { ...opened, check: "creation-template" },
      { thing: "creation-template", name: "docker-hub" },
      "event-1",
    ],
    [
      "the template of every prefix",
      { ...opened, check: "creation-template" },
      { thing: "creation-template", name: "ROOT" },
      "event-1",
    ],
    [
      "the template of another prefix",
      { ...opened, check: "creation-template" },
      { thing: "creation-template", name: "docker" },
      null,
    ],
    [
      "the secret of the rule",
      { ...opened, check: "rule-validation" },
      { thing: "secret", name: "ecr-pullthroughcache/hub" },
      "event-1",
    ],
    [
      "another secret",
      { ...opened, check: "rule-validation" },
      { thing: "secret", name: "ecr-pullthroughcache/quay" },
      null,
    ],
    [
      "the secret, not on what it cannot change",
      opened,
      { thing: "secret", name: "ecr-pullthroughcache/hub" },
      null,
    ],
  ])("is named for %s", (_what, finding, changed, eventId) => {
    expect(attributedTo(finding, { ...change, ...changed }).finding).toBe(eventId);
  });

  it("is the one who changed it last, in any order", () => {
    const later = { ...change, by: { ...by, at: "2026-11-20T10:00:00Z", eventId: "event-2" } };
    expect(attributedTo(opened, change, later)).toEqual({ finding: "event-2", drift: "event-2" });
    expect(attributedTo(opened, later, change)).toEqual({ finding: "event-2", drift: "event-2" });
  });

  it("is named on the drift of the rule alone", () => {
    expect(attributedTo(opened, change).drift).toBe("event-1");
    expect(attributedTo(opened, { ...change, thing: "creation-template" }).drift).toBeNull();
  });
});

describe("a secret in a call", () => {
  it.each([
    [arn, true],
    [arn.slice(0, -"-AbCdEf".length), true],
    ["ecr-pullthroughcache/hub", true],
    ["ecr-pullthroughcache/hub-AbCdEf", true],
    ["ecr-pullthroughcache/hu", false],
    ["ecr-pullthroughcache", false],
    [arn.replace("eu-west-1", "us-east-1"), false],
    ["", false],
  ])("that is named %s is the one with this ARN: %s", (id, isNamed) => {
    expect(namesSecret(id, arn)).toBe(isNamed);
  });
});
