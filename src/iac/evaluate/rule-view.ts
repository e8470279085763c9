import { partitionOf } from "../../ecr/partition.ts";
import { type PullThroughCacheRule, ROOT_PREFIX } from "../../ecr/rule.ts";
import type { Target } from "../../ecr/target.ts";
import { recognizeUpstream } from "../../ecr/upstream.ts";
import { type Declared, type DeclaredRule, type RuleParameter, set } from "../declared-rule.ts";

/** A check looked at a value that is not known yet: whatever it would say is not known either. */
export class UnknownValueError extends Error {
  override readonly name = "UnknownValueError";
  readonly rule: DeclaredRule;
  readonly parameter: RuleParameter;
  /** Why it is not known, as the end of a sentence that begins with the value. */
  readonly why: string;

  constructor(rule: DeclaredRule, parameter: RuleParameter, why: string) {
    super(`${rule.names[parameter]} of ${rule.address} ${why}`);
    this.rule = rule;
    this.parameter = parameter;
    this.why = why;
  }
}

/**
 * A rule in code as checks see rules. Looking at what is not known yet throws {@link UnknownValueError}, so that
 * no check can take it for something else, and checks that look elsewhere are not disturbed.
 */
export function ruleViewOf(rule: DeclaredRule, parameters: DeclaredRule["parameters"]): PullThroughCacheRule {
  const optional = (parameter: RuleParameter): string | null => {
    const declared = parameters[parameter];
    if (declared.state === "unknown") throw new UnknownValueError(rule, parameter, declared.why);
    return declared.state === "set" ? declared.value : null;
  };
  const required = (parameter: RuleParameter): string => {
    const value = optional(parameter);
    if (value === null) throw new UnknownValueError(rule, parameter, "is missing");
    return value;
  };
  return {
    get ecrRepositoryPrefix() {
      return required("ecrRepositoryPrefix");
    },
    get upstreamRegistryUrl() {
      return required("upstreamRegistryUrl");
    },
    get upstreamRegistry() {
      const url = required("upstreamRegistryUrl");
      return recognizeUpstream(url, optional("upstreamRegistry") ?? undefined);
    },
    get upstreamRepositoryPrefix() {
      return optional("upstreamRepositoryPrefix") ?? ROOT_PREFIX;
    },
    get credentialArn() {
      return optional("credentialArn");
    },
    get customRoleArn() {
      return optional("customRoleArn");
    },
    createdAt: null,
    updatedAt: null,
  };
}

/** A rule's parameters once its place is known: what lacked nothing else of its ARNs is then known too. */
export function parametersAt(
  { parameters }: DeclaredRule,
  { account, region }: Pick<Target, "account" | "region">,
): DeclaredRule["parameters"] {
  const { id, dnsSuffix } = partitionOf(region);
  const pseudoParameters = new Map([
    ["AccountId", account],
    ["Region", region],
    ["Partition", id],
    ["URLSuffix", dnsSuffix],
  ]);
  const filled = (declared: Declared): Declared => {
    if (declared.state !== "unknown" || declared.template === null) return declared;
    const fill = (hole: string, name: string): string => pseudoParameters.get(name) ?? hole;
    return set(declared.template.replaceAll(/\$\{AWS::(\w+)\}/g, fill));
  };
  return {
    ...parameters,
    credentialArn: filled(parameters.credentialArn),
    customRoleArn: filled(parameters.customRoleArn),
  };
}
