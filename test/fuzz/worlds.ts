import { daysBefore } from "../simulator/calendar.ts";
import { MANAGED_KEY_ID } from "../simulator/services/ecr-credentials.ts";
import type { Account, Region, Rule, Scanning, Secret, Template, World } from "../simulator/world.ts";
import { account, registry, secret, template, world } from "../simulator/world-builder.ts";
import type { Dice } from "./dice.ts";
import { ABROAD, BUCKET, BUS, FAR_AWAY, HOME, HUB, MEMBERS, STRANGER, UNITS } from "./places.ts";
import { randomRules } from "./rules.ts";

/** A random organization without faults. Its dates are relative to `now`. */
export function randomWorld(dice: Dice, now: Date): World {
  const members = dice.some(MEMBERS, 0.6).map((id) => randomAccount(id, dice, now));
  const habits = ["valid", "valid", "InvalidParameterException", "ValidationException"] as const;
  return world({
    hub: { region: HOME, principal: dice.pick(["user", "role"]) },
    accounts: [randomHub(dice, now), ...members],
    regions: [HOME, ABROAD],
    organization: { pageSize: dice.between(1, 4) },
    validation: { credentialless: dice.pick(habits), ecrToEcr: dice.pick(habits) },
    seed: dice.between(1, 1_000_000),
  });
}

function randomHub(dice: Dice, now: Date): Account {
  const hub = account(HUB, { name: "audit", organizationalUnit: dice.pick(UNITS) });
  const notifiers = {
    topics: [{ name: "pull-through-audit", publishers: [] }],
    eventBuses: [BUS],
    buckets: [BUCKET],
    securityHub: true,
  };
  hub.regions[HOME] = { ...randomRegion(dice, now), ...notifiers };
  if (dice.chance(0.3)) hub.regions[ABROAD] = randomRegion(dice, now);
  return hub;
}

function randomAccount(id: string, dice: Dice, now: Date): Account {
  const places = [HOME, ...(dice.chance(0.4) ? [ABROAD] : []), ...(dice.chance(0.1) ? [FAR_AWAY] : [])];
  return account(id, {
    state: dice.chance(0.15) ? dice.pick(["SUSPENDED", "CLOSED", "PENDING_CLOSURE"]) : "ACTIVE",
    stateIn: dice.chance(0.15) ? dice.pick(["Status", "neither"]) : "State",
    organizationalUnit: dice.pick(UNITS),
    regionStatus: {
      ...(places.includes(FAR_AWAY) ? { [FAR_AWAY]: "ENABLED" as const } : {}),
      ...(dice.chance(0.1) ? { [ABROAD]: "DISABLED" as const } : {}),
    },
    regions: Object.fromEntries(places.map((name) => [name, randomRegion(dice, now)])),
    ...(dice.chance(0.08) ? { role: "none" as const } : {}),
  });
}

function randomRegion(dice: Dice, now: Date): Region {
  const rules = randomRules(dice);
  const named = new Set(rules.flatMap(({ credential }) => credential ?? []));
  const own = [...named].filter((name) => !name.startsWith("arn:"));
  const gone = own.filter((name) => name.endsWith("/gone") || dice.chance(0.05));
  const kept = own.filter((name) => !gone.includes(name));
  return registry(rules, {
    missingSecrets: gone,
    secrets: kept.map((name) => randomSecret(name, dice, now)),
    templates: randomTemplates(rules, dice),
    scanning: randomScanning(dice),
    ...(dice.chance(0.5) ? { registryPolicy: dice.pick(registryPolicies) } : {}),
  });
}

/** Keys of customers and the AWS managed key, by their aliases and by their ids. */
const kmsKeys = [
  "alias/team",
  "arn:aws:kms:eu-west-1:111122223333:key/0000aaaa-1111-4222-8333-444455556666",
  "alias/aws/secretsmanager",
  MANAGED_KEY_ID,
  `arn:aws:kms:eu-west-1:111122223333:key/${MANAGED_KEY_ID}`,
] as const;

