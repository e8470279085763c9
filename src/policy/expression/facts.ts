import { memoize } from "../../core/memoize.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";

/** The facts on which an expression is evaluated. */
export type ExpressionFacts = {
  readonly registry: RegistrySnapshot;
  /** The rule to evaluate; `null` to evaluate the registry as a whole. */
  readonly rule: PullThroughCacheRule | null;
};

/** The fields of `rule`: all fields of {@link PullThroughCacheRule}. */
export const ruleFields = {
  ecrRepositoryPrefix: "string",
  upstreamRegistryUrl: "string",
  upstreamRegistry: "string",
  upstreamRepositoryPrefix: "string",
  credentialArn: "string",
  customRoleArn: "string",
  createdAt: "string",
  updatedAt: "string",
} as const satisfies Record<keyof PullThroughCacheRule, "string">;

/** The fields of `account`. */
export const accountFields = { id: "string", name: "string", organizationalUnits: "list<string>" } as const;

/** The fields of `registry`. */
export const registryFields = {
  account: "string",
  region: "string",
  organizationalUnits: "list<string>",
  rules: "list<Rule>",
  ruleCount: "int",
} as const;

/**
 * A rule as expressions see it. A missing value is the empty string, because CEL's methods require strings, and
 * `!rule.credentialArn.contains("x")` must also be true for a rule without a credential. Fields are read only when an
 * expression uses them, because some fields of a rule in code may be unknown.
 */
export class RuleFacts implements Record<keyof typeof ruleFields, string> {
  readonly #rule: PullThroughCacheRule;

  constructor(rule: PullThroughCacheRule) {
    this.#rule = rule;
  }

  get ecrRepositoryPrefix(): string {
    return this.#rule.ecrRepositoryPrefix;
  }

  get upstreamRegistryUrl(): string {
    return this.#rule.upstreamRegistryUrl;
  }

  get upstreamRegistry(): string {
    return this.#rule.upstreamRegistry ?? "";
  }

  get upstreamRepositoryPrefix(): string {
    return this.#rule.upstreamRepositoryPrefix;
  }

  get credentialArn(): string {
    return this.#rule.credentialArn ?? "";
  }

  get customRoleArn(): string {
    return this.#rule.customRoleArn ?? "";
  }

  get createdAt(): string {
    return this.#rule.createdAt ?? "";
  }

  get updatedAt(): string {
    return this.#rule.updatedAt ?? "";
  }
}

/** The texts of a rule as expressions see it. Each function throws if the rule throws because the field is unknown. */
export function ruleTexts(rule: PullThroughCacheRule): readonly (() => string)[] {
  const facts = new RuleFacts(rule);
  return [
    () => facts.ecrRepositoryPrefix,
    () => facts.upstreamRegistryUrl,
    () => facts.upstreamRegistry,
    () => facts.upstreamRepositoryPrefix,
    () => facts.credentialArn,
    () => facts.customRoleArn,
    () => facts.createdAt,
    () => facts.updatedAt,
  ];
}

/** An account as expressions see it. An unknown name is the empty string. */
export class AccountFacts {
  readonly id: string;
  readonly name: string;
  readonly organizationalUnits: readonly string[];

  constructor({ account, accountName, organizationalUnits }: Target) {
    this.id = account;
    this.name = accountName ?? "";
    this.organizationalUnits = organizationalUnits;
  }
}

/** A registry as expressions see it. */
export class RegistryFacts {
  readonly account: string;
  readonly region: string;
  readonly organizationalUnits: readonly string[];
  readonly rules: readonly RuleFacts[];
  readonly ruleCount: bigint;

  constructor({ account, region, organizationalUnits }: Target, rules: readonly RuleFacts[]) {
    this.account = account;
    this.region = region;
    this.organizationalUnits = organizationalUnits;
    this.rules = rules;
    this.ruleCount = BigInt(rules.length);
  }
}

/** The variables of an expression, by name. */
export function variablesOf({ registry, rule }: ExpressionFacts) {
  return {
    registry: registryFacts(registry),
    account: new AccountFacts(registry.target),
    region: registry.target.region,
    rule: rule && new RuleFacts(rule),
  };
}

/** Created once for each registry, not for each of its rules. */
const registryFacts = memoize(new WeakMap<RegistrySnapshot, RegistryFacts>(), readRegistry);

function readRegistry({ target, rules }: RegistrySnapshot): RegistryFacts {
  const observed = rules.state === "present" ? rules.value : [];
  return new RegistryFacts(
    target,
    observed.map(({ rule }) => new RuleFacts(rule)),
  );
}
