import type { DeclaredRule, DepartingRule, NotRead, ReadRules } from "../declared-rule.ts";
import { set, unknown } from "../declared-rule.ts";
import {
  attributes,
  callFor,
  fateOf,
  isConfigured,
  isCreatedFirst,
  isThereAfterwards,
  type LocatedChange,
  type PlanContext,
  parametersOf,
  sensitiveIn,
  unchangeableIn,
} from "./changes.ts";
import { configurationOf } from "./configuration.ts";
import { bringsRules, readElsewhere } from "./elsewhere.ts";
import { isMarked, type Plan, parsePlan, type ResourceChange, textOrNull } from "./plan.ts";
import { type ProviderOfResource, providersIn } from "./providers.ts";
import { type References, referencesIn, referredTypes } from "./references.ts";

/** The resource types of rules: of the providers hashicorp/aws and hashicorp/awscc (November 2026). */
const ruleTypes = ["aws_ecr_pull_through_cache_rule", "awscc_ecr_pull_through_cache_rule"];

/**
 * The rules that exist after a plan is applied, and those that it deletes or forgets. Data sources are left out.
 *
 * @throws ConfigurationError if it is not a plan
 */
export function rulesOfPlan(value: unknown, context: PlanContext): ReadRules {
  const plan = parsePlan(value, context.file);
  const providerOf = providersIn(plan);
  const planned = plan.resource_changes.map((change) => ({ change, isCertain: true }));
  const deferred = plan.deferred_changes.map(({ resource_change: change }) => ({ change, isCertain: false }));
  const all = [...planned, ...deferred]
    .filter(({ change: { mode } }) => mode === "managed")
    .map((one) => ({ ...one, provider: providerOf(one.change) }));
  const accounts = accountsOf(all);
  const locate = ({ change, isCertain, provider }: (typeof all)[number], when: "before" | "after") => ({
    change,
    isCertain,
    provider,
    ...placeOf(
      change,
      when,
      { ...provider, account: provider.account ?? accounts.get(provider.key) ?? null },
      plan,
      context,
    ),
  });
  const rules = all.filter(({ change }) => ruleTypes.includes(change.type));
  const referred = all
    .filter(({ change }) => referredTypes.includes(change.type) && isThereAfterwards(change))
    .map((one) => locate(one, "after"));
  const references = referencesIn(plan, referred);
  const elsewhere = all
    .filter(({ change }) => bringsRules(change.type))
    .map((one) => readElsewhere(locate(one, "after"), context));
  return {
    rules: [
      ...rules
        .filter(({ change }) => isThereAfterwards(change))
        .map((one) => ruleOf(locate(one, "after"), locate(one, "before"), references, plan, context)),
      ...elsewhere.flatMap((read) => read.rules),
    ],
    departing: [
      ...rules.flatMap((one) => departingOf(locate(one, "before"), locate(one, "after"), context)),
      ...elsewhere.flatMap((read) => read.departing),
    ],
    notRead: [...unfinished(plan, context), ...elsewhere.flatMap((read) => read.notRead)],
  };
}

/** The accounts of providers in which objects exist, which their states contain. */
function accountsOf(
  all: readonly { readonly change: ResourceChange; readonly provider: ProviderOfResource }[],
): ReadonlyMap<string, string> {
  return new Map(
    all
      .filter(({ provider }) => !provider.hasMany.accounts)
      .map(({ change, provider }) => [provider.key, registryIdOf(change.change)] as const)
      .filter((pair): pair is readonly [string, string] => pair[1] !== null),
  );
}

/** The account of an existing rule. */
function registryIdOf({ after, before }: ResourceChange["change"]): string | null {
  return textOrNull(after?.["registry_id"]) ?? textOrNull(before?.["registry_id"]);
}

/** Where the object of a change is. What the plan does not tell, the options do. */
function placeOf(
  { address, change }: ResourceChange,
  when: "before" | "after",
  provider: ProviderOfResource,
  plan: Plan,
  { file, location, within }: PlanContext,
): Pick<LocatedChange, "location" | "registryKey"> {
  const { hasMany } = provider;
  const ownRegion = textOrNull(change[when]?.["region"]);
  const expressions = configurationOf(address, plan)?.expressions ?? {};
  const isOpen =
    when === "after" && isMarked(change.after_unknown, "region") && isConfigured("region", expressions);
  const account = registryIdOf(change) ?? provider.account;
  const region = ownRegion ?? (isOpen ? null : provider.region);
  const hasSeveral = isOpen || hasMany.accounts || hasMany.regions;
  return {
    location: {
      account: account ?? (hasMany.accounts ? null : location.account),
      region: region ?? (hasMany.regions ? null : location.region),
    },
    registryKey: JSON.stringify([
      file,
      within,
      provider.key,
      account,
      region,
      ...(hasSeveral ? [address] : []),
    ]),
  };
}

function ruleOf(
  located: LocatedChange,
  before: LocatedChange,
  references: References,
  plan: Plan,
  { file, within }: PlanContext,
): DeclaredRule {
  const { change: all, isCertain, location, registryKey } = located;
  const { address, change } = all;
  const isSameRegistry = before.registryKey === registryKey;
  return {
    file,
    line: null,
    address: `${within}${address}`,
    isCertain,
    registryKey,
    location,
    names: attributes,
    parameters: parametersOf(change, configurationOf(address, plan)?.expressions),
    call: callFor(change),
    secret: references.secretOf(located),
    role: references.roleOf(located),
    waivers: [],
    unchangeable: unchangeableIn(change),
    sensitive: [...sensitiveIn(change), ...references.sensitiveOf(located)],
    source: null,
    replaces:
      isCreatedFirst(change) && isSameRegistry
        ? textOrNull(change.before?.[attributes.ecrRepositoryPrefix])
        : null,
  };
}

/** The rule that a change takes away, or that Terraform forgets. */
function departingOf(
  { change: all, location, registryKey }: LocatedChange,
  after: LocatedChange,
  { file, within }: PlanContext,
): readonly DepartingRule[] {
  const { address, deposed, change } = all;
  const fate = fateOf(all);
  if (change.before === null || change.before === undefined || fate === "stays" || fate === "changes")
    return [];
  const prefix = textOrNull(change.before[attributes.ecrRepositoryPrefix]);
  const isReplaced = fate === "is-replaced" || fate === "is-replaced-and-forgotten";
  const keepsPrefix =
    isReplaced &&
    registryKey === after.registryKey &&
    prefix === textOrNull(change.after?.[attributes.ecrRepositoryPrefix]);
  if (keepsPrefix) return [];
  return [
    {
      file,
      address: `${within}${address}${deposed === undefined ? "" : ` (deposed ${deposed})`}`,
      location,
      registryKey,
      prefix: prefix === null ? unknown("is not in the plan") : set(prefix),
      fate: fate === "is-forgotten" || fate === "is-replaced-and-forgotten" ? "kept" : "deleted",
    },
  ];
}

/** A plan that is not whole, so that it may lack rules. */
function unfinished({ complete, errored }: Plan, { file, within }: PlanContext): readonly NotRead[] {
  const head = {
    file,
    line: null,
    address: `${within}plan`,
    location: { account: null, region: null },
    heldBy: null,
  };
  if (errored === true) {
    return [
      {
        ...head,
        why: "ended with an error, so that it does not hold every change",
        remedy: "Mend the error and plan again.",
      },
    ];
  }
  if (complete !== false) return [];
  return [
    {
      ...head,
      why: "is not complete: Terraform deferred changes, or planned only targets",
      remedy: "Plan again without targets, or after this plan is applied.",
    },
  ];
}
