import { dayOf, writeDay } from "../../core/days.ts";
import { memoize } from "../../core/memoize.ts";
import { matchesName } from "../../core/wildcards.ts";
import type { WaiverNotice } from "../../schemas/report.ts";
import type { Waiver } from "../sections/waivers.ts";
import { namesOne, namesPrefix } from "./where.ts";

/** What a waiver may hold for. */
export type Waivable = {
  readonly check: string;
  readonly account: string;
  readonly region: string;
  /** `null` for a registry as a whole, which only waivers for every prefix name. */
  readonly prefix: string | null;
};

/** The waivers that people must look at. */
export type WaiverNotices = {
  readonly expired: readonly WaiverNotice[];
  /** Those that end within 14 days. */
  readonly expiring: readonly WaiverNotice[];
  /** Those in force that nothing needed. */
  readonly unused: readonly WaiverNotice[];
};

/** A policy's waivers during one audit. Remembers which of them were needed. */
export type WaiverMatcher = {
  /** The first waiver in force that holds for a failure, or `null`. */
  readonly waiverFor: (failure: Waivable) => Waiver | null;
  readonly notices: () => WaiverNotices;
};

const warnDays = 14;

/** Opens the desk for waivers as they stand at `now`: a waiver holds until the end of its last day, UTC. */
export function openWaiverMatcher(waivers: readonly Waiver[], now: Date): WaiverMatcher {
  const today = writeDay(dayOf(now));
  const warnUntil = writeDay(dayOf(now) + warnDays);
  const inForce = waivers.filter(({ expires }) => expires >= today);
  const candidates = groupByCheck(inForce);
  const needed = new Set<Waiver | null>();
  return {
    waiverFor: (failure) => {
      const waiver = candidates(failure.check).find((candidate) => holdsFor(candidate, failure)) ?? null;
      needed.add(waiver);
      return waiver;
    },
    notices: () => ({
      expired: waivers.filter(({ expires }) => expires < today).map(toNotice),
      expiring: inForce.filter(({ expires }) => expires <= warnUntil).map(toNotice),
      unused: inForce.filter((waiver) => !needed.has(waiver)).map(toNotice),
    }),
  };
}

/** Looks waivers up by check, once for each check: a policy may hold thousands. */
function groupByCheck(waivers: readonly Waiver[]): (check: string) => readonly Waiver[] {
  const known = new Map<string, readonly Waiver[]>();
  return memoize(known, (check) => waivers.filter((waiver) => matchesName(waiver.check, check)));
}

function holdsFor({ accounts, regions, prefixes }: Waiver, { account, region, prefix }: Waivable): boolean {
  return namesOne(accounts, account) && namesOne(regions, region) && namesPrefix(prefixes, prefix);
}

function toNotice({ check, reason, owner, ticket, expires }: Waiver): WaiverNotice {
  return { check, reason, owner, ticket: ticket ?? null, expires };
}
