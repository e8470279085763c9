import type { SeenRegistry, SeenRule } from "./model.ts";
import { failsOf, passes, type Said } from "./said.ts";
import { bare } from "./wildcards.ts";

/** What `fleet-consistency` has to say of a rule, given the registries that it is compared with. */
export function consistencyOracle(registries: readonly SeenRegistry[]): (rule: SeenRule) => readonly Said[] {
  const meanings = new Map<string, Map<string, number>>();
  for (const { rules } of registries) {
    // A registry may have `a` and `a/` both: each meaning counts it once.
    const delivered = new Set(
      (rules.known ? rules.value : []).map((rule) => `${bare(rule.prefix)} ${meaningOf(rule)}`),
    );
    for (const [prefix = "", meaning = ""] of [...delivered].map((one) => one.split(" "))) {
      const counts = meanings.get(prefix) ?? new Map<string, number>();
      meanings.set(prefix, counts.set(meaning, (counts.get(meaning) ?? 0) + 1));
    }
  }
  return (rule) => {
    const counts = [...(meanings.get(bare(rule.prefix)) ?? [])].sort(([, a], [, b]) => b - a);
    const [usual] = counts;
    if (usual === undefined || counts.length === 1) return passes;
    const [meaning, times] = usual;
    if (times * 2 <= registriesWith(bare(rule.prefix), registries)) return failsOf(["no-usual-upstream"]);
    return failsOf([meaning !== meaningOf(rule) && "unusual-upstream"]);
  };
}

function registriesWith(prefix: string, registries: readonly SeenRegistry[]): number {
  return registries.filter(
    ({ rules }) => rules.known && rules.value.some((rule) => bare(rule.prefix) === prefix),
  ).length;
}

/** Of ECR registries the region does not count. */
function meaningOf({ upstream, url, upstreamPrefix }: SeenRule): string {
  return `${upstream === "ecr" ? url.slice(0, 12) : url}/${bare(upstreamPrefix)}`;
}
