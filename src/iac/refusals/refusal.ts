import type { Declared, RuleParameter } from "../declared-rule.ts";

/**
 * The exceptions of CreatePullThroughCacheRule that can be predicted from code (Amazon ECR API reference, November
 * 2026); the two about the content of a secret only if the code declares the secret. ServerException and
 * ValidationException depend on facts that the code does not contain.
 */
export type CreateException =
  | "InvalidParameterException"
  | "UnsupportedUpstreamRegistryException"
  | "SecretNotFoundException"
  | "UnableToAccessSecretException"
  | "UnableToDecryptSecretValueException"
  | "PullThroughCacheRuleAlreadyExistsException"
  | "LimitExceededException";

/** Why AWS would refuse a rule. */
export type Refusal = {
  readonly exception: CreateException;
  readonly parameter: RuleParameter;
  /** The problem of the parameter. It completes a sentence that begins with the parameter. */
  readonly problem: string;
};

/** The parameters of a rule that will be created in `account` and `region`. */
export type Creation = {
  readonly parameters: Readonly<Record<RuleParameter, Declared>>;
  readonly account: string;
  readonly region: string;
};

/** A parameter that AWS would reject as invalid. */
export function invalid(parameter: RuleParameter, problem: string): Refusal {
  return { exception: "InvalidParameterException", parameter, problem };
}
