import type { Image, Repository, Scanning, Secret, Template } from "../../simulator/world.ts";
import type { DrawnPull } from "../pulls.ts";

/** What the world answered when it was asked for something, or why nobody knows. */
export type Known<T> = { readonly known: true; readonly value: T } | Unknown;

export type Unknown = { readonly known: false; readonly reason: string; readonly operation: string };

/** A fact that the world answered. */
export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

/** What ValidatePullThroughCacheRule came to. */
export type Outcome = "valid" | "invalid" | "declined" | "deleted";

/** A rule as the world has it and as its registry would be described. */
export type SeenRule = {
  readonly prefix: string;
  readonly url: string;
  /** What it caches, by its URL; `null` if unknown. */
  readonly upstream: string | null;
  readonly upstreamPrefix: string;
  readonly credentialArn: string | null;
  readonly roleArn: string | null;
  readonly createdAt: string;
  readonly validation: Known<Outcome>;
  /** What the world ordains as the rule's failure, if it does. */
  readonly failure: string | null;
  /** The secret in its own account and region that it names; `null` where it names none there. */
  readonly secret: Known<Secret | "gone"> | null;
  /** Its current version; `null` where nobody had to ask for it. */
  readonly secretVersion: Known<Secret | "gone"> | null;
};

/** A repository that a rule covers, or covered. */
export type SeenRepository = {
  readonly repository: Repository;
  /** The prefix of the rule. */
  readonly owner: string;
  /** Whether its rule is gone. */
  readonly isOrphan: boolean;
  readonly isExcluded: boolean;
  /** Whether it has its turn. */
  readonly isLookedAt: boolean;
  /** Its policies; `null` where nobody had to ask for them. */
  readonly lifecycle: Known<string | null> | null;
  readonly access: Known<string | null> | null;
};

/** A registry that is to be audited. */
export type Place = {
  readonly account: string;
  /** `*` where the account's regions could not be listed. */
  readonly region: string;
  readonly units: readonly string[];
  readonly organizationId: string | null;
};

/** A change that the auditor was told of, or that CloudTrail named. */
export type KnownChange = Pick<Place, "account" | "region"> & {
  /** The rule; `null` for the registry as a whole. */
  readonly prefix: string | null;
  readonly isAllowed: boolean;
};

/** What there is to know of a registry. The facts beside the rules are `null` where nobody had to ask for them. */
export type SeenRegistry = {
  readonly place: Place;
  /** What was heard of pulls through its rules. */
  readonly pulls: Known<readonly DrawnPull[]>;
  readonly rules: Known<readonly SeenRule[]>;
  readonly templates: Known<readonly Template[]> | null;
  readonly scanning: Known<Scanning> | null;
  readonly registryPolicy: Known<string | null> | null;
  readonly repositories: Known<readonly SeenRepository[]> | null;
  /** The pulls from repositories. */
  readonly metric: Known<true> | null;
  /** What was measured of repositories that nobody needs, by name. */
  readonly sizes: Known<ReadonlyMap<string, readonly Image[]>> | null;
  /** The prefixes of its rules that are gone, as far as an audit saw them. */
  readonly former: readonly string[];
  readonly changes: readonly KnownChange[];
};

/** One thing that an audit has to say. */
export type Answer = {
  readonly check: string;
  readonly prefix: string | null;
  readonly status: "PASS" | "FAIL" | "UNKNOWN" | "NOT_APPLICABLE" | "WAIVED";
  readonly kind: string;
  /** How many repositories it is about, if it is about repositories: failing, looked at, existing, excluded. */
  readonly counts?: string;
  /** What they store, if it was measured: repositories, images, bytes, whether these are all images. */
  readonly storage?: string;
};
