import { describe, expect, it } from "vitest";
import { scanCoverage } from "../../src/checks/scan-coverage/check.ts";
import { scanCoverageText } from "../../src/checks/scan-coverage/text.ts";
import { adviceText } from "../../src/core/advice.ts";
import { absent, present, unreadable } from "../../src/facts/evidence.ts";
import type { Scanning } from "../../src/facts/scanning.ts";
import type { RegistrySnapshot } from "../../src/facts/snapshot.ts";
import type { Policy } from "../../src/policy/schema.ts";
import { aPolicy, aRegistryOf, aScanning, aSnapshot, type PolicyFile } from "../support/builders.ts";
import { testCheck } from "../support/check-tester.ts";

/** A registry with a rule for `prefix`, scanned by `scanning`. */
function scannedBy(scanning: Partial<Scanning>, prefix = "docker-hub"): RegistrySnapshot {
  const { rules } = aRegistryOf({ ecrRepositoryPrefix: prefix });
  return aSnapshot({ rules, scanning: present(aScanning(scanning)) });
}

/** Continuous scans of what `filters` match. */
function continuous(...filters: readonly string[]): Partial<Scanning> {
  return { rules: [{ scanFrequency: "CONTINUOUS_SCAN", filters }] };
}

/** Scans on push of what `filters` match. */
function onPush(...filters: readonly string[]): Scanning {
  return { scanType: "BASIC", rules: [{ scanFrequency: "SCAN_ON_PUSH", filters }] };
}

function demanding(scanning: PolicyFile["scanning"]): Policy {
  return aPolicy({ scanning });
}

const frequencies = ["CONTINUOUS_SCAN", "SCAN_ON_PUSH"];

function notScanned(scanning: Partial<Scanning>, prefix = "docker-hub") {
  return [{ kind: "not-scanned", prefix, data: { ...aScanning(scanning), frequencies } }];
}

function partlyScanned(scanning: Partial<Scanning>, filters: readonly string[], prefix = "docker-hub") {
  return [{ kind: "partly-scanned", prefix, data: { ...aScanning(scanning), frequencies, filters } }];
}

const unfiltered = { scanType: "BASIC", rules: [] };
const library = continuous("docker-hub/library/*", "quay/*", "docker-hub/team/*");

testCheck(scanCoverage, {
  text: scanCoverageText,
  policy: demanding({}),
  passes: [
    { name: "everything", registry: scannedBy(continuous("*")) },
    { name: "the prefix", registry: scannedBy(continuous("docker-hub/*")) },
    { name: "the prefix among others", registry: scannedBy(continuous("quay/*", "docker-hub/*")) },
    { name: "whatever has the prefix in its name", registry: scannedBy(continuous("docker-hub")) },
    {
      name: "a rule with a slash at its end",
      registry: scannedBy(continuous("docker-hub/*"), "docker-hub/"),
    },
    { name: "basic scans on push", registry: scannedBy(onPush("*")) },
    { name: "ROOT, by a filter for everything", registry: scannedBy(continuous("*"), "ROOT") },
    {
      name: "the one frequency that counts",
      registry: scannedBy(onPush("*")),
      policy: demanding({ frequencies: ["SCAN_ON_PUSH"] }),
    },
    {
      name: "scans by hand, where they count",
      registry: scannedBy(unfiltered),
      policy: demanding({ frequencies: ["MANUAL"] }),
    },
  ],
  fails: [
    { name: "no filter", registry: scannedBy(unfiltered), says: notScanned(unfiltered) },
    {
      name: "nothing that was ever configured",
      registry: aSnapshot({ scanning: absent }),
      says: notScanned(unfiltered),
    },
    {
      name: "filters for other prefixes",
      registry: scannedBy(continuous("quay/*", "docker/*")),
      says: notScanned(continuous("quay/*", "docker/*")),
    },
    {
      name: "filters for a part of the prefix",
      registry: scannedBy(library),
      says: partlyScanned(library, ["docker-hub/library/*", "docker-hub/team/*"]),
    },
    {
      name: "ROOT, by a filter for a prefix",
      registry: scannedBy(continuous("docker-hub/*"), "ROOT"),
      says: partlyScanned(continuous("docker-hub/*"), ["docker-hub/*"], "ROOT"),
    },
    {
      name: "a frequency that does not count",
      registry: scannedBy(onPush("*")),
      policy: demanding({ required: true, frequencies: ["CONTINUOUS_SCAN"] }),
      says: [
        {
          kind: "not-scanned",
          prefix: "docker-hub",
          data: { ...onPush("*"), frequencies: ["CONTINUOUS_SCAN"] },
        },
      ],
    },
    {
      name: "no scans by hand, which enhanced scanning does not know",
      registry: scannedBy(continuous("*")),
      policy: demanding({ frequencies: ["MANUAL"] }),
      says: [
        {
          kind: "not-scanned",
          prefix: "docker-hub",
          data: { ...aScanning(continuous("*")), frequencies: ["MANUAL"] },
        },
      ],
    },
    {
      name: "no scans by hand, where only others count",
      registry: scannedBy({ scanType: "BASIC", rules: [{ scanFrequency: "MANUAL", filters: ["*"] }] }),
      says: notScanned({ scanType: "BASIC", rules: [{ scanFrequency: "MANUAL", filters: ["*"] }] }),
    },
  ],
  unknownCases: [
    {
      name: "a configuration that could not be read",
      registry: aSnapshot({
        scanning: unreadable("access-denied", "ecr:GetRegistryScanningConfiguration", "no"),
      }),
      says: [
        {
          kind: "evidence-unreadable",
          prefix: "docker-hub",
          data: { reason: "access-denied", operation: "ecr:GetRegistryScanningConfiguration", detail: "no" },
        },
      ],
    },
  ],
  doesNotApply: [
    {
      name: "a policy without the section",
      registry: scannedBy(unfiltered),
      policy: aPolicy(),
      says: [{ kind: "not-demanded", prefix: "docker-hub", data: {} }],
    },
    {
      name: "a policy that does not require it",
      registry: scannedBy(unfiltered),
      policy: demanding({ required: false }),
      says: [{ kind: "not-demanded", prefix: "docker-hub", data: {} }],
    },
    { name: "a registry without rules", registry: aRegistryOf(), says: "nothing" },
  ],
});

describe("the remediation", () => {
  it.each([
    { prefix: "docker-hub", filter: "docker-hub/*" },
    { prefix: "docker-hub/", filter: "docker-hub/*" },
    { prefix: "ROOT", filter: "*" },
  ])("of $prefix keeps the filters that are there and adds $filter", ({ prefix, filter }) => {
    const { remediation } = scanCoverageText.kinds["not-scanned"];
    const data = { ...onPush("quay/*"), frequencies };
    const words = adviceText(remediation(data, { account: "111122223333", region: "eu-west-1", prefix }));
    const rules = [
      {
        scanFrequency: "SCAN_ON_PUSH",
        repositoryFilters: ["quay/*", filter].map((name) => ({ filter: name, filterType: "WILDCARD" })),
      },
    ];
    expect(words).toContain(
      `aws ecr put-registry-scanning-configuration --region eu-west-1 --scan-type BASIC --rules '${JSON.stringify(rules)}'`,
    );
  });
});
