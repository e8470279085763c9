import { daysBefore } from "../simulator/calendar.ts";
import { organizationalUnitId } from "../simulator/organizational-units.ts";
import type { PolicyFile } from "../support/builders.ts";
import type { Dice } from "./dice.ts";
import { ABROAD, HOME, HUB, MEMBERS, STRANGER, TOPIC } from "./places.ts";

const root = { rootId: "r-ex4m" };
const unitIds = ["Workloads", "Workloads/Production", "Sandbox"].map((path) =>
  organizationalUnitId(root, path),
);
const [workloads = "", production = "", sandbox = ""] = unitIds;

type Sections = Pick<PolicyFile, "allowedUpstreams" | "prefixes" | "requiredRules" | "undeclaredRules"> &
  Pick<PolicyFile, "secrets" | "creationTemplates" | "scanning" | "registryPolicy" | "checks">;

/** A policy at random, as its file has it. Its days are relative to `now`. */
export function randomPolicy(dice: Dice, now: Date): PolicyFile {
  return {
    version: 1,
    name: "a fuzz run",
    scope: randomScope(dice),
    ...randomSections(dice),
    ...(dice.chance(0.3) ? { customChecks: [noQuay] } : {}),
    overrides: Array.from({ length: dice.pick([0, 0, 1, 2]) }, () => randomOverride(dice)),
    waivers: Array.from({ length: dice.pick([0, 0, 1, 3]) }, (_nothing, index) =>
      randomWaiver(index, dice, now),
    ),
    ...(dice.chance(0.2)
      ? { notifications: { routes: [{ where: { accounts: [HUB] }, topicArn: TOPIC }] } }
      : {}),
  };
}

/** A custom check. The oracle hard-codes its meaning. */
export const noQuay = {
  id: "no-quay",
  title: "Nothing comes from Quay",
  severity: "critical",
  appliesTo: "rule",
  assert: "rule.upstreamRegistryUrl != 'quay.io'",
  message: "It does.",
  remediation: "Take it elsewhere.",
} as const;

function randomScope(dice: Dice): NonNullable<PolicyFile["scope"]> {
  const regions = dice.pick([[HOME, ABROAD], [HOME, ABROAD, HOME], [ABROAD], "enabled" as const, undefined]);
  const accounts = dice.pick(["organization", "organization", "organization", "current", "list"] as const);
  const list = [HUB, MEMBERS[0], MEMBERS[0], STRANGER];
  return {
    accounts: accounts === "list" ? list : accounts,
    ...(accounts === "organization" && dice.chance(0.2)
      ? { organizationalUnits: dice.pick([[workloads], [production, sandbox]]) }
      : {}),
    ...(dice.chance(0.15) ? { excludeAccounts: [dice.pick([HUB, ...MEMBERS])] } : {}),
    ...(regions === undefined ? {} : { regions }),
  };
}

function randomSections(dice: Dice): Sections {
  return {
    allowedUpstreams: randomUpstreams(dice),
    prefixes: {
      ...(dice.chance(0.4) ? { pattern: "[a-z0-9]+(-[a-z0-9]+)*" } : {}),
      ...(dice.chance(0.4) ? { maxLength: 20 } : {}),
      ...(dice.chance(0.3) ? { root: "allow" as const } : {}),
      ...(dice.chance(0.3) ? { overlap: "allow" as const } : {}),
      ...(dice.chance(0.5) ? { duplicateUpstreams: "forbid" as const } : {}),
    },
    ...(dice.chance(0.5) ? { requiredRules: randomRequirements(dice) } : {}),
    ...(dice.chance(0.3) ? { undeclaredRules: "forbid" as const } : {}),
    ...randomFactSections(dice),
    ...(dice.chance(0.3) ? { checks: randomSettings(dice) } : {}),
  };
}

function randomFactSections(dice: Dice): Partial<Sections> {
  return {
    ...(dice.chance(0.6)
      ? {
          secrets: dice.pick([
            {},
            { maxAgeDays: 90, expiryTag: "expires-on" },
            { maxAgeDays: 90, rotation: "required" as const },
            { expiryTag: "expires-on", warnDays: 30 },
          ]),
        }
      : {}),
    ...(dice.chance(0.5)
      ? {
          creationTemplates: dice.pick([
            {},
            { required: false, encryption: ["KMS" as const] },
            { tagMutability: ["MUTABLE" as const], lifecyclePolicy: true, repositoryPolicy: true },
            {
              lifecyclePolicy: { expireAfterDays: 60 },
              repositoryPolicy: { trustedAccounts: [HUB], trustOrganization: dice.chance(0.5) },
            },
          ]),
        }
      : {}),
    ...(dice.chance(0.5)
      ? { scanning: dice.pick([{}, { required: false }, { frequencies: ["MANUAL" as const] }]) }
      : {}),
    ...(dice.chance(0.5)
      ? { registryPolicy: dice.pick([{}, { trustOrganization: true }, { trustedAccounts: [HUB, STRANGER] }]) }
      : {}),
  };
}

