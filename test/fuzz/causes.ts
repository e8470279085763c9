import type { Fault, Match } from "../simulator/faults.ts";
import type { AccountState, World } from "../simulator/world.ts";
import { isRegionEnabled } from "../simulator/world-access.ts";
import { MOST_PASSING } from "./conditions.ts";
import type { Gap } from "./oracle/gaps.ts";

/**
 * Whether anything in the world can be why something could not be seen. A trouble that strikes a call less often than
 * the auditor asks is no excuse.
 */
export function hasCause({ account, region, operation }: Gap, world: World): boolean {
  const [prefixInIam = "", name = ""] = operation.split(":");
  const service = prefixInIam === "cloudwatch" ? "monitoring" : prefixInIam;
  const owner = world.accounts[account];
  if (name === "ListAccounts" && owner?.stateIn === "neither") return true;
  if (name === "AssumeRole" && (!isUsable(owner?.state) || owner?.role === undefined)) return true;
  if (service !== "sts" && region !== "*" && !isRegionEnabled(world, account, region)) return true;
  if (world.throttles.some(({ on }) => on.account === account && on.service === service)) return true;
  const rules = owner?.regions[region]?.rules ?? [];
  if (
    name === "ValidatePullThroughCacheRule" &&
    rules.some(({ validation }) => "error" in (validation ?? {}))
  ) {
    return true;
  }
  const striking = world.faults.filter(
    ({ on, effect }) =>
      effect.kind !== "delay" &&
      effect.kind !== "empty-page" &&
      !(effect.kind === "page" && effect.shape === "overlapping") &&
      mayStrike(on, { service, name, account, region }),
  );
  const strikes = striking.reduce((sum, fault) => sum + strikesOf(fault), 0);
  return strikes > MOST_PASSING;
}

function isUsable(state: AccountState | undefined): boolean {
  return state === "ACTIVE" || state === "PENDING_CLOSURE";
}

type Asked = {
  readonly service: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
};

function mayStrike(on: Match, { service, name, account, region }: Asked): boolean {
  return (
    (on.service ?? service) === service &&
    (on.operation ?? name) === name &&
    (on.account ?? account) === account &&
    (region === "*" || service === "sts" || (on.region ?? region) === region)
  );
}

function strikesOf({ times, probability }: Fault): number {
  return times === undefined || probability !== undefined ? Number.POSITIVE_INFINITY : times;
}
