import type { Report } from "../../src/schemas/report.ts";
import type { Expectation } from "./oracle/expectation.ts";

/** What audits left in the state about rules and repositories, by `account region`. */
export type RuleMemory = {
  readonly rules: ReadonlyMap<string, readonly string[]>;
  /** The prefixes of rules that are gone. */
  readonly former: ReadonlyMap<string, readonly string[]>;
  /** The repository with which the part begins that is read next; `null` for the first one. */
  readonly nextPart: ReadonlyMap<string, string | null>;
};

export const emptyRuleMemory: RuleMemory = { rules: new Map(), former: new Map(), nextPart: new Map() };

/** The memory after a night that was persisted. A registry that could not be read stays as it was. */
export function rememberNight(memory: RuleMemory, { registries }: Expectation): RuleMemory {
  const [rules, former] = [new Map(memory.rules), new Map(memory.former)];
  const nextPart = new Map(memory.nextPart);
  for (const { place, rules: seen, repositories } of registries) {
    if (!seen.known) continue;
    const key = `${place.account} ${place.region}`;
    if (repositories?.known === true) {
      const counted = repositories.value.filter(({ isExcluded }) => !isExcluded);
      const last = counted.findLastIndex(({ isLookedAt }) => isLookedAt);
      if (counted.every(({ isLookedAt }) => isLookedAt)) nextPart.delete(key);
      else nextPart.set(key, counted[last + 1]?.repository.name ?? null);
    }
    const now = seen.value.map(({ prefix }) => prefix);
    const before = [...(memory.rules.get(key) ?? []), ...(memory.former.get(key) ?? [])];
    rules.set(key, now);
    former.set(
      key,
      [...new Set(before)].filter((prefix) => !now.includes(prefix)),
    );
  }
  return { rules, former, nextPart };
}

/** The memory after an audit that events started, and that was persisted. */
export function rememberDrift(memory: RuleMemory, { drift }: Report): RuleMemory {
  const [rules, former] = [new Map(memory.rules), new Map(memory.former)];
  for (const { account, region, prefix, change } of drift) {
    const key = `${account} ${region}`;
    const without = (all: readonly string[] = []) => all.filter((one) => one !== prefix);
    rules.set(key, change === "removed" ? without(rules.get(key)) : [...without(rules.get(key)), prefix]);
    former.set(key, change === "removed" ? [...without(former.get(key)), prefix] : without(former.get(key)));
  }
  return { ...memory, rules, former };
}
