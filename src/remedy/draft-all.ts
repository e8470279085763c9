import type { Finding } from "../model/finding.ts";
import { compareValues } from "../model/order.ts";
import { isSamePrefix } from "../policy/prefix.ts";
import type { Scene } from "./decide-access.ts";
import { type Draft, type Drafted, draftExisting, draftMissing } from "./draft.ts";
import { remedyFor } from "./table.ts";

/** One draft for each rule, whatever the number of its findings. */
export function draftAll(findings: readonly Finding[], scene: Scene): readonly Drafted[] {
  const actionable = findings.filter(({ check, kind, prefix }) => {
    const remedy = remedyFor(check, kind);
    return prefix !== null && remedy !== "instruct" && remedy !== "never-fails";
  });
  const byPrefix = Map.groupBy(actionable, ({ prefix }) => prefix ?? "");
  const existing = new Map(scene.rules.map(({ rule }) => [rule.ecrRepositoryPrefix, rule]));
  const drafts: Drafted[] = [];
  const missing: (readonly [string, Finding[]])[] = [];
  for (const [prefix, ofRule] of [...byPrefix].toSorted(([a], [b]) => compareValues(a, b))) {
    const rule = existing.get(prefix);
    if (rule === undefined) missing.push([prefix, ofRule]);
    else drafts.push(draftExisting(rule, ofRule, scene));
  }
  for (const [prefix, ofRule] of missing) {
    const heir = drafts.findIndex(({ draft }) => {
      const name = draft?.after?.ecrRepositoryPrefix;
      return name !== undefined && isSamePrefix(name, prefix);
    });
    const inherited = drafts[heir];
    if (inherited === undefined || inherited.draft === null) drafts.push(draftMissing(prefix, ofRule, scene));
    else drafts[heir] = withFindings(inherited, inherited.draft, ofRule);
  }
  return drafts;
}

/** A rule that is renamed to what is required is the rule that is missing. */
function withFindings(drafted: Drafted, draft: Draft, more: readonly Finding[]): Drafted {
  return { ...drafted, draft: { ...draft, findings: [...draft.findings, ...more] } };
}
