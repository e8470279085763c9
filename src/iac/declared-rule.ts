import { makeRecord } from "../core/records.ts";
import { type RuleField, ruleFieldNames } from "../ecr/rule.ts";
/** A parameter of CreatePullThroughCacheRule. `upstreamRegistry` is one that AWS works out where it is left out. */
export type RuleParameter = RuleField | "upstreamRegistry";

/** All parameters of CreatePullThroughCacheRule (ECR API, November 2026). */
export const ruleParameters: readonly RuleParameter[] = ruleFieldNames.flatMap((field) =>
  field === "upstreamRegistryUrl" ? [field, "upstreamRegistry" as const] : [field],
);

/**
 * What a file says of one value. `unknown` is not `unset`: it is there once the file has been deployed. Where
 * nothing but the place is missing, `template` is the value with `${AWS::AccountId}` and its like left in.
 */
export type Declared =
  | { readonly state: "set"; readonly value: string }
  | { readonly state: "unset" }
  | { readonly state: "unknown"; readonly why: string; readonly template: string | null };

/** The file says nothing of the value: AWS takes what it takes when it is left out. */
export const unset = { state: "unset" } as const;

/** The file says what the value is. */
export function set(value: string): Declared {
  return { state: "set", value };
}

/** The file says that there is a value, and not which. `why` is the end of a sentence: "… is known only …". */
export function unknown(why: string, template: string | null = null): Declared {
  return { state: "unknown", why, template };
}

/** Where a rule is to be created, as far as that is known. */
export type SourceLocation = {
  readonly account: string | null;
  readonly region: string | null;
};

/** Where a rule stands in code. */
export type Origin = {
  readonly file: string;
  /** The line it begins in, from 1; `null` where the format has no lines that people wrote. */
  readonly line: number | null;
  /** What the tool calls it: `module.x.aws_ecr_pull_through_cache_rule.hub["a"]`, or a logical id. */
  readonly address: string;
};

/** A pull through cache rule as code declares it. */
export type DeclaredRule = Origin & {
  readonly location: SourceLocation;
  /** Rules with the same key end in the same registry, even where nobody knows yet which one that is. */
  readonly registryKey: string;
  readonly parameters: Readonly<Record<RuleParameter, Declared>>;
  /** What the parameters are called in the code. */
  readonly names: Readonly<Record<RuleParameter, string>>;
  /** What AWS is asked to do with it; `null` for a rule that exists and stays as it is. */
  readonly call: "create" | "update" | null;
  /** Whether it will exist for certain: `false` under a condition that can not be decided here. */
  readonly isCertain: boolean;
  /** Whether it is created while a rule with this prefix still exists, which it replaces. */
  readonly replaces: string | null;
};

/** The rule's prefix, where it is known. */
export function prefixOf({ parameters }: DeclaredRule): string | null {
  const { ecrRepositoryPrefix } = parameters;
  return ecrRepositoryPrefix.state === "set" ? ecrRepositoryPrefix.value : null;
}

/** All parameters of a rule, each as `declared` has it. */
export function byParameter(declared: (parameter: RuleParameter) => Declared): DeclaredRule["parameters"] {
  return makeRecord<DeclaredRule["parameters"]>(ruleParameters, declared);
}

/** The parameters of a rule of which nothing is known. */
export function allUnknown(why: string): DeclaredRule["parameters"] {
  return byParameter(() => unknown(why));
}
