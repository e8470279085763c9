import { denyingPolicies } from "../simulator/denial.ts";
import type { Effect, Fault, Match, Throttle } from "../simulator/faults.ts";
import type { World } from "../simulator/world.ts";
import type { Dice } from "./dice.ts";

/** How often in a row a transient fault affects a call: fewer times than the auditor tries. */
export const MOST_PASSING = 2;

/** The faults of a world, at random. */
export function randomFaults(world: World, dice: Dice): Fault[] {
  const others = [
    ...latency(dice),
    ...emptyPages(dice),
    ...oddPages(world, dice),
    ...Array.from({ length: dice.between(0, 5) }, () => passing(world, dice)),
    ...Array.from({ length: dice.between(0, 3) }, () => lasting(world, dice)),
    ...unsteady(world, dice),
    ...ofStart(dice),
    ...ofNotifiers(dice),
  ];
  // Whether a session that ends can be replaced depends on which call of AssumeRole comes when, if STS has faults too.
  const hasFaultsOfSts = others.some(
    ({ on, effect }) => effect.kind !== "delay" && (on.service ?? "sts") === "sts",
  );
  const faults = hasFaultsOfSts ? others : [...others, ...endedSessions(world, dice)];
  // Of several faults in the pages of one operation the simulator applies the first. Lists that never end come first,
  // because the oracle expects each of them to be noticed.
  return [...faults.filter(isEndless), ...faults.filter((fault) => !isEndless(fault))];
}

function isEndless({ effect }: Fault): boolean {
  return effect.kind === "page" && effect.shape !== "overlapping";
}

/** The token buckets of a world, at random. */
export function randomThrottles(world: World, dice: Dice): Throttle[] {
  const [account, ratePerSecond] = [dice.pick(accountsOf(world)), dice.pick([20, 200])];
  const bucket = { ratePerSecond, burst: dice.between(1, 5) };
  return [
    ...(dice.chance(0.1) ? [{ on: { service: "ecr", account }, ...bucket } as const] : []),
    // One quota for all calls of the hub, as other tools leave it.
    ...(dice.chance(0.1) ? [{ on: { service: "sts" }, shared: true, ...bucket } as const] : []),
  ];
}

const calls = [
  { service: "sts", operation: "AssumeRole" },
  { service: "account", operation: "ListRegions" },
  { service: "ecr", operation: "DescribePullThroughCacheRules" },
  { service: "ecr", operation: "DescribePullThroughCacheRules" },
  { service: "ecr", operation: "ValidatePullThroughCacheRule" },
  { service: "ecr", operation: "ValidatePullThroughCacheRule" },
  { service: "ecr", operation: "DescribeRepositoryCreationTemplates" },
  { service: "ecr", operation: "GetRegistryPolicy" },
  { service: "ecr", operation: "DescribeRepositories" },
  { service: "ecr", operation: "GetRegistryScanningConfiguration" },
  { service: "secretsmanager", operation: "DescribeSecret" },
  { service: "secretsmanager", operation: "ListSecretVersionIds" },
  { service: "ecr" },
] as const satisfies readonly Match[];

/** Faults after which a retry makes sense. */
const mayPass: readonly [Effect, ...Effect[]] = [
  { kind: "throttle" },
  { kind: "internal-failure", status: 500 },
  { kind: "internal-failure", status: 502 },
  { kind: "internal-failure", status: 503 },
  { kind: "internal-failure", status: 504 },
  { kind: "reset-connection" },
];

/** Spoiled responses to read operations, after which a retry makes sense. */
const noAnswers: readonly [Effect, ...Effect[]] = [
  { kind: "spoil", as: "no-members" },
  { kind: "spoil", as: "empty-body" },
  { kind: "spoil", as: "null" },
  { kind: "spoil", as: "truncated" },
  { kind: "spoil", as: "html" },
];

const endless = ["same-token", "circle"] as const;

/** A signature that an error repeats: it must not be in a report. */
export const SIGNATURE = "5ec7e7a1".repeat(8);

const longMessage = `X-Amz-Signature=${SIGNATURE} ${"and so on ".repeat(3_000)}`;

const willNotPass: readonly [Effect, ...Effect[]] = [
  ...mayPass,
  { kind: "deny", by: "missing-permission" },
  { kind: "deny", by: "missing-permission" },
  { kind: "deny", by: "service-control-policy" },
  ...denyingPolicies.map((by) => ({ kind: "deny", by, how: "implicitly" }) as const),
  { kind: "refuse", code: "OptInRequired", message: "The account is not signed up", status: 403 },
  { kind: "refuse", code: "RegionDisabledException", message: "STS is not activated", status: 403 },
  { kind: "expire-credentials" },
  { kind: "reject-credentials" },
  { kind: "refuse", code: "TeapotException", message: longMessage, status: 418 },
  { kind: "refuse", code: "TeapotException", message: "I'm a *teapot*\nshort and stout", status: 418 },
];

function passing(world: World, dice: Dice): Fault {
  const effect = dice.pick(dice.chance(0.3) ? noAnswers : mayPass);
  return { on: somewhere(world, dice), effect, times: dice.between(1, MOST_PASSING) };
}

function lasting(world: World, dice: Dice): Fault {
  const effect = dice.pick(dice.chance(0.25) ? noAnswers : willNotPass);
  return { on: somewhere(world, dice), effect, after: dice.pick([0, 0, 0, 1, 3]) };
}

