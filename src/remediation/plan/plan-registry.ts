import { compareValues } from "../../core/order.ts";
import { isSamePrefix } from "../../ecr/prefix.ts";
import { plannedRuleOf } from "../../ecr/rule.ts";
import { present } from "../../facts/evidence.ts";
import type { ObservedRule, RegistrySnapshot } from "../../facts/snapshot.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Finding } from "../../schemas/finding.ts";
import type { RegistryPlan, RuleChange } from "../../schemas/remediation-plan.ts";
import { actionOf, changeOf, planned, prefixOf } from "./change.ts";
import type { Offers, Scene } from "./decide-access.ts";
import {
  type Draft,
  type Drafted,
  draftExisting,
  draftMissing,
  type Remediable,
  type Undecided,
} from "./draft.ts";
import { fingerprintOf, ruleText } from "./fingerprint.ts";
import { failuresOf, isFixedIn, objectionTo, type State } from "./predicted-failures.ts";

/** The findings that API calls can remediate, with the actions of the checks for the current registry. */
function remediablesIn(findings: readonly Finding[], { failures }: State): readonly Remediable[] {
  const actions = new Map(failures.map(({ findingId, action }) => [findingId, action]));
  return findings.flatMap((finding) => {
    const action = actions.get(finding.id);
    if (action === undefined || action.action === "instruct" || action.action === "never-fails") return [];
    return finding.prefix === null ? [] : [{ finding, action }];
  });
}

/** Drafts one change for each rule, regardless of the number of its findings. */
function draftAll(remediables: readonly Remediable[], scene: Scene): readonly Drafted[] {
  const byPrefix = Map.groupBy(remediables, ({ finding }) => finding.prefix ?? "");
  const existing = new Map(scene.rules.map(({ rule }) => [rule.ecrRepositoryPrefix, rule]));
  const drafts: Drafted[] = [];
  const missing: (readonly [string, readonly Remediable[]])[] = [];
  for (const [prefix, ofRule] of [...byPrefix].toSorted(([a], [b]) => compareValues(a, b))) {
    const rule = existing.get(prefix);
    if (rule === undefined) missing.push([prefix, ofRule]);
    else drafts.push(draftExisting(rule, ofRule, scene));
  }
  for (const [prefix, ofRule] of missing) {
    const successorIndex = drafts.findIndex(({ draft }) => {
      const name = draft?.after?.ecrRepositoryPrefix;
      return name !== undefined && isSamePrefix(name, prefix);
    });
    const inherited = drafts[successorIndex];
    if (inherited === undefined || inherited.draft === null) drafts.push(draftMissing(prefix, ofRule, scene));
    else
      drafts[successorIndex] = withFindings(
        inherited,
        inherited.draft,
        ofRule.map(({ finding }) => finding),
      );
  }
  return drafts;
}

/** Adds the findings of a missing rule to the draft that renames another rule to its prefix. */
function withFindings(drafted: Drafted, draft: Draft, more: readonly Finding[]): Drafted {
  return { ...drafted, draft: { ...draft, findings: [...draft.findings, ...more] } };
}

/** A registry to remediate. */
type RegistryInput = {
  readonly registry: RegistrySnapshot;
  readonly rules: readonly ObservedRule[];
  /** Its failing findings. */
  readonly findings: readonly Finding[];
  /** Its effective policy. */
  readonly policy: Policy;
};

/** The planned work in one registry. */
type Prescription = {
  readonly plan: RegistryPlan;
  /** Failures that no change of a pull through cache rule fixes. */
  readonly forPeople: readonly Finding[];
  readonly undecided: readonly Undecided[];
};

/** Plans the changes of one registry. Pure: the same facts, policy and time give the same plan. */
export function planRegistry(input: RegistryInput, offers: Offers, now: Date): Prescription {
  const { registry, rules, findings, policy } = input;
  let state: State = { rules, failures: failuresOf(registry, rules, policy, now) };
  const scene = { target: registry.target, policy, rules, offers };
  const drafted = draftAll(remediablesIn(findings, state), scene);
  const undecided = drafted.flatMap((one) => one.undecided);
  const accepted: Accepted[] = [];
  for (const draft of inOrder(drafted.flatMap(({ draft }) => draft ?? []))) {
    const after = withDraft(state.rules, draft);
    const next = { rules: after, failures: failuresOf(registry, after, policy, now) };
    const objection = objectionTo(draft, state, next, registry);
    if (objection === null) {
      accepted.push({ draft, fixes: draft.findings.filter(isFixedIn(next)) });
      state = next;
    } else {
      undecided.push(...draft.findings.map((finding) => ({ finding, question: objection })));
    }
  }
  const fixedIds = new Set(accepted.flatMap(({ fixes }) => fixes.map(({ id }) => id)));
  const askedIds = new Set(undecided.map(({ finding }) => finding.id));
  const deleted = accepted.flatMap(({ draft: { before, after } }) =>
    after === null && before !== null ? [before.ecrRepositoryPrefix] : [],
  );
  const isMoot = ({ prefix }: Finding) => prefix !== null && deleted.includes(prefix);
  return {
    plan: {
      account: registry.target.account,
      accountName: registry.target.accountName,
      region: registry.target.region,
      fingerprint: fingerprintOf(rules.map(({ rule }) => plannedRuleOf(rule))),
      rules: rules
        .map(({ rule }) => plannedRuleOf(rule))
        .toSorted((a, b) => compareValues(a.ecrRepositoryPrefix, b.ecrRepositoryPrefix)),
      changes: accepted.map(({ draft, fixes }) => changeOf(draft, fixes)),
    },
    forPeople: findings.filter(
      (finding) => !fixedIds.has(finding.id) && !askedIds.has(finding.id) && !isMoot(finding),
    ),
    undecided: byFinding(undecided).filter(({ finding }) => !fixedIds.has(finding.id) && !isMoot(finding)),
  };
}

/** One entry for each finding, with all its questions: a change can need a decision, and be refused besides. */
function byFinding(undecided: readonly Undecided[]): readonly Undecided[] {
  return Array.from(Map.groupBy(undecided, ({ finding }) => finding.id).values(), ([first, ...more]) => {
    const questions = new Set([first, ...more].flatMap((one) => one?.question ?? []));
    return first === undefined ? [] : [{ ...first, question: [...questions].join(" ") }];
  }).flat();
}

type Accepted = { readonly draft: Draft; readonly fixes: readonly Finding[] };

const actionOrder: readonly RuleChange["action"][] = ["update", "delete", "replace", "create"];

/** Orders drafts: updates interrupt no pulls, and deletions free quota that creations may need. */
function inOrder(drafts: readonly Draft[]): readonly Draft[] {
  const rank = (draft: Draft) => actionOrder.indexOf(actionOf(draft));
  return drafts
    .filter(
      ({ before, after }) =>
        before === null || after === null || ruleText(planned(before)) !== ruleText(planned(after)),
    )
    .toSorted((a, b) => rank(a) - rank(b) || compareValues(prefixOf(a), prefixOf(b)));
}

function withDraft(rules: readonly ObservedRule[], { before, after }: Draft): readonly ObservedRule[] {
  const others = rules.filter(({ rule }) => rule.ecrRepositoryPrefix !== before?.ecrRepositoryPrefix);
  return after === null ? others : [...others, { rule: after, validation: present({ outcome: "valid" }) }];
}
