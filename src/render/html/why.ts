import why from "./why.json" with { type: "json" };

const reasons: ReadonlyMap<string, string> = new Map(Object.entries(why));

/** Why a check matters, as its document says; `null` for a check of the policy's own. */
export function whyOf(check: string): string | null {
  return reasons.get(check) ?? null;
}
