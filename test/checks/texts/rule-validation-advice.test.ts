import { describe, expect, it } from "vitest";
import { adviceFor } from "../../../src/checks/rule-validation/advice.ts";
import { adviceText, stepsOf } from "../../../src/core/advice.ts";

const ref = { account: "111122223333", region: "eu-west-1", prefix: "docker-hub" };
const credentialArn =
  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf";
const upstreamRegistryUrl = "registry-1.docker.io";

/** What AWS or an upstream may say, and the start of the command or words that answer it. */
const answers = [
  ["Secret not found.", "aws secretsmanager create-secret"],
  [
    "The secret associated with the pull through cache rule could not be found in AWS Secrets Manager.",
    "aws secretsmanager create-secret",
  ],
  ["Secrets Manager can't find the specified secret.", "aws secretsmanager create-secret"],
  [
    "The ARN of the secret specified does not exist: secret doesn't exist",
    "aws secretsmanager create-secret",
  ],
  ["Unable to access the secret.", "aws secretsmanager get-resource-policy"],
  ["Access to the secret was denied by its policy", "aws secretsmanager get-resource-policy"],
  ["The secret is scheduled for deletion.", "aws secretsmanager restore-secret"],
  [
    "You can't perform this operation: the secret was marked for deletion",
    "aws secretsmanager restore-secret",
  ],
  ["Unable to decrypt the secret value", "--kms-key-id alias/aws/secretsmanager"],
  ["KMS access denied", "--kms-key-id alias/aws/secretsmanager"],
  ["The secret has no key accessToken", "under the keys username and accessToken"],
  ["The format of the secret is invalid", "under the keys username and accessToken"],
  ["unauthorized: authentication required", "Create a new token at registry-1.docker.io"],
  ["401", "Create a new token at registry-1.docker.io"],
  ["The upstream registry refused the credentials.", "Create a new token at registry-1.docker.io"],
  ["toomanyrequests: You have reached your pull rate limit", "limits how often account 111122223333"],
  ["429 Too Many Requests", "limits how often account 111122223333"],
  ["Connection to the upstream registry timed out.", "did not answer ECR"],
  ["Could not resolve host", "did not answer ECR"],
  ["Not authorized to pull from the upstream ECR registry: no role is associated.", "--custom-role-arn"],
  ["The moon is in the wrong house", "Store a valid user name and token"],
] as const;

describe("the advice for a rule that does not validate", () => {
  it.each(answers)("%s: %s", (failure, words) => {
    const text = adviceText(adviceFor({ failure, credentialArn, upstreamRegistryUrl }, ref));
    expect(text).toContain(words);
    expect(text).toContain("111122223333");
  });

  it.each(answers)("ends with the command that validates again: %s", (failure) => {
    const steps = stepsOf(adviceFor({ failure, credentialArn, upstreamRegistryUrl }, ref));
    expect(steps.at(-1)?.commands).toEqual([
      "aws ecr validate-pull-through-cache-rule --region eu-west-1 --ecr-repository-prefix docker-hub",
    ]);
  });

  it.each(["Secret not found.", "unauthorized"])("names no secret of a rule without one: %s", (failure) => {
    const text = adviceText(adviceFor({ failure, credentialArn: null, upstreamRegistryUrl }, ref));
    expect(text).not.toContain("secretsmanager");
    expect(text).toContain("In account 111122223333, check the rule's upstream");
  });
});
