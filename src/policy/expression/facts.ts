import { memoize } from "../../core/memoize.ts";
import type { PullThroughCacheRule } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import type { RegistrySnapshot } from "../../facts/snapshot.ts";

/** What an expression is asked about. */
export type ExpressionFacts = {
  readonly registry: RegistrySnapshot;
  /** The rule that is judged; `null` where a registry is judged as a whole. */
  readonly rule: PullThroughCacheRule | null;
};

/** The fields of `rule`: all that the model has. */
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
 * A rule as expressions see it. What a rule does not have is the empty text: CEL's methods are for texts, and
 * `!rule.credentialArn.contains("x")` shall also hold for a rule without a credential. Only what an expression asks for
 * is looked at: of a rule in code the rest may be unknown.
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

/** The texts of a rule as expressions see it; each may throw what the rule throws of what is not known. */
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

/** An account as expressions see it. A name that nobody was asked for is the empty text. */
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

/** Made once for a registry, not for each of its rules again. */
const registryFacts = memoize(new WeakMap<RegistrySnapshot, RegistryFacts>(), readRegistry);

function readRegistry({ target, rules }: RegistrySnapshot): RegistryFacts {
  const observed = rules.state === "present" ? rules.value : [];
  return new RegistryFacts(
    target,
    observed.map(({ rule }) => new RuleFacts(rule)),
  );
}
