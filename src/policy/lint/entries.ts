import * as z from "zod";
import { type Keys, keysAt, type Part, partAt, partsAt, valueAt } from "../file-parts.ts";
import { listsMeet } from "../matching/patterns.ts";
import { allowedUpstreamSchema } from "../sections/allowed-upstreams.ts";
import { overrideSchema } from "../sections/overrides.ts";
import { prefixesSchema } from "../sections/prefixes.ts";
import { type RequiredRule, requiredRuleSchema } from "../sections/required-rules.ts";
import type { RegistryPatterns } from "../sections/where.ts";

/**
 * Whether two sets of patterns name a registry both. Which organizational units lie in one another, and which
 * accounts in them, the policy does not tell: then nobody can say.
 */
export function patternsMeet(one: RegistryPatterns, other: RegistryPatterns): "yes" | "no" | "unknown" {
  if (!namesMeet(one.accounts, other.accounts) || !namesMeet(one.regions, other.regions)) return "no";
  const { organizationalUnits: units = [] } = one;
  const { organizationalUnits: otherUnits = [] } = other;
  if (isOpen(units) && isOpen(otherUnits)) return "yes";
  if (isOpen(units)) return isOpen(one.accounts) ? "yes" : "unknown";
  if (isOpen(otherUnits)) return isOpen(other.accounts) ? "yes" : "unknown";
  return units.some((unit) => otherUnits.includes(unit)) ? "yes" : "unknown";
}

function namesMeet(some: readonly string[] = [], others: readonly string[] = []): boolean {
  return isOpen(some) || isOpen(others) || listsMeet(some, others);
}

function isOpen(names: readonly string[] | undefined): boolean {
  return names === undefined || names.length === 0;
}

/** As much of an entry of `allowedUpstreams` as tells which rules may be required; flaws in the rest do not count. */
const admittingSchema = z.object({
  registry: allowedUpstreamSchema.shape.registry,
  urls: allowedUpstreamSchema.shape.urls.catch(undefined),
  prefixes: allowedUpstreamSchema.shape.prefixes.catch(undefined),
});

/** What an entry of `allowedUpstreams` admits. */
export type Admitting = z.infer<typeof admittingSchema>;

/** What the policy demands of prefixes; `undefined` for what it does not, or not in a way that can be read. */
export type Naming = {
  readonly pattern: string | undefined;
  readonly maxLength: number | undefined;
  readonly root: "allow" | "forbid" | undefined;
  readonly overlap: "allow" | "forbid" | undefined;
};

/** A required rule, and what else holds in all registries that must have it; `null`: that differs, or is unknown. */
export type LintEntry = {
  readonly required: Part<RequiredRule>;
  readonly upstreams: readonly Admitting[] | null;
  readonly naming: Naming | null;
};

/** The lists of required rules in a file, the policy's own and those of its overrides. */
export function requiredLists(file: unknown): readonly Keys[] {
  return [["requiredRules"], ...overrideKeys(file).map((keys) => [...keys, "set", "requiredRules"])];
}

/** Every required rule of a file, list by list, with what holds beside it. */
export function entriesOf(file: unknown): readonly (readonly LintEntry[])[] {
  return [null, ...overrideKeys(file)].map((owner) => {
    const list = owner === null ? ["requiredRules"] : [...owner, "set", "requiredRules"];
    return partsAt(file, list, requiredRuleSchema).map((required) => ({
      required,
      upstreams: sectionFor(file, owner, required.value, "allowedUpstreams", upstreamsAt),
      naming: sectionFor(file, owner, required.value, "prefixes", namingAt),
    }));
  });
}

function overrideKeys(file: unknown): readonly Keys[] {
  return keysAt(file, ["overrides"]).map((index) => ["overrides", index]);
}

/**
 * The section that holds for a required rule: that of the override which requires it, or else the policy's.
 * `null` when another override may change it where the rule is required.
 */
function sectionFor<T>(
  file: unknown,
  owner: Keys | null,
  place: RegistryPatterns,
  section: "allowedUpstreams" | "prefixes",
  read: (file: unknown, keys: Keys) => T | null,
): T | null {
  const others = overrideKeys(file).filter((keys) => keys[1] !== owner?.[1]);
  const isChanged = others.some(
    (keys) => valueAt(file, [...keys, "set", section]) !== undefined && mayMeet(file, keys, place),
  );
  if (isChanged) return null;
  const own = owner === null ? undefined : [...owner, "set", section];
  return read(file, own !== undefined && valueAt(file, own) !== undefined ? own : [section]);
}

function mayMeet(file: unknown, override: Keys, place: RegistryPatterns): boolean {
  const [where] = partAt(file, [...override, "where"], overrideSchema.shape.where);
  return where === undefined || patternsMeet(where.value, place) !== "no";
}

function upstreamsAt(file: unknown, keys: Keys): readonly Admitting[] | null {
  if (!Array.isArray(valueAt(file, keys))) return null;
  return partsAt(file, keys, admittingSchema).map(({ value }) => value);
}

/** An override's `prefixes` are merged with the policy's, key by key. */
function namingAt(file: unknown, section: Keys): Naming {
  const { pattern, maxLength, root, overlap } = prefixesSchema.shape;
  const read = <S extends z.ZodType>(key: string, schema: S): z.infer<S> | undefined => {
    const keys = valueAt(file, [...section, key]) === undefined ? ["prefixes", key] : [...section, key];
    return partAt(file, keys, schema)[0]?.value;
  };
  return {
    pattern: read("pattern", pattern),
    maxLength: read("maxLength", maxLength),
    root: read("root", root),
    overlap: read("overlap", overlap),
  };
}
