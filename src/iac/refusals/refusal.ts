import type { Declared, RuleParameter } from "../declared-rule.ts";

/**
 * The exceptions of CreatePullThroughCacheRule that can be told from code (Amazon ECR API reference, November
 * 2026). ServerException, ValidationException, UnableToAccessSecretException and
 * UnableToDecryptSecretValueException depend on what the code does not say.
 */
export type CreateException =
  | "InvalidParameterException"
  | "UnsupportedUpstreamRegistryException"
  | "SecretNotFoundException"
  | "PullThroughCacheRuleAlreadyExistsException"
  | "LimitExceededException";

/** Why AWS would refuse a rule. */
export type Refusal = {
  readonly exception: CreateException;
  readonly parameter: RuleParameter;
  /** What is wrong with the parameter, as the end of a sentence that begins with it. */
  readonly problem: string;
};

/** The parameters of a rule that is to be created in `account` and `region`. */
export type Creation = {
  readonly parameters: Readonly<Record<RuleParameter, Declared>>;
  readonly account: string;
  readonly region: string;
};

/** A parameter that AWS would call invalid. */
export function invalid(parameter: RuleParameter, problem: string): Refusal {
  return { exception: "InvalidParameterException", parameter, problem };
}
