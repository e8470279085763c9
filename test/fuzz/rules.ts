import { UPSTREAM_URLS } from "../simulator/upstreams.ts";
import type { Rule, Validation } from "../simulator/world.ts";
import { type FixedUpstream, rule, withoutUpstreamName } from "../simulator/world-builder.ts";
import type { Dice } from "./dice.ts";
import { HOME, HUB, MEMBERS, STRANGER } from "./places.ts";

const prefixes = [
  ...["docker-hub", "docker-hub/library", "quay", "quay/", "ghcr", "team_a", "k8s", "ROOT", "azure-one"],
  ...["base", "base/images", "ecr-public", "a-very-long-prefix-of-30-chars"],
] as const;

const fixedUpstreams = Object.keys(UPSTREAM_URLS) as [FixedUpstream, ...FixedUpstream[]];

const azureHosts = ["contoso.azurecr.io", "contosolab.azurecr.io", "fabrikam.azurecr.io"] as const;

const birthdays = [
  "2025-01-02T03:04:05.000Z",
  "2026-02-03T10:15:00.000Z",
  "2026-02-03T10:15:00.000Z",
  "2026-09-09T09:09:09.000Z",
] as const;

/** A registry's rules at random: most as they should be, some not. */
export function randomRules(dice: Dice): Rule[] {
  if (dice.chance(0.02)) return crowd();
  const chosen = dice.some(prefixes, dice.pick([0, 0.15, 0.3]));
  // ECR assumes the slash where it is left out: no registry has both.
  const possible = chosen.filter((prefix) => !chosen.some((other) => other === `${prefix}/`));
  return possible.map((prefix) => randomRule(prefix, dice));
}

/** Enough rules to come near the quota. */
function crowd(): Rule[] {
  return Array.from({ length: 40 }, (_nothing, index) => rule(`team-${index + 10}`, "quay"));
}

function randomRule(prefix: string, dice: Dice): Rule {
  const made = dice.chance(0.2) ? ecrRule(prefix, dice) : otherRule(prefix, dice);
  const createdAt = dice.pick(birthdays);
  const spoilt = {
    ...made,
    createdAt,
    updatedAt: createdAt,
    ...(dice.chance(0.2) ? { upstreamRepositoryPrefix: dice.pick(["library", "base", "base/images"]) } : {}),
    ...(dice.chance(0.1) ? { credential: oddCredential(dice) } : {}),
    ...(dice.chance(0.25) ? { validation: randomValidation(dice) } : {}),
  };
  return dice.chance(0.1) ? withoutUpstreamName(spoilt) : spoilt;
}

function otherRule(prefix: string, dice: Dice): Rule {
  const kind = dice.between(1, 10);
  if (kind === 1) {
    return rule(prefix, "azure-container-registry", { upstreamRegistryUrl: dice.pick(azureHosts) });
  }
  if (kind === 2) return mirrorRule(prefix, dice);
  const made = rule(prefix, dice.pick(fixedUpstreams));
  if (!dice.chance(0.1)) return made;
  const { credential: _none, ...without } = made;
  return dice.chance(0.5) ? without : { ...made, role: "ecr-pull-through" };
}

/** A host that nobody knows, called something that it is not, or something new. */
function mirrorRule(prefix: string, dice: Dice): Rule {
  return {
    ...rule(prefix, "quay"),
    upstreamRegistryUrl: "mirror.example.com",
    upstreamRegistry: dice.pick(["docker-hub", "brand-new-registry"]),
  };
}

function ecrRule(prefix: string, dice: Dice): Rule {
  const [account, region] = [dice.pick([HUB, ...MEMBERS]), dice.pick([HOME, "eu-central-1"])];
  const abroad = dice.chance(0.1) ? `${account}.dkr.ecr.cn-north-1.amazonaws.com.cn` : null;
  const upstreamRegistryUrl = abroad ?? `${account}.dkr.ecr.${region}.amazonaws.com`;
  const made = rule(prefix, "ecr", { upstreamRegistryUrl });
  if (dice.chance(0.4)) return made;
  const roles = [
    "ecr-pull-through",
    "someones-role",
    `arn:aws:iam::${STRANGER}:role/ecr-pull-x`,
    "arn:aws:x",
  ];
  return { ...made, role: dice.pick(roles as [string, ...string[]]) };
}

function oddCredential(dice: Dice): string {
  return dice.pick([
    "personal/alice",
    "ecr-pullthroughcache/gone",
    "ecr-pullthroughcache/personal",
    `arn:aws:secretsmanager:${HOME}:${STRANGER}:secret:ecr-pullthroughcache/theirs-abc123`,
    `arn:aws:ssm:${HOME}:${HUB}:parameter/ecr-pullthroughcache/docker-hub`,
  ]);
}

/** Failures of credentials, of the upstream, of what is not supported, and one that says nothing. */
const failures = [
  "unauthorized: <b>incorrect</b> username or password",
  "toomanyrequests: You have reached your unauthenticated pull rate limit",
  "The upstream registry is not supported",
  "Something went wrong (code 17)",
] as const;

function randomValidation(dice: Dice): Validation {
  const failed = { isValid: false, failure: dice.pick(failures) } as const;
  const valid = { isValid: true } as const;
  const answer = (code: string) => ({ error: { code, message: `${code} of this world` } });
  return dice.pick([
    failed,
    valid,
    { sequence: [failed, valid] },
    { sequence: [valid, failed, valid, failed] },
    answer("InvalidParameterException"),
    answer("ValidationException"),
    answer("PullThroughCacheRuleNotFoundException"),
    answer("ServerException"),
  ]);
}
