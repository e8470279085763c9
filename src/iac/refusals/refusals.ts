import { parseRoleArn, parseSecretArn } from "../../ecr/arn.ts";
import { partitionOf } from "../../ecr/partition.ts";
import { ROOT_PREFIX } from "../../ecr/rule.ts";
import {
  authenticationOf,
  isKnownUpstream,
  parseEcrUrl,
  recognizeUpstream,
  upstreamHost,
  upstreams,
} from "../../ecr/upstream.ts";
import type { Declared } from "../declared-rule.ts";
import { type RuleParameter, ruleParameters } from "../declared-rule.ts";
import {
  type FaultFinder,
  faultOfCredential,
  faultOfForeignHost,
  faultOfPrefix,
  faultOfRole,
  faultOfSpelling,
} from "./faults.ts";
import { type Creation, invalid, type Refusal } from "./refusal.ts";

/** The refusals for the upstream: a URL that ECR does not cache, or one that contradicts the rule's upstream registry. */
function* refusalsOfUpstream({ parameters, region }: Creation): Generator<Refusal> {
  const { upstreamRegistryUrl: url, upstreamRegistry: name } = parameters;
  if (url.state !== "set" || url.value === "") return;
  const recognized = recognizeUpstream(url.value);
  const named = name.state === "set" ? name.value : null;
  if (named !== null && !isKnownUpstream(named)) return;
  if (recognized === null) {
    yield unsupported(faultOfForeignHost(upstreamHost(url.value)));
  } else if (named !== null && named !== recognized) {
    yield unsupported(`belongs to ${recognized}, but the rule declares ${named}`);
  } else if (isKnownUpstream(recognized) && isMisspelled(url.value, upstreams[recognized].host)) {
    yield unsupported(faultOfSpelling(url.value, upstreams[recognized].host ?? upstreamHost(url.value)));
  } else {
    const upstream = parseEcrUrl(url.value);
    const partition = partitionOf(upstream?.region ?? region).id;
    const own = partitionOf(region).id;
    if (partition !== own) {
      yield unsupported(
        `is a registry of the partition ${partition}, and ECR caches only within its own, ${own}`,
      );
    }
  }
}

/** ECR documents one spelling for each upstream: a host without scheme, port or path. */
function isMisspelled(url: string, host: string | null): boolean {
  return url !== (host ?? upstreamHost(url));
}

function unsupported(problem: string): Refusal {
  return { exception: "UnsupportedUpstreamRegistryException", parameter: "upstreamRegistryUrl", problem };
}

/** The parameters for which the documentation leaves open whether ECR accepts them. They are reported as unknown. */
function undocumentedIn({
  upstreamRegistryUrl: url,
  upstreamRegistry: name,
}: Creation["parameters"]): readonly RuleParameter[] {
  const isNewName = name.state === "set" && !isKnownUpstream(name.value);
  return [
    ...(isNewName ? (["upstreamRegistry"] as const) : []),
    ...(url.state === "set" && isUndocumented(url.value) ? (["upstreamRegistryUrl"] as const) : []),
  ];
}

const documentedAzure = /^[a-z0-9]{5,50}\.azurecr\.io$/;
const documentedEcr = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\./;

/** FIPS and dual-stack hosts of ECR, and Azure's newer names with a hyphen, are documented for pulls only. */
function isUndocumented(url: string): boolean {
  switch (recognizeUpstream(url)) {
    case "ecr":
      return !documentedEcr.test(url) || parseEcrUrl(url) === null;
    case "azure-container-registry":
      return !documentedAzure.test(url);
    default:
      return false;
  }
}

/** The refusals for the form of each parameter. */
function* refusalsOfForm({ parameters }: Creation): Generator<Refusal> {
  const { ecrRepositoryPrefix, upstreamRegistryUrl, upstreamRepositoryPrefix } = parameters;
  yield* missing("ecrRepositoryPrefix", ecrRepositoryPrefix);
  yield* misshapen("ecrRepositoryPrefix", ecrRepositoryPrefix, faultOfPrefix);
  yield* missing("upstreamRegistryUrl", upstreamRegistryUrl);
  if (upstreamRegistryUrl.state === "set" && upstreamRegistryUrl.value === "") {
    yield invalid("upstreamRegistryUrl", "is empty");
  }
  yield* misshapen("credentialArn", parameters.credentialArn, faultOfCredential);
  yield* misshapen("customRoleArn", parameters.customRoleArn, faultOfRole);
  yield* misshapen("upstreamRepositoryPrefix", upstreamRepositoryPrefix, faultOfPrefix);
}

