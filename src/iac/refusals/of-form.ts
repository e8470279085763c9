import type { Declared, RuleParameter } from "../declared-rule.ts";
import { type Creation, invalid, type Refusal } from "./refusal.ts";

/**
 * What a prefix must look like: `PullThroughCacheRuleRepositoryPrefix` of the ECR service model, and 2–30
 * characters (November 2026).
 */
const prefixPattern = /^([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\/?|ROOT)$/;
const prefixLength = { min: 2, max: 30 };

/** `CredentialArn` of the ECR service model, and 50–612 characters (November 2026). */
const credentialPattern =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/[\w/+=.@-]+$/;
const credentialLength = { min: 50, max: 612 };

/** `CustomRoleArn` of the ECR service model (November 2026): up to 2048 characters. */
const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;
const roleLength = { min: 20, max: 2048 };

/** What AWS would refuse by the form of the parameters alone. */
export function* refusalsOfForm({ parameters }: Creation): Generator<Refusal> {
  const { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix } = parameters;
  yield* missing("ecrRepositoryPrefix", ecrRepositoryPrefix);
  yield* misshapen("ecrRepositoryPrefix", ecrRepositoryPrefix, prefixPattern, prefixLength);
  yield* missing("upstreamRegistryUrl", upstreamRegistryUrl);
  if (upstreamRegistryUrl.state === "set" && upstreamRegistryUrl.value === "") {
    yield invalid("upstreamRegistryUrl", "is empty");
  }
  yield* misshapen("credentialArn", parameters.credentialArn, credentialPattern, credentialLength);
  yield* misshapen("customRoleArn", parameters.customRoleArn, rolePattern, roleLength);
  yield* misshapen("upstreamRepositoryPrefix", upstreamRepositoryPrefix, prefixPattern, prefixLength);
}

function* missing(parameter: RuleParameter, { state }: Declared): Generator<Refusal> {
  if (state === "unset") yield invalid(parameter, "is missing");
}

function* misshapen(
  parameter: RuleParameter,
  declared: Declared,
  pattern: RegExp,
  { min, max }: { readonly min: number; readonly max: number },
): Generator<Refusal> {
  if (declared.state !== "set") return;
  const { length } = declared.value;
  if (length < min || length > max) {
    yield invalid(parameter, `has ${length} characters, and must have from ${min} to ${max}`);
  } else if (!pattern.test(declared.value)) {
    yield invalid(parameter, `must match ${pattern.source}`);
  }
}