function randomUpstreams(dice: Dice): PolicyFile["allowedUpstreams"] {
  const all: PolicyFile["allowedUpstreams"] = [
    { registry: "ecr-public" },
    { registry: "k8s", prefixes: ["k8s", "base*"] },
    { registry: "quay", upstreamPrefixes: ["library", "base/*"] },
    { registry: "quay", prefixes: ["quay"], upstreamPrefixes: ["ROOT"] },
    {
      registry: "docker-hub",
      prefixes: ["docker-hub", "docker-hub/*"],
      secretNames: ["ecr-pullthroughcache/docker-*"],
    },
    { registry: "github-container-registry", secretNames: ["ecr-pullthroughcache/*", "personal/*"] },
    { registry: "azure-container-registry", urls: ["contoso*.azurecr.io"] },
    { registry: "gitlab-container-registry" },
    { registry: "brand-new-registry" },
    { registry: "ecr", accounts: [HUB], regions: ["us-*"], roleNames: ["ecr-pull-*"] },
    { registry: "ecr", accounts: [MEMBERS[0]], upstreamPrefixes: ["base"] },
  ];
  return dice.some(all, 0.75);
}

function randomRequirements(dice: Dice): NonNullable<PolicyFile["requiredRules"]> {
  const all: NonNullable<PolicyFile["requiredRules"]> = [
    { prefix: "docker-hub", registry: "docker-hub" },
    { prefix: "docker-hub", registry: "docker-hub", accounts: [HUB] },
    { prefix: "quay", registry: "quay", regions: ["us-*"], upstreamPrefixes: ["ROOT"] },
    {
      prefix: "azure-one",
      registry: "azure-container-registry",
      urls: ["contoso.azurecr.io"],
      accounts: [MEMBERS[1]],
    },
    { prefix: "k8s", registry: "k8s", organizationalUnits: [workloads] },
  ];
  return dice.some(all, 0.5);
}

function randomSettings(dice: Dice): NonNullable<PolicyFile["checks"]> {
  const ids = ["rule-validation", "rule-quota", "fleet-consistency", "prefix-convention", "secret-health"];
  return Object.fromEntries(
    dice.some(ids, 0.3).map((id) => [id, dice.pick([{ enabled: false }, { severity: "critical" as const }])]),
  );
}

function randomOverride(dice: Dice): NonNullable<PolicyFile["overrides"]>[number] {
  const place = dice.pick([
    { accounts: [dice.pick([HUB, ...MEMBERS])] },
    { accounts: ["4*", "7777????9999"], regions: ["eu-*"] },
    { organizationalUnits: [dice.pick([workloads, sandbox])] },
    { accounts: [], regions: [] },
  ]);
  const { allowedUpstreams, requiredRules, ...sections } = randomSections(dice);
  const isWide = dice.chance(0.3);
  return {
    where: place,
    set: {
      ...Object.fromEntries(dice.some(Object.entries(sections), 0.5)),
      ...(isWide ? { allowedUpstreams } : {}),
      ...(isWide && requiredRules !== undefined ? { requiredRules } : {}),
    },
  };
}

function randomWaiver(index: number, dice: Dice, now: Date): NonNullable<PolicyFile["waivers"]>[number] {
  return {
    check: dice.pick(["*", "rule-validation", "upstream-*", "prefix-convention", "required-rule"]),
    ...(dice.chance(0.5) ? { accounts: [dice.pick([HUB, ...MEMBERS])] } : {}),
    ...(dice.chance(0.3) ? { regions: [dice.pick(["*", "eu-*", HOME])] } : {}),
    ...(dice.chance(0.5) ? { prefixes: dice.pick([["docker-hub*"], ["*"], ["quay/"], []]) } : {}),
    reason: `waiver ${index}`,
    owner: "team-fuzz",
    expires: daysBefore(now, dice.pick([3, -5, -100])).slice(0, "yyyy-mm-dd".length),
  };
}