/** Calls that hang, or that fail now and then: rare, for each hanging call is waited for. */
function unsteady(world: World, dice: Dice): Fault[] {
  const on = somewhere(world, dice);
  if (dice.chance(0.06)) return [{ on, effect: { kind: "hang" }, times: dice.pick([1, 1, 20]) }];
  if (dice.chance(0.1)) return [{ on, effect: dice.pick(mayPass), probability: dice.pick([0.2, 0.6]) }];
  return [];
}

/** Sessions of members that end in the middle of the audit, once each: the auditor opens new ones. */
function endedSessions(world: World, dice: Dice): Fault[] {
  // The hub's own session cannot be renewed here: its credentials come from the environment.
  const [member, ...others] = Object.keys(world.accounts).filter((id) => id !== world.hub.accountId);
  if (member === undefined || !dice.chance(0.15)) return [];
  const on = { service: "ecr", account: dice.pick([member, ...others]) } as const;
  const how = dice.pick(["expired", "unknown", "revoked"]);
  return [{ on, effect: { kind: "end-session", how }, after: dice.between(0, 6), times: 1 }];
}

function latency(dice: Dice): Fault[] {
  if (!dice.chance(0.3)) return [];
  return [{ on: {}, effect: { kind: "delay", milliseconds: 0, jitterMilliseconds: dice.between(1, 6) } }];
}

function emptyPages(dice: Dice): Fault[] {
  return [{ operation: "ListAccounts" }, { service: "ecr" } as const, { operation: "ListRegions" }]
    .filter(() => dice.chance(0.15))
    .map((on) => ({ on, effect: { kind: "empty-page" }, times: dice.between(1, 4) }));
}

/** Lists whose pages overlap, or never end. */
function oddPages(world: World, dice: Dice): Fault[] {
  const operations = [
    "ListRegions",
    "DescribePullThroughCacheRules",
    "DescribeRepositoryCreationTemplates",
  ] as const;
  return [
    ...dice
      .some([...operations, "ListAccounts"] as const, 0.1)
      .map((operation) => ({ on: { operation }, effect: { kind: "page", shape: "overlapping" } as const })),
    ...dice.some(operations, 0.04).map((operation) => ({
      on: { operation, account: dice.pick(accountsOf(world)) },
      effect: { kind: "page", shape: dice.pick(endless) } as const,
    })),
  ];
}

/** What may keep an audit from beginning. */
function ofStart(dice: Dice): Fault[] {
  const operations = ["GetCallerIdentity", "ListAccounts", "GetObject"];
  return dice.some(operations, 0.06).map((operation) => {
    const isPassing = dice.chance(0.7);
    const effect = dice.pick(dice.chance(0.3) ? noAnswers : mayPass);
    return { on: { operation }, effect, ...(isPassing ? { times: MOST_PASSING } : {}) };
  });
}

function ofNotifiers(dice: Dice): Fault[] {
  const down = { kind: "deny", by: "missing-permission" } as const;
  const half = { kind: "fail-entries", indexes: [0, 2], code: "InternalFailure" } as const;
  const inStead = { kind: "spoil", as: "html" } as const;
  const services = ["sns", "events", "securityhub", "s3"] as const;
  return [
    ...dice
      .some(services, 0.07)
      .map((service) => ({ on: { service }, effect: dice.pick(mayPass), times: 2 })),
    ...dice.some(services.slice(0, 3), 0.05).map((service) => ({ on: { service }, effect: down })),
    ...dice
      .some(["Publish", "PutEvents", "BatchImportFindings"], 0.04)
      .map((operation) => ({ on: { operation }, effect: inStead })),
    ...dice.some(["PutObject"], 0.05).map((operation) => ({ on: { operation }, effect: down })),
    ...dice.some(["PutEvents"], 0.05).map((operation) => ({ on: { operation }, effect: half, times: 1 })),
  ];
}

/** Outlets that are slow, or that never answer: always, or until they were asked a few times. */
export function randomSilence(dice: Dice): {
  readonly faults: readonly Fault[];
  readonly silent: readonly string[];
} {
  const operations = ["Publish", "PutEvents", "BatchImportFindings"];
  const silent = dice.some(operations, 0.08);
  const slow = dice.some(operations, 0.08).filter((operation) => !silent.includes(operation));
  return {
    silent,
    faults: [
      ...silent.map((operation) => ({
        on: { operation },
        effect: { kind: "hang" } as const,
        after: dice.pick([0, 0, 1]),
        ...(dice.chance(0.5) ? { times: 1 } : {}),
      })),
      ...slow.map((operation) => ({
        on: { operation },
        effect: { kind: "delay", milliseconds: dice.between(50, 400) } as const,
      })),
    ],
  };
}

/** Calls of a kind, everywhere, in an account, in a region of it, or of one rule. */
function somewhere(world: World, dice: Dice): Match {
  const call = dice.pick(calls);
  if (dice.chance(0.15)) return call;
  const account = dice.pick(accountsOf(world));
  const regions = Object.keys(world.accounts[account]?.regions ?? {});
  const [region] = dice.some(regions, 0.5);
  if (call.service === "sts" || call.service === "account" || region === undefined)
    return { ...call, account };
  const rules = world.accounts[account]?.regions[region]?.rules ?? [];
  const [prefix] = dice.some(rules, 0.3).map(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix);
  const ofOneRule = "operation" in call && call.operation === "ValidatePullThroughCacheRule";
  return { ...call, account, region, ...(ofOneRule && prefix !== undefined ? { prefix } : {}) };
}

function accountsOf({ accounts, hub }: World): [string, ...string[]] {
  return [hub.accountId, ...Object.keys(accounts)];
}
