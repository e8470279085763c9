import { partitionOf } from "../../model/partition.ts";
import { ROOT_PREFIX } from "../../model/rule.ts";
import { authenticationOf, recognizeUpstream } from "../../model/upstream.ts";
import { parseRoleArn, parseSecretArn } from "../../policy/arn.ts";
import { type Creation, invalid, type Refusal } from "./refusal.ts";

/** What AWS would refuse of how parameters fit together: credential, role and upstream, and the two prefixes. */
export function* refusalsOfAccess({ parameters, account, region }: Creation): Generator<Refusal> {
  const { credentialArn, customRoleArn, upstreamRepositoryPrefix, ecrRepositoryPrefix } = parameters;
  const url = parameters.upstreamRegistryUrl;
  const wanted = url.state === "set" ? authenticationOf(recognizeUpstream(url.value)) : null;
  if (customRoleArn.state !== "unset" && wanted !== null && wanted !== "role") {
    if (customRoleArn.state === "set") yield invalid("customRoleArn", "is for ECR upstreams only");
  } else if (customRoleArn.state === "set") {
    const role = parseRoleArn(customRoleArn.value);
    if (role !== null && role.account !== account) {
      yield invalid("customRoleArn", `lies in account ${role.account}, and must lie in the registry's own`);
    }
  }
  if (credentialArn.state === "set") {
    if (wanted === "none" || wanted === "role") {
      yield invalid("credentialArn", "is for upstreams that authenticate with a secret");
    } else {
      yield* unreachableSecret(credentialArn.value, { account, region });
    }
  } else if (credentialArn.state === "unset" && wanted === "secret") {
    yield invalid("credentialArn", "is missing, and the upstream authenticates with a secret");
  }
  const isRoot = ecrRepositoryPrefix.state === "set" && ecrRepositoryPrefix.value === ROOT_PREFIX;
  if (isRoot && upstreamRepositoryPrefix.state === "set") {
    yield invalid("upstreamRepositoryPrefix", `can not be set where the prefix is ${ROOT_PREFIX}`);
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
