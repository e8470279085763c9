import type { RuleRef } from "../ecr/registry.ts";
import type { CauseKind } from "../schemas/finding.ts";

type Facts = Readonly<Record<string, unknown>>;

/** The cause of a kind of failure, if other failures can have the same one. */
export type CauseRule<Data> = {
  readonly kind: Exclude<CauseKind, "rule" | "registry">;
  /** What names the cause: a fact of the failure, or its prefix; `null` if there is one cause for each place. */
  readonly by: (keyof Data & string) | "prefix" | null;
  /** Where the name has one meaning: in one registry, in one account, or in every registry of the fleet. */
  readonly within: "registry" | "account" | "fleet";
  /** Whether the failure has this cause. The state may have no facts of an earlier finding. Default: always. */
  readonly when?: (facts: Facts) => boolean;
};

/** What the cause of a finding follows from. */
export type CauseQuestion = RuleRef & { readonly kind: string; readonly data: Facts };

/** A cause that findings can share: they share it if its kind and subject are the same. */
export type SharedCause = { readonly kind: CauseRule<Facts>["kind"]; readonly subject: string };

/**
 * Returns the cause that a finding shares with others, by the first rule that applies; `null` if it has a cause of its
 * own, or if the fact that names the cause is missing.
 */
export function sharedCause<Data>(
  rules: readonly CauseRule<Data>[],
  { data, account, region, prefix }: CauseQuestion,
): SharedCause | null {
  for (const { kind, by, within, when } of rules) {
    const name = by === null ? "" : by === "prefix" ? prefix : data[by];
    if (typeof name !== "string" || when?.(data) === false) continue;
    const place = { registry: [account, region], account: [account], fleet: [] }[within];
    return { kind, subject: [name, ...place].filter((part) => part !== "").join(" ") };
  }
  return null;
}
