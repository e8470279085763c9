import { ALL_REGIONS } from "../ecr/registry.ts";
import type { Finding } from "../schemas/finding.ts";
import type { CoverageGap } from "../schemas/report.ts";
import { differInOwner } from "./causes.ts";
import { cutToCharacters } from "./escape/cut.ts";
import { inlineText } from "./escape/inline.ts";
import { groupsOf } from "./group.ts";
import { dayOf, listed } from "./words.ts";

/** A location: an account, a region, and possibly a rule. Names are as collected. */
export type Location = {
  readonly account: string;
  readonly accountName: string | null;
  readonly region: string;
  /** What to show after the region, such as the rule's prefix, as inline text; `null` for nothing. */
  readonly what: string | null;
  /** The owner to show, as inline text; `null` for nothing. */
  readonly owner?: string | null;
};

/** All locations in one account, as inline texts. */
export type AccountLocations = {
  /** `111122223333 payments-prod`. */
  readonly account: string;
  /** One clause for all regions with the same rules: `eu-west-1, us-east-1: docker-hub, quay`. */
  readonly where: readonly string[];
  /** The number of locations. */
  readonly count: number;
};

const LONGEST_NAME = 40;
const MOST_REGIONS = 12;
const MOST_RULES = 8;
const MOST_CLAUSES = 4;

/** How the locations of findings are shown. */
type LocationOptions = {
  /** Whether each is followed by its transition since the previous audit. */
  readonly marked: boolean;
  /** Whether their owners are named. Default: if the findings belong to different owners. */
  readonly owned?: boolean;
};

/** Returns the locations of findings. */
export function locationsOf(
  findings: readonly Finding[],
  { marked, owned = differInOwner(findings) }: LocationOptions,
): readonly Location[] {
  return findings.map((finding) => {
    const { account, accountName, region, prefix, owner } = finding;
    const what = prefix === null ? "whole registry" : nameText(prefix);
    const mark = markOf(finding, marked);
    return {
      account,
      accountName,
      region,
      what: mark === null ? what : `${what} [${mark}]`,
      owner: owned ? nameText(owner?.name ?? "no owner") : null,
    };
  });
}

/** Returns the locations of a gap: one for each affected rule, or else the registry. */
export function locationsOfGap({ account, accountName, region, prefixes }: CoverageGap): Location[] {
  const readable = region === ALL_REGIONS ? "all regions" : region;
  if (prefixes.length === 0) return [{ account, accountName, region: readable, what: null }];
  return prefixes.map((prefix) => ({ account, accountName, region: readable, what: nameText(prefix) }));
}

/** Groups locations by account; regions with the same rules share one clause. */
export function byAccount(locations: readonly Location[]): AccountLocations[] {
  return groupsOf(locations, ({ account }) => account).map((ofAccount) => {
    const [{ owner = null }] = ofAccount;
    const label = accountLabel(ofAccount[0]);
    // An account usually belongs to one owner, who is then named once.
    const isOwned = owner !== null && ofAccount.every((location) => location.owner === owner);
    return {
      account: isOwned ? `${label} [${owner}]` : label,
      where: whereOf(isOwned ? ofAccount : ofAccount.map(withOwner)),
      count: ofAccount.length,
    };
  });
}

function withOwner(location: Location): Location {
  const { what, owner = null } = location;
  return owner === null ? location : { ...location, what: `${what ?? ""} [${owner}]`.trim() };
}

/** Returns an account's id and its name, if known: `111122223333 payments-prod`. */
export function accountLabel({ account, accountName }: Pick<Location, "account" | "accountName">): string {
  return accountName === null ? nameText(account) : `${nameText(account)} ${nameText(accountName)}`;
}

/** Returns the distinct accounts of some locations: `111122223333 payments-prod`. */
export function accountsOf(
  locations: readonly Pick<Location, "account" | "accountName">[],
): readonly string[] {
  return [...new Set(locations.map(accountLabel))];
}

/** Returns a collected name as inline text, cut if it is too long. */
export function nameText(name: string): string {
  return inlineText(cutToCharacters(name, LONGEST_NAME));
}

function whereOf(locations: readonly Location[]): string[] {
  const regions = groupsOf(locations, ({ region }) => region).map((ofRegion) => ({
    region: nameText(ofRegion[0].region),
    rules: [...new Set(ofRegion.flatMap(({ what }) => (what === null ? [] : [what])))],
  }));
  const clauses = groupsOf(regions, ({ rules }) => JSON.stringify(rules)).map((alike) => {
    const names = listed(
      alike.map(({ region }) => region),
      MOST_REGIONS,
    );
    const [{ rules }] = alike;
    return rules.length === 0 ? names : `${names}: ${listed(rules, MOST_RULES)}`;
  });
  const shown = clauses.slice(0, MOST_CLAUSES);
  return clauses.length > MOST_CLAUSES ? [...shown, "and other rules in more regions"] : shown;
}

function markOf({ transition, stale, lastSeenAt }: Finding, marked: boolean): string | null {
  if (stale) return `stale, last seen ${dayOf(lastSeenAt)}`;
  if (!marked) return null;
  if (transition === "opened") return "new";
  if (transition === "changed") return "changed";
  if (transition === "reminded") return "reminder";
  return null;
}