function randomSecret(name: string, dice: Dice, now: Date): Secret {
  const day = (offset: number) => daysBefore(now, -offset).slice(0, "yyyy-mm-dd".length);
  return secret(name, {
    login: dice.chance(0.85) ? "accepted" : dice.pick(["rejected", "wrong-shape"]),
    ...(dice.chance(0.1) ? { deletedDate: daysBefore(now, -7) } : {}),
    ...(dice.chance(0.2) ? { kmsKeyId: dice.pick(kmsKeys) } : {}),
    ...(dice.chance(0.2) ? { lastChangedDate: daysBefore(now, 200) } : {}),
    ...(dice.chance(0.2) ? { valueSetDate: daysBefore(now, dice.pick([20, 300])) } : {}),
    ...(dice.chance(0.6) ? { rotation: randomRotation(dice, day) } : {}),
    ...(dice.chance(0.4) ? { tags: { "expires-on": dice.pick([day(-5), day(5), day(60), "someday"]) } } : {}),
  });
}

function randomRotation(dice: Dice, day: (offset: number) => string): NonNullable<Secret["rotation"]> {
  const nextDate = dice.pick([undefined, day(20), day(-20)]);
  return { enabled: dice.chance(0.8), ...(nextDate === undefined ? {} : { nextDate }) };
}

function randomTemplates(rules: readonly Rule[], dice: Dice): Template[] {
  const prefixes = [
    "ROOT",
    ...rules.map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix),
    "docker-hub/inner",
  ];
  return dice.some([...new Set(prefixes)], 0.4).map((prefix) =>
    template(prefix, {
      ...(dice.chance(0.15) ? { appliedFor: ["REPLICATION"] } : {}),
      ...(dice.chance(0.2) ? { imageTagMutability: "IMMUTABLE" } : {}),
      ...(dice.chance(0.2) ? { encryptionType: "AES256" } : {}),
      ...(dice.chance(0.5) ? { lifecyclePolicy: dice.pick(lifecyclePolicies) } : {}),
      ...(dice.chance(0.6) ? { repositoryPolicy: dice.pick(registryPolicies) } : {}),
    }),
  );
}

function randomScanning(dice: Dice): Scanning {
  const frequencies = ["CONTINUOUS_SCAN", "SCAN_ON_PUSH", "MANUAL"] as const;
  const filters = ["*", "docker-hub/*", "docker-hub/lib*", "quay/*", "nothing/*", "b*"];
  const rules = dice.some(frequencies, 0.5).map((scanFrequency) => ({
    scanFrequency,
    filters: dice.some(filters, 0.3),
  }));
  return { scanType: dice.pick(["BASIC", "ENHANCED"]), rules };
}

const allowing = (
  principal: unknown,
  condition?: unknown,
  what: object = { Action: "ecr:*", Resource: "*" },
) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Effect: "Allow",
      Principal: principal,
      ...what,
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  });

const expiring = (selection: object, action: object = { type: "expire" }) =>
  JSON.stringify({ rules: [{ rulePriority: 1, selection: { tagStatus: "any", ...selection }, action }] });

/** Lifecycle policies with a plain meaning, which the oracle hard-codes. */
export const plainLifecycles = {
  none: "",
  soon: expiring({ countType: "sinceImagePushed", countUnit: "days", countNumber: 60 }),
  late: expiring({ countType: "sinceImagePushed", countUnit: "days", countNumber: 61 }),
  counting: expiring({ countType: "imageCountMoreThan", countNumber: 5 }),
  archiving: expiring(
    { countType: "sinceImagePulled", countUnit: "days", countNumber: 5 },
    { type: "transition", targetStorageClass: "archive" },
  ),
  notAPolicy: "{}",
} as const;

const lifecyclePolicies = Object.values(plainLifecycles) as [string, ...string[]];

/** Registry policies with a plain meaning, which the oracle hard-codes. Templates have them as repository policies. */
export const plainPolicies = {
  theHub: allowing({ AWS: `arn:aws:iam::${HUB}:root` }),
  aStranger: allowing({ AWS: `arn:aws:iam::${STRANGER}:root` }),
  everybody: allowing("*"),
  theOrganization: allowing("*", { StringEquals: { "aws:PrincipalOrgID": "o-exampleorg" } }),
  aReader: allowing("*", undefined, { Action: ["ecr:Describe*", "ecr:BatchGetImage"], Resource: "*" }),
  anEditor: allowing("*", undefined, { Action: "ecr:updatepullthroughcacherule", Resource: "*" }),
  aPusherToQuay: allowing("*", undefined, {
    Action: ["ecr:PutImage", "ecr:*LayerUpload"],
    Resource: "arn:aws:ecr:*:*:repository/quay/*",
  }),
  notAPolicy: "<html>sign in</html>",
} as const;

const registryPolicies = Object.values(plainPolicies) as [string, ...string[]];
