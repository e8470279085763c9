import * as z from "zod";
import { pluck } from "../core/records.ts";
import { ruleSchema } from "../ecr/rule.ts";
import { type Target, targetSchema } from "../ecr/target.ts";
import { evidenceSchema, type Unreadable } from "./evidence.ts";
import { isUnread, type UnreadEvidence, unreadOf } from "./fact.ts";
import { type FactName, factNames, factSchemas, facts } from "./index.ts";

/** The schema of {@link Validation}. */
export const validationSchema = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("valid") }),
  z.strictObject({
    outcome: z.literal("invalid"),
    failure: z.string().describe("The reason that AWS gives. Untrusted text."),
  }),
  z.strictObject({ outcome: z.literal("declined"), detail: z.string() }),
]);

/**
 * The result of ValidatePullThroughCacheRule for one rule. `invalid` was confirmed by a second call. `declined`: AWS
 * refused to validate this kind of rule, so that it is unknown whether the rule works.
 */
export type Validation = Readonly<z.infer<typeof validationSchema>>;

/** The schema of {@link ObservedRule}. */
export const observedRuleSchema = z.strictObject({
  rule: ruleSchema,
  validation: evidenceSchema(validationSchema).describe("absent: the rule was deleted during the audit."),
});

/** A rule and the result of its validation. */
export type ObservedRule = Readonly<z.infer<typeof observedRuleSchema>>;

/** The schema of {@link RegistrySnapshot}. */
export const snapshotSchema = z.strictObject({
  target: targetSchema,
  collectedAt: z.string(),
  rules: evidenceSchema(z.array(observedRuleSchema).readonly()),
  ...factSchemas,
});

/** The facts of one registry at one time, before any evaluation. */
export type RegistrySnapshot = Readonly<z.infer<typeof snapshotSchema>>;

/** The facts of a snapshot. */
export type Facts = Pick<RegistrySnapshot, FactName>;

/** The facts of a registry of which nothing was collected. */
export const nothingCollected: Facts = pluck(facts, "notCollected");

/** The evidence in a snapshot, besides the list of rules, that was asked for and not read. Mostly there is none. */
export function unreadIn(snapshot: RegistrySnapshot): readonly UnreadEvidence[] {
  const rules = snapshot.rules.state === "present" ? snapshot.rules.value : [];
  const unread: UnreadEvidence[] = [];
  for (const { rule, validation } of rules) {
    if (isUnread(validation)) unread.push({ evidence: validation, prefixes: [rule.ecrRepositoryPrefix] });
  }
  for (const name of factNames) unread.push(...unreadOf(snapshot[name], facts[name].nameIn, rules));
  return [...unread, ...unreadTextsIn(snapshot)];
}

/** The policies of single repositories that could not be read, with the prefixes of the rules that cover them. */
function unreadTextsIn(snapshot: RegistrySnapshot): readonly UnreadEvidence[] {
  const { cachedRepositories: cached, cachedLifecyclePolicies, cachedRepositoryPolicies } = snapshot;
  if (cached.state !== "present") return [];
  const unread = [cachedLifecyclePolicies, cachedRepositoryPolicies].flatMap((texts) =>
    texts.state === "present" ? texts.value.unread : [],
  );
  return unread.filter(isUnread).map(({ repositories, ...evidence }) => {
    const names = new Set(repositories);
    const concerned = cached.value.lookedAt.filter(({ name }) => names.has(name));
    return { evidence, prefixes: [...new Set(concerned.map(({ prefix }) => prefix))] };
  });
}

/** The snapshot of a registry whose rules could not be read. */
export function unreadSnapshot(target: Target, rules: Unreadable, at: Date): RegistrySnapshot {
  return { target, collectedAt: at.toISOString(), rules, ...nothingCollected };
}
