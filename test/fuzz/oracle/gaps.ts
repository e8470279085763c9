import type { Known, SeenRegistry } from "./model.ts";

/** What could not be seen of a registry. */
export type Gap = {
  readonly account: string;
  readonly region: string;
  readonly state: "partial" | "unreachable";
  readonly reason: string;
  readonly operation: string;
  readonly prefixes: readonly string[];
};

/** The gaps of a registry: one for each operation and reason, with the rules that it concerns. */
export function gapsOf({ place, rules, ...facts }: SeenRegistry): readonly Gap[] {
  const { account, region } = place;
  if (!rules.known) {
    const { reason, operation } = rules;
    return [{ account, region, state: "unreachable", reason, operation, prefixes: [] }];
  }
  const pieces: readonly (readonly [Known<unknown> | null, readonly string[]])[] = [
    ...rules.value.flatMap(({ prefix, validation, secret, secretVersion }) => [
      [validation, [prefix]] as const,
      [secret, [prefix]] as const,
      [secretVersion, [prefix]] as const,
    ]),
    [facts.templates, []],
    [facts.scanning, []],
    [facts.registryPolicy, []],
    [facts.repositories, []],
    [facts.metric, []],
    [facts.sizes, []],
    [facts.pulls, []],
    ...(facts.repositories?.known === true ? facts.repositories.value : []).flatMap(
      ({ owner, lifecycle, access }) => [[lifecycle, [owner]] as const, [access, [owner]] as const],
    ),
  ];
  const gaps = new Map<string, Gap>();
  for (const [evidence, prefixes] of pieces) {
    if (evidence === null || evidence.known) continue;
    const { reason, operation } = evidence;
    const before = gaps.get(`${operation} ${reason}`)?.prefixes ?? [];
    const all = [...new Set([...before, ...prefixes])];
    gaps.set(`${operation} ${reason}`, {
      account,
      region,
      state: "partial",
      reason,
      operation,
      prefixes: all,
    });
  }
  return [...gaps.values()];
}
