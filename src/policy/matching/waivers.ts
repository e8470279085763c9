import { dayOf, writeDay } from "../../core/days.ts";
import { memoize } from "../../core/memoize.ts";
import { matchesName } from "../../core/wildcards.ts";
import type { WaiverNotice } from "../../schemas/report.ts";
import type { Waiver } from "../sections/waivers.ts";
import { namesOne, namesPrefix } from "./where.ts";

/** A failure that a waiver may match. */
export type Waivable = {
  readonly check: string;
  readonly account: string;
  readonly region: string;
  /** `null` for a registry as a whole, which only waivers for all prefixes match. */
  readonly prefix: string | null;
};

/** The waivers that need attention. */
export type WaiverNotices = {
  readonly expired: readonly WaiverNotice[];
  /** Those that expire within 14 days. */
  readonly expiring: readonly WaiverNotice[];
  /** Those in force that matched no failure. */
  readonly unused: readonly WaiverNotice[];
};

/** Matches failures with a policy's waivers during one audit, and tracks which waivers matched. */
export type WaiverMatcher = {
  /** The first waiver in force that matches a failure, or `null`. */
  readonly waiverFor: (failure: Waivable) => Waiver | null;
  readonly notices: () => WaiverNotices;
};

const warnDays = 14;

/** Creates the matcher for the waivers in force at `now`. A waiver is valid until the end of its last day (UTC). */
export function openWaiverMatcher(waivers: readonly Waiver[], now: Date): WaiverMatcher {
  const today = writeDay(dayOf(now));
  const warnUntil = writeDay(dayOf(now) + warnDays);
  const inForce = waivers.filter(({ expires }) => expires >= today);
  const candidates = groupByCheck(inForce);
  const matched = new Set<Waiver | null>();
  return {
    waiverFor: (failure) => {
      const waiver = candidates(failure.check).find((candidate) => matches(candidate, failure)) ?? null;
      matched.add(waiver);
      return waiver;
    },
    notices: () => ({
      expired: waivers.filter(({ expires }) => expires < today).map(toNotice),
      expiring: inForce.filter(({ expires }) => expires <= warnUntil).map(toNotice),
      unused: inForce.filter((waiver) => !matched.has(waiver)).map(toNotice),
    }),
  };
}

/** Looks up the waivers for a check, once for each check, because a policy may have thousands of waivers. */
function groupByCheck(waivers: readonly Waiver[]): (check: string) => readonly Waiver[] {
  const known = new Map<string, readonly Waiver[]>();
  return memoize(known, (check) => waivers.filter((waiver) => matchesName(waiver.check, check)));
}

function matches({ accounts, regions, prefixes }: Waiver, { account, region, prefix }: Waivable): boolean {
  return namesOne(accounts, account) && namesOne(regions, region) && namesPrefix(prefixes, prefix);
}

function toNotice({ check, reason, owner, ticket, expires }: Waiver): WaiverNotice {
  return { check, reason, owner, ticket: ticket ?? null, expires };
}
