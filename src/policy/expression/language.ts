import { Environment } from "@marcbachmann/cel-js";
import type { CustomCheck } from "../sections/custom-checks.ts";
import {
  AccountFacts,
  accountFields,
  RegistryFacts,
  RuleFacts,
  registryFields,
  ruleFields,
} from "./facts.ts";
import { matches, matchesSignature } from "./matches.ts";

/** What an expression judges. */
export type Subject = CustomCheck["appliesTo"];

/** How large an expression may be. */
const limits = { maxAstNodes: 500, maxDepth: 50, maxListElements: 200, maxMapEntries: 20 };

const ofRegistries = new Environment({ limits })
  .registerType("Rule", { ctor: RuleFacts, fields: ruleFields })
  .registerType("Registry", { ctor: RegistryFacts, fields: registryFields })
  .registerType("Account", { ctor: AccountFacts, fields: accountFields })
  .registerVariable("registry", "Registry")
  .registerVariable("account", "Account")
  .registerVariable("region", "string")
  .registerFunction(matchesSignature, matches, { async: false });

/** What can be named in an expression, and of which type it is. */
export const environments: { readonly [S in Subject]: Environment } = {
  registry: ofRegistries,
  rule: ofRegistries.clone().registerVariable("rule", "Rule"),
};

/** The names that can be used, for those who used another. */
export const variableNames: { readonly [S in Subject]: readonly string[] } = {
  registry: ["registry", "account", "region"],
  rule: ["rule", "registry", "account", "region"],
};

/**
 * How deep loops may lie in one another. A rule is judged once for each rule of its registry, so that a registry
 * of 50 rules never takes more than 50 × 50 rounds.
 */
export const loopDepths: { readonly [S in Subject]: number } = { registry: 2, rule: 1 };

/** The methods that go through a list. */
export const loops: readonly string[] = ["all", "exists", "exists_one", "filter", "map"];

/**
 * All that can be called. Of what the library offers beyond, `has` would be true of what is empty, `split`,
 * `join` and `cel.bind` can make values of any size, durations are read in more than linear time, and `dyn`
 * evades the types.
 */
export const callables: readonly string[] = [
  ...loops,
  "contains",
  "endsWith",
  "indexOf",
  "int",
  "lastIndexOf",
  "lowerAscii",
  "matches",
  "size",
  "startsWith",
  "string",
  "substring",
  "timestamp",
  "trim",
  "upperAscii",
];
