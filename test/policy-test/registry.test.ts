import { describe, expect, it } from "vitest";
import { absent, present } from "../../src/facts/evidence.ts";
import { nothingCollected, snapshotSchema } from "../../src/facts/snapshot.ts";
import { snapshotOf } from "../../src/policy-test/registry.ts";
import { NOW } from "../support/builders.ts";
import { aCase, aRegistryFile, type RegistryFile, SECRET } from "./builders.ts";

function snapshot(overrides: Partial<RegistryFile> = {}) {
  const made = snapshotOf(aCase({ registry: aRegistryFile(overrides) }).registry, NOW);
  expect(snapshotSchema.parse(made)).toEqual(made);
  return made;
}

function rulesOf(...rules: RegistryFile["rules"]) {
  const { rules: evidence } = snapshot({ rules });
  return evidence.state === "present" ? evidence.value : [];
}

describe("a case's registry", () => {
  it("is in the given account and region, and in no organization by default", () => {
    expect(snapshot().target).toEqual({
      account: "111122223333",
      accountName: null,
      organizationId: null,
      organizationalUnits: [],
      region: "eu-west-1",
    });
    const organizationalUnits = ["r-ab12", "ou-ab12-34567890"];
    expect(snapshot({ organizationId: "o-exampleorgid", organizationalUnits }).target).toMatchObject({
      organizationId: "o-exampleorgid",
      organizationalUnits,
    });
  });

  it("has not collected the facts that it omits", () => {
    expect(snapshot()).toMatchObject(nothingCollected);
  });

  it("has the given facts, completed with the defaults of AWS", () => {
    const { creationTemplates, scanning, registryPolicy } = snapshot({
      creationTemplates: [{ prefix: "ROOT" }],
      scanning: { rules: [{ scanFrequency: "SCAN_ON_PUSH", filters: ["*"] }] },
      registryPolicy: { Version: "2012-10-17", Statement: [] },
    });
    expect(creationTemplates).toEqual(
      present([
        {
          prefix: "ROOT",
          appliedFor: ["PULL_THROUGH_CACHE"],
          imageTagMutability: "MUTABLE",
          encryptionType: "AES256",
          hasLifecyclePolicy: false,
          hasRepositoryPolicy: false,
          lifecyclePolicy: null,
          repositoryPolicy: null,
          hasResourceTags: false,
          customRoleArn: null,
        },
      ]),
    );
    const rules = [{ scanFrequency: "SCAN_ON_PUSH", filters: ["*"] }];
    expect(scanning).toEqual(present({ scanType: "BASIC", rules }));
    expect(registryPolicy).toEqual(present('{"Version":"2012-10-17","Statement":[]}'));
  });

  it("knows what it has none of", () => {
    expect(
      snapshot({ registryPolicy: null, creationTemplates: [], secrets: { [SECRET]: null } }),
    ).toMatchObject({
      registryPolicy: absent,
      creationTemplates: present([]),
      secrets: { [SECRET]: absent },
    });
  });

  it("has values of secrets as old as their last change, unless it says otherwise", () => {
    const secrets = { [SECRET]: { lastChangedAt: "2026-10-01", currentSince: "2026-01-01" } };
    expect(snapshot({ secrets }).secretVersions[SECRET]).toEqual(present({ currentSince: "2026-01-01" }));
    const unsaid = { [SECRET]: { lastChangedAt: "2026-10-01" } };
    expect(snapshot({ secrets: unsaid }).secretVersions[SECRET]).toEqual(
      present({ currentSince: "2026-10-01" }),
    );
    expect(snapshot({ secrets: { [SECRET]: null } }).secretVersions[SECRET]).toEqual(absent);
  });

  it("has the texts of a template's policies, or sound ones where it only says that there are some", () => {
    const lifecyclePolicy = { rules: [] };
    const { creationTemplates } = snapshot({
      creationTemplates: [{ prefix: "ROOT", lifecyclePolicy, hasRepositoryPolicy: true }],
    });
    expect(creationTemplates).toMatchObject(
      present([
        {
          hasLifecyclePolicy: true,
          lifecyclePolicy: JSON.stringify(lifecyclePolicy),
          repositoryPolicy: expect.stringContaining("ecr:BatchGetImage"),
        },
      ]),
    );
  });

  it("has secrets by their names", () => {
    const { secrets } = snapshot({ secrets: { [SECRET]: { tags: { "expires-on": "2027-01-31" } } } });
    expect(secrets[SECRET]).toEqual(
      present({
        name: "ecr-pullthroughcache/docker-hub",
        kmsKeyId: null,
        lastChangedAt: null,
        deletedAt: null,
        rotation: { isEnabled: false, nextAt: null },
        tags: { "expires-on": "2027-01-31" },
      }),
    );
  });
});

describe("a case's rule", () => {
  it("has the URL of its upstream, works, and has nothing else", () => {
    expect(rulesOf({ ecrRepositoryPrefix: "quay", upstreamRegistry: "quay" })).toEqual([
      {
        rule: {
          ecrRepositoryPrefix: "quay",
          upstreamRegistryUrl: "quay.io",
          upstreamRegistry: "quay",
          upstreamRepositoryPrefix: "ROOT",
          credentialArn: null,
          customRoleArn: null,
          createdAt: null,
          updatedAt: null,
        },
        validation: present({ outcome: "valid" }),
      },
    ]);
  });

  it("is identified by its URL, regardless of its declared registry", () => {
    const upstream = { upstreamRegistry: "docker-hub", upstreamRegistryUrl: "evil.example.com" };
    expect(rulesOf({ ecrRepositoryPrefix: "hub", ...upstream })).toMatchObject([
      { rule: { upstreamRegistry: null, upstreamRegistryUrl: "evil.example.com" } },
    ]);
  });

  it.each([
    [{ invalid: "expired" }, { outcome: "invalid", failure: "expired" }],
    [{ declined: "no secret" }, { outcome: "declined", detail: "no secret" }],
    ["valid" as const, { outcome: "valid" }],
  ])("may be validated otherwise: %j", (validation, outcome) => {
    expect(rulesOf({ ecrRepositoryPrefix: "quay", upstreamRegistry: "quay", validation })).toMatchObject([
      { validation: present(outcome) },
    ]);
  });
});
