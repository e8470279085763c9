import type { World } from "../simulator/world.ts";
import type { PolicyFile } from "../support/builders.ts";
import { ALLOWED, randomChange, type WorldChange } from "./changes.ts";
import { randomFaults, randomSilence, randomThrottles } from "./conditions.ts";
import { type Dice, diceOf } from "./dice.ts";
import { BUCKET, BUS, TOPIC } from "./places.ts";
import { randomPolicy } from "./policies.ts";
import { type DrawnPull, randomFailedPulls, randomPulls } from "./pulls.ts";
import { type DrawnRepositories, randomRepositories } from "./repositories.ts";
import { randomWorld } from "./worlds.ts";

/** Everything that follows from a seed and from the current time, to which dates are relative. */
export type Scenario = {
  readonly seed: number;
  readonly world: World;
  readonly policy: PolicyFile;
  /** The operations of notifiers that get no answer: once one is called, the audit's time is over. */
  readonly silent: readonly string[];
  /** After how many audits somebody confirms a subscription of the topics; `null` for never. */
  readonly confirmedAfter: number | null;
  /** What changes after the first audit; `null` for nothing. */
  readonly change: WorldChange | null;
  /** What was drawn about repositories. */
  readonly repositories: DrawnRepositories;
  /** What was heard of pulls before the first audit, if there is a store. */
  readonly pulls: readonly DrawnPull[];
  /** The settings of the auditor, apart from its policy. */
  readonly settings: Readonly<Record<string, string>>;
};

/** The time limit if calls hang, in seconds; and the longer one for a busy machine. */
const hasty = "0.8";
export const PATIENT = "8";

/** Whether time limits are short in a scenario. */
export function isHasty({ settings }: Scenario): boolean {
  return settings["AUDIT_REQUEST_TIMEOUT_SECONDS"] === hasty;
}

/**
 * Draws the scenario of a seed.
 *
 * @param limitSeconds the time limit if calls hang or are throttled permanently
 */
export function scenarioOf(seed: number, now: Date, limitSeconds = hasty): Scenario {
  const dice = diceOf(seed);
  const world = randomWorld(dice, now);
  world.faults.push(...randomFaults(world, dice));
  world.throttles.push(...randomThrottles(world, dice));
  const [policy, settings] = [randomPolicy(dice, now), randomSettings(dice, world, limitSeconds)];
  // Drawn last: silent notifiers depend on the audit's time, and not on the time limit of calls.
  const { faults, silent } = randomSilence(dice);
  world.faults.unshift(...faults);
  const confirmedAfter = randomConfirmation(dice);
  for (const topic of topicsIn(world)) if (confirmedAfter !== 0) topic.subscriptions = nobody;
  const change = randomChange(world, dice);
  world.faults.push(...(change?.faults ?? []));
  const changes = change !== null && dice.chance(0.6) ? { changes: { allowedPrincipals: [ALLOWED] } } : {};
  const pulls = settings["AUDIT_STORE"] === undefined ? [] : randomPulls(world, dice, now);
  // Drawn last too, so that a seed means what it meant.
  const isQuiet = change !== null;
  const isTimeless = pulls.length === 0;
  const repositories = randomRepositories(world, dice, { now, isQuiet, isTimeless });
  world.faults.push(...repositories.faults);
  const overrides = policy.overrides?.map(({ where, set }, index) => {
    const cachedRepositories = repositories.inOverrides[index] ?? null;
    return { where, set: { ...set, ...(cachedRepositories === null ? {} : { cachedRepositories }) } };
  });
  const all = {
    ...policy,
    ...(overrides === undefined ? {} : { overrides }),
    ...changes,
    ...repositories.section,
    ...randomFailedPulls(pulls, dice),
  };
  return { seed, world, policy: all, settings, silent, confirmedAfter, change, pulls, repositories };
}

/** In most scenarios, the topics have been confirmed before the first audit. */
function randomConfirmation(dice: Dice): number | null {
  return dice.chance(0.7) ? 0 : dice.pick([1, null]);
}

/** A topic to which somebody subscribed, and that nobody confirmed. */
const nobody = { confirmed: 0, pending: 1 } as const;

/** The topics of a world. */
function topicsIn({ accounts }: World) {
  return Object.values(accounts).flatMap(({ regions }) =>
    Object.values(regions).flatMap(({ topics }) => topics ?? []),
  );
}

/** Confirms a subscription of every topic. */
export function confirmTopics(world: World): void {
  for (const topic of topicsIn(world)) topic.subscriptions = { confirmed: 1, pending: 0 };
}

/** Whether somebody has confirmed a subscription of every topic. */
export function areTopicsHeard(world: World): boolean {
  return topicsIn(world).every(({ subscriptions }) => subscriptions?.confirmed !== 0);
}

function randomSettings(dice: Dice, { faults }: World, limitSeconds: string): Record<string, string> {
  const hangs = faults.some(({ effect }) => effect.kind === "hang");
  const throttles = faults.some(({ effect, times }) => effect.kind === "throttle" && times === undefined);
  return {
    AUDIT_CONFIRM_AFTER_SECONDS: "0",
    // Short if calls hang or are throttled permanently; otherwise so long that no call times out.
    AUDIT_REQUEST_TIMEOUT_SECONDS: hangs || throttles ? limitSeconds : "20",
    AUDIT_CONCURRENCY: String(dice.between(1, 20)),
    ...(dice.chance(0.85) ? { AUDIT_STORE: `s3://${BUCKET}/nightly` } : {}),
    ...(dice.chance(0.8) ? { AUDIT_TOPIC_ARN: TOPIC } : {}),
    ...(dice.chance(0.8) ? { AUDIT_EVENT_BUS: BUS } : {}),
    ...(dice.chance(0.3) ? { AUDIT_SECURITY_HUB: "true" } : {}),
  };
}
