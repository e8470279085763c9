import { compareText } from "../audit/coverage.ts";
import { present } from "../model/evidence.ts";
import type { Finding } from "../model/finding.ts";
import type { PlannedRule, RegistryPlan, RuleChange } from "../model/remedy-plan.ts";
import type { PullThroughCacheRule } from "../model/rule.ts";
import type { ObservedRule, RegistrySnapshot } from "../model/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import type { Offers } from "./decide-access.ts";
import { type Draft, planned, type Undecided } from "./draft.ts";
import { draftAll } from "./draft-all.ts";
import { effectsOf } from "./effects.ts";
import { fingerprintOf, ruleText } from "./fingerprint.ts";
import { type Failure, failureKey, failuresOf, refusalWords } from "./foresee.ts";

/** A registry that is to be mended. */
export type Patient = {
  readonly registry: RegistrySnapshot;
  readonly rules: readonly ObservedRule[];
  /** What fails in it. */
  readonly findings: readonly Finding[];
  /** The policy in force for it. */
  readonly policy: Policy;
};

/** What is to be done in one registry. */
export type Prescription = {
  readonly plan: RegistryPlan;
  /** Failures that no call of pull through cache rules mends. */
  readonly forPeople: readonly Finding[];
  readonly undecided: readonly Undecided[];
};

/** Plans the changes of one registry. Pure: the same facts, policy and time give the same plan. */
export function planRegistry(patient: Patient, offers: Offers, now: Date): Prescription {
  const { registry, rules, findings, policy } = patient;
  const drafted = draftAll(findings, { target: registry.target, policy, rules, offers });
  const undecided = drafted.flatMap((one) => one.undecided);
  const accepted: Accepted[] = [];
  let state: State = { rules, failures: failuresOf(registry, rules, policy, now) };
  for (const draft of inOrder(drafted.flatMap(({ draft }) => draft ?? []))) {
    const after = withDraft(state.rules, draft);
    const next = { rules: after, failures: failuresOf(registry, after, policy, now) };
    const objection = objectionTo(draft, state, next, registry);
    if (objection === null) {
      accepted.push({ draft, mends: draft.findings.filter(isMendedIn(next)) });
      state = next;
    } else {
      undecided.push(...draft.findings.map((finding) => ({ finding, question: objection })));
    }
  }
  const mendedIds = new Set(accepted.flatMap(({ mends }) => mends.map(({ id }) => id)));
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
      fingerprint: fingerprintOf(rules.map(({ rule }) => asIs(rule))),
      rules: rules
        .map(({ rule }) => asIs(rule))
        .toSorted((a, b) => compareText(a.ecrRepositoryPrefix, b.ecrRepositoryPrefix)),
      changes: accepted.map(({ draft, mends }) => changeOf(draft, mends)),
    },
    forPeople: findings.filter(
      (finding) => !mendedIds.has(finding.id) && !askedIds.has(finding.id) && !isMoot(finding),
    ),
    undecided: undecided.filter(({ finding }) => !mendedIds.has(finding.id) && !isMoot(finding)),
  };
}

type State = { readonly rules: readonly ObservedRule[]; readonly failures: readonly Failure[] };
type Accepted = { readonly draft: Draft; readonly mends: readonly Finding[] };

const actionOrder: readonly RuleChange["action"][] = ["update", "delete", "replace", "create"];

/** Updates disturb nobody, deletions make room, and creations may need it. */
function inOrder(drafts: readonly Draft[]): readonly Draft[] {
  const rank = (draft: Draft) => actionOrder.indexOf(actionOf(draft));
  return drafts
    .filter(
      ({ before, after }) =>
        before === null || after === null || ruleText(planned(before)) !== ruleText(planned(after)),
    )
    .toSorted((a, b) => rank(a) - rank(b) || compareText(prefixOf(a), prefixOf(b)));
}

function prefixOf({ before, after }: Draft): string {
  return (before ?? after)?.ecrRepositoryPrefix ?? "";
}

function actionOf({ before, after }: Draft): RuleChange["action"] {
  if (before === null) return "create";
  if (after === null) return "delete";
  const updated = {
    ...before,
    credentialArn: after.credentialArn ?? before.credentialArn,
    customRoleArn: after.customRoleArn ?? before.customRoleArn,
  };
  return ruleText(planned(updated)) === ruleText(planned(after)) ? "update" : "replace";
}

function withDraft(rules: readonly ObservedRule[], { before, after }: Draft): readonly ObservedRule[] {
  const others = rules.filter(({ rule }) => rule.ecrRepositoryPrefix !== before?.ecrRepositoryPrefix);
  return after === null ? others : [...others, { rule: after, validation: present({ outcome: "valid" }) }];
}

/** Why a draft is not to be carried out; `null` when it mends something and breaks nothing. */
function objectionTo(draft: Draft, state: State, next: State, { target }: RegistrySnapshot): string | null {
  const [refusal] = draft.after === null ? [] : refusalWords(draft.after, target);
  if (refusal !== undefined) return `How is ${prefixOf(draft)} to be mended? AWS would answer ${refusal}.`;
  const known = new Set(state.failures.map(({ key }) => key));
  const broken = next.failures.find(({ key }) => !known.has(key));
  if (broken !== undefined) {
    return `How is ${prefixOf(draft)} to be mended? ${wordsOf(draft)} would break something else: ${broken.message}`;
  }
  return draft.findings.some(isMendedIn(next))
    ? null
    : `How is ${prefixOf(draft)} to be mended? ${wordsOf(draft)} would not do.`;
}

function wordsOf(draft: Draft): string {
  switch (actionOf(draft)) {
    case "create":
      return "To create it";
    case "update":
      return "Another credential or role";
    case "replace":
      return `To replace it by ${draft.after?.ecrRepositoryPrefix} for ${draft.after?.upstreamRegistryUrl}`;
    case "delete":
      return "To delete it";
  }
}

function isMendedIn({ failures }: State): (finding: Finding) => boolean {
  const left = new Set(failures.map(({ key }) => key));
  return (finding) => !left.has(failureKey(finding));
}

function changeOf(draft: Draft, mends: readonly Finding[]): RuleChange {
  const action = actionOf(draft);
  const before = draft.before === null ? null : asIs(draft.before);
  const after = draft.after === null ? null : planned(draft.after);
  const because = mends
    .map(({ check, kind, title }) => ({ check, kind, title }))
    .toSorted((a, b) => compareText(a.check, b.check) || compareText(a.kind, b.kind));
  const rest = { because, effects: effectsOf({ action, before, after }) };
  if (before === null && after !== null) return { action: "create", before, after, ...rest };
  if (before !== null && after === null) return { action: "delete", before, after, ...rest };
  if (before === null || after === null) throw new Error("a change has a rule before or after it");
  return { action: action === "update" ? "update" : "replace", before, after, ...rest };
}

function asIs({
  ecrRepositoryPrefix,
  upstreamRegistryUrl,
  upstreamRepositoryPrefix,
  credentialArn,
  customRoleArn,
}: PullThroughCacheRule): PlannedRule {
  return { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix, credentialArn, customRoleArn };
}
