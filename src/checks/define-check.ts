import type { Unreadable } from "../model/evidence.ts";
import type { Severity, Status } from "../model/finding.ts";
import type { PullThroughCacheRule } from "../model/rule.ts";
import type { ObservedRule, RegistrySnapshot } from "../model/snapshot.ts";
import type { Policy } from "../policy/schema.ts";
import { type CommonKinds, commonProse, isCommonKind } from "./texts/common.ts";

/** What a check can say: each kind's name and the data that belongs to it. */
export type Kinds = Record<string, Record<string, unknown>>;

/** Where a finding lies, for commands that people can paste. */
export type Place = { readonly account: string; readonly region: string; readonly prefix: string | null };

/** The words for one kind. Nothing in them is escaped: each renderer escapes for its own medium. */
export type Prose<Data> = {
  readonly title: string;
  readonly message: (data: Data, place: Place) => string;
  readonly remediation: (data: Data, place: Place) => string;
};

/** All the words of a check. Does not compile when a kind lacks its own. */
export type CheckText<K extends Kinds> = {
  /** What the check demands, as a short title. */
  readonly title: string;
  /** When the check fails, as the end of "fails when …". */
  readonly failsWhen: string;
  readonly kinds: { readonly [Kind in keyof K]: Prose<K[Kind]> };
};

type VerdictOf<K extends Kinds> = {
  [Kind in keyof K]: {
    readonly status: Exclude<Status, "WAIVED">;
    readonly kind: Kind;
    readonly data: K[Kind];
    /** Tells apart several failures of one check and prefix: findings are identified by it. */
    readonly subject?: string;
  };
}[keyof K];

/** What every check can say. */
type CommonVerdict = VerdictOf<CommonKinds>;

/** A check's answer: one of its own kinds, or one that every check can give. */
export type Verdict<K extends Kinds> = CommonVerdict | VerdictOf<K>;

/** What a check of rules looks at. */
export type RuleContext = {
  readonly rule: PullThroughCacheRule;
  readonly observed: ObservedRule;
  /** All rules of the registry, this one included. */
  readonly siblings: readonly ObservedRule[];
  readonly registry: RegistrySnapshot;
  /** The policy in force for this registry. */
  readonly policy: Policy;
  readonly now: Date;
};

type RuleCheckDefinition<K extends Kinds> = {
  readonly id: string;
  readonly severity: Severity;
  readonly text: CheckText<K>;
  /** Judges one rule. Pure; must not throw, and is caught when it does. */
  readonly judge: (context: RuleContext) => Verdict<K> | readonly Verdict<K>[];
};

/** A verdict with its place, and its words on demand: most verdicts pass and are never put into words. */
export type Judgement = {
  readonly status: Exclude<Status, "WAIVED">;
  readonly prefix: string | null;
  readonly subject: string;
  readonly kind: string;
  readonly data: Record<string, unknown>;
  readonly prose: () => { readonly title: string; readonly message: string; readonly remediation: string };
};

/** A check as the audit sees it: what it can say is hidden behind the words it already has. */
export type Check = {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly failsWhen: string;
  /** The check's document, as a path in this project. */
  readonly docs: string;
  /**
   * Judges the rules of `registry` that `inScope` names. Rules that could not be read make one UNKNOWN for
   * the registry as a whole; a registry without rules gives nothing to judge.
   */
  readonly judge: (subject: JudgeSubject) => Judgement[];
};

/** What a check is given. */
export type JudgeSubject = {
  readonly registry: RegistrySnapshot;
  readonly policy: Policy;
  readonly now: Date;
  readonly inScope: (prefix: string) => boolean;
};

/** The answer of a check that is content. */
export const pass = { status: "PASS", kind: "passes", data: {} } as const;

/** The answer where the policy makes no such demand. */
export const notDemanded = { status: "NOT_APPLICABLE", kind: "not-demanded", data: {} } as const;

/** The answer where a fact could not be read. */
export function cannotTell(evidence: Unreadable): CommonVerdict {
  const { reason, operation, detail } = evidence;
  return { status: "UNKNOWN", kind: "evidence-unreadable", data: { reason, operation, detail } };
}

/** The judgement on a registry for which a check threw: a defect of ours is no verdict on the registry. */
export function checkCrashed(title: string, place: Omit<Place, "prefix">, error: unknown): Judgement {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const verdict = { status: "UNKNOWN", kind: "check-crashed", data: { error: message } } as const;
  return toJudgement({ title, failsWhen: "", kinds: {} }, verdict, { ...place, prefix: null });
}

/** Defines a check that judges rules one by one. */
export function defineRuleCheck<K extends Kinds>(definition: RuleCheckDefinition<K>): Check {
  const { id, severity, text } = definition;
  return {
    id,
    severity,
    title: text.title,
    failsWhen: text.failsWhen,
    docs: `docs/checks/${id}.md`,
    judge: ({ registry, policy, now, inScope }) => {
      const judgementOf = (verdict: Verdict<K>, prefix: string | null) =>
        toJudgement(text, verdict, { ...registry.target, prefix });
      if (registry.rules.state === "unreadable") return [judgementOf(cannotTell(registry.rules), null)];
      if (registry.rules.state === "absent") return [];
      const siblings = registry.rules.value;
      return siblings
        .filter(({ rule }) => inScope(rule.ecrRepositoryPrefix))
        .flatMap((observed) => {
          const { rule } = observed;
          const verdicts = definition.judge({ rule, observed, siblings, registry, policy, now });
          return asList(verdicts).map((verdict) => judgementOf(verdict, rule.ecrRepositoryPrefix));
        });
    },
  };
}

function asList<K extends Kinds>(answer: Verdict<K> | readonly Verdict<K>[]): readonly Verdict<K>[] {
  return "status" in answer ? [answer] : answer;
}

function toJudgement<K extends Kinds>(text: CheckText<K>, verdict: Verdict<K>, place: Place): Judgement {
  return {
    status: verdict.status,
    prefix: place.prefix,
    subject: verdict.subject ?? "",
    kind: String(verdict.kind),
    data: verdict.data,
    prose: () =>
      isCommon(verdict)
        ? putIntoWords(commonProse(text.title), verdict, place)
        : putIntoWords(text.kinds, verdict, place),
  };
}

function isCommon<K extends Kinds>(verdict: Verdict<K>): verdict is CommonVerdict {
  return isCommonKind(verdict.kind);
}

function putIntoWords<K extends Kinds, Kind extends keyof K>(
  proseOf: { readonly [P in keyof K]: Prose<K[P]> },
  { kind, data }: { readonly kind: Kind; readonly data: K[Kind] },
  place: Place,
) {
  const prose = proseOf[kind];
  return {
    title: prose.title,
    message: prose.message(data, place),
    remediation: prose.remediation(data, place),
  };
}
