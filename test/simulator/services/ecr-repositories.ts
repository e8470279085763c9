import { z } from "zod";
import { arnAt } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, pageShapeOf, placeOf } from "../service.ts";
import type { Repository } from "../world.ts";
import { regionOf } from "../world-access.ts";
import { invalidNextToken } from "./ecr-rules.ts";
import { pageSize, text } from "./fields.ts";
import { epochSeconds } from "./time.ts";

/** The parameters of DescribeRepositories. */
export const describeRepositoriesInput = z.strictObject({
  nextToken: z.string().optional(),
  maxResults: pageSize(1000).default(100),
});

/** Answers DescribeRepositories. Source: ECR API reference. */
export function describeRepositories(
  input: z.output<typeof describeRepositoriesInput>,
  call: CallContext,
): unknown {
  const page = pageOf({
    items: repositoriesOf(call),
    list: `repositories ${call.caller.accountId} ${call.region}`,
    token: input.nextToken,
    size: input.maxResults,
    shape: pageShapeOf(call),
  });
  if (page === undefined) throw invalidNextToken();
  return {
    repositories: page.items.map((repository) => repositoryAnswer(repository, call)),
    nextToken: page.nextToken,
  };
}

/** The parameters of the operations on one repository. */
export const repositoryInput = z.strictObject({ repositoryName: text(2, 256) });

/** Answers GetLifecyclePolicy. ECR returns an error for a repository without one. */
export function getLifecyclePolicy(
  { repositoryName }: z.output<typeof repositoryInput>,
  call: CallContext,
): unknown {
  const { lifecyclePolicy } = repositoryNamed(repositoryName, call);
  const registryId = call.caller.accountId;
  if (lifecyclePolicy !== undefined) {
    return { registryId, repositoryName, lifecyclePolicyText: lifecyclePolicy };
  }
  throw new AwsError(
    "LifecyclePolicyNotFoundException",
    `Lifecycle policy does not exist for the repository with name '${repositoryName}' in the registry with id '${registryId}'`,
  );
}

/** Answers GetRepositoryPolicy. ECR returns an error for a repository without one. */
export function getRepositoryPolicy(
  { repositoryName }: z.output<typeof repositoryInput>,
  call: CallContext,
): unknown {
  const { repositoryPolicy } = repositoryNamed(repositoryName, call);
  const registryId = call.caller.accountId;
  if (repositoryPolicy !== undefined) return { registryId, repositoryName, policyText: repositoryPolicy };
  throw new AwsError(
    "RepositoryPolicyNotFoundException",
    `Repository policy does not exist for the repository with name '${repositoryName}' in the registry with id '${registryId}'`,
  );
}

/** The parameters of DescribeImages. */
export const describeImagesInput = repositoryInput.extend({
  nextToken: z.string().optional(),
  maxResults: pageSize(1000).default(100),
});

/** Answers DescribeImages. Source: ECR API reference. */
export function describeImages(
  { repositoryName, nextToken, maxResults }: z.output<typeof describeImagesInput>,
  call: CallContext,
): unknown {
  const registryId = call.caller.accountId;
  const { images = [] } = repositoryNamed(repositoryName, call);
  const page = pageOf({
    items: images.map((image, index) => ({ ...image, index })),
    list: `images ${registryId} ${call.region} ${repositoryName}`,
    token: nextToken,
    size: maxResults,
    shape: pageShapeOf(call),
  });
  if (page === undefined) throw invalidNextToken();
  return {
    imageDetails: page.items.map(({ sizeInBytes, manifestMediaType, index }) => ({
      registryId,
      repositoryName,
      imageDigest: `sha256:${index.toString(16).padStart(64, "0")}`,
      imageSizeInBytes: sizeInBytes,
      imageManifestMediaType: manifestMediaType,
    })),
    nextToken: page.nextToken,
  };
}

function repositoriesOf({ world, caller, region }: CallContext): readonly Repository[] {
  return regionOf(world, caller.accountId, region).repositories ?? [];
}

function repositoryNamed(name: string, call: CallContext): Repository {
  const repository = repositoriesOf(call).find((one) => one.name === name);
  if (repository !== undefined) return repository;
  throw new AwsError(
    "RepositoryNotFoundException",
    `The repository with name '${name}' does not exist in the registry with id '${call.caller.accountId}'`,
  );
}

function repositoryAnswer(
  { name, createdAt, imageTagMutability, encryptionType, scanOnPush }: Repository,
  call: CallContext,
): unknown {
  return {
    repositoryName: name,
    repositoryArn: arnAt(placeOf(call), "ecr", `repository/${name}`),
    registryId: call.caller.accountId,
    createdAt: epochSeconds(createdAt),
    imageTagMutability,
    encryptionConfiguration: { encryptionType },
    imageScanningConfiguration: { scanOnPush },
  };
}