function* missing(parameter: RuleParameter, { state }: Declared): Generator<Refusal> {
  if (state === "unset") yield invalid(parameter, "is missing");
}

function* misshapen(parameter: RuleParameter, declared: Declared, faultOf: FaultFinder): Generator<Refusal> {
  const fault = declared.state === "set" ? faultOf(declared.value) : null;
  if (fault !== null) yield invalid(parameter, fault);
}

/** The refusals for combinations of parameters: credential, role and upstream, and the two prefixes. */
function* refusalsOfAccess({ parameters, account, region }: Creation): Generator<Refusal> {
  const { credentialArn, customRoleArn, upstreamRepositoryPrefix, ecrRepositoryPrefix } = parameters;
  const url = parameters.upstreamRegistryUrl;
  const wanted = url.state === "set" ? authenticationOf(recognizeUpstream(url.value)) : null;
  if (customRoleArn.state !== "unset" && wanted !== null && wanted !== "role") {
    if (customRoleArn.state === "set") yield invalid("customRoleArn", "is for ECR upstreams only");
  } else if (customRoleArn.state === "set") {
    const role = parseRoleArn(customRoleArn.value);
    if (role !== null && role.account !== account) {
      yield invalid(
        "customRoleArn",
        `is in account ${role.account} and must be in the registry's own account`,
      );
    }
  }
  if (credentialArn.state === "set") {
    if (wanted === "none" || wanted === "role") {
      yield invalid("credentialArn", "is for upstreams that authenticate with a secret");
    } else {
      yield* unreachableSecret(credentialArn.value, { account, region });
    }
  } else if (credentialArn.state === "unset" && wanted === "secret") {
    // Observed: aws-controllers-k8s/community #2589 (Docker Hub).
    yield {
      exception: "UnsupportedUpstreamRegistryException",
      parameter: "credentialArn",
      problem: "is missing, and the upstream requires authentication with a secret",
    };
  }
  const isRoot = ecrRepositoryPrefix.state === "set" && ecrRepositoryPrefix.value === ROOT_PREFIX;
  if (isRoot && upstreamRepositoryPrefix.state === "set") {
    yield invalid("upstreamRepositoryPrefix", `cannot be set if the prefix is ${ROOT_PREFIX}`);
  }
}

function* unreachableSecret(
  arn: string,
  { account, region }: Pick<Creation, "account" | "region">,
): Generator<Refusal> {
  const secret = parseSecretArn(arn);
  if (secret === null) return;
  const isHere =
    secret.account === account &&
    secret.region === region &&
    arn.startsWith(`arn:${partitionOf(region).id}:`);
  if (isHere) return;
  yield {
    exception: "SecretNotFoundException",
    parameter: "credentialArn",
    problem: `names a secret of account ${secret.account} in ${secret.region}: ECR looks for it in the registry's own account, region and partition`,
  };
}

/** The refusals that can be predicted before a rule is created. */
type Prediction = {
  readonly refusals: readonly Refusal[];
  /** The unknown parameters that prevent a complete prediction. */
  readonly undecided: readonly RuleParameter[];
};

/**
 * Predicts what CreatePullThroughCacheRule would refuse in a single rule, in the order in which a request is validated:
 * the form of each parameter, the upstream, the role, the credential, and their combinations.
 */
export function refusalsOf(creation: Creation): Prediction {
  const refusals = [
    ...refusalsOfForm(creation),
    ...refusalsOfUpstream(creation),
    ...refusalsOfAccess(creation),
  ];
  return { refusals: onePerParameter(refusals), undecided: undecidedIn(creation) };
}

/** Keeps the first refusal for each parameter. */
export function onePerParameter(refusals: readonly Refusal[]): readonly Refusal[] {
  const seen = new Set<RuleParameter>();
  return refusals.filter(({ parameter }) => {
    if (seen.has(parameter)) return false;
    seen.add(parameter);
    return true;
  });
}

function undecidedIn({ parameters }: Creation): readonly RuleParameter[] {
  const unknown = ruleParameters.filter((parameter) => parameters[parameter].state === "unknown");
  return [...unknown, ...undocumentedIn(parameters)];
}
