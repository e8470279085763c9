import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
} from "@aws-sdk/client-ecr";
import type { DescribedRepository } from "../audit/ports.ts";
import type { RepositorySize } from "../facts/cached-repositories.ts";
import { absent, type Evidence, present } from "../facts/evidence.ts";
import { IncompleteAnswerError, listIn, nameIn, optionalMomentIn, optionalTextIn } from "./answer.ts";
import { errorName, unreadableBecause } from "./errors.ts";
import { operation } from "./operation.ts";
import { itemsOf, nextToken } from "./pages.ts";

/** As many as ECR returns at most (ECR API reference, DescribeRepositories, November 2026). */
const pageSize = 1_000;

/** A registry has 100,000 repositories unless the quota is raised (Amazon ECR user guide, "Service quotas", November 2026). */
const mostPages = 2_000;

/** Characters of a lifecycle policy (ECR API reference, PutLifecyclePolicy, November 2026). A truncated policy is useless. */
const longestLifecyclePolicy = 30_720;

const describePage = operation({
  name: "ecr:DescribeRepositories",
  command: DescribeRepositoriesCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: (page) => ({
    items: listIn(page.repositories, "repositories").map(
      ({
        repositoryName,
        createdAt,
        imageTagMutability,
        encryptionConfiguration,
        imageScanningConfiguration,
      }): DescribedRepository => ({
        name: nameIn(repositoryName, "repositories[].repositoryName"),
        createdAt: optionalMomentIn(createdAt, "repositories[].createdAt"),
        // The defaults of ECR for absent settings (ECR API reference, CreateRepository, November 2026).
        imageTagMutability:
          optionalTextIn(imageTagMutability, "repositories[].imageTagMutability") ?? "MUTABLE",
        encryptionType:
          optionalTextIn(
            encryptionConfiguration?.encryptionType,
            "repositories[].encryptionConfiguration.encryptionType",
          ) ?? "AES256",
        scanOnPush: imageScanningConfiguration?.scanOnPush === true,
      }),
    ),
    next: nextToken(page.nextToken),
  }),
  isRepeatable: true,
});

/**
 * Lists the repositories of the client's registry whose names are wanted, over all pages; complete or unreadable. What is not wanted is
 * dropped page by page.
 */
export async function listRepositories(
  client: ECRClient,
  isWanted: (name: string) => boolean,
): Promise<Evidence<readonly DescribedRepository[]>> {
  const name = "ecr:DescribeRepositories";
  try {
    const wanted: DescribedRepository[] = [];
    const all = itemsOf({
      name,
      page: (token) =>
        describePage(client, {
          maxResults: pageSize,
          ...(token === undefined ? {} : { nextToken: token }),
        }),
      mostPages,
      keyOf: (repository) => repository.name,
      again: "first-counts",
    });
    for await (const repository of all) {
      if (isWanted(repository.name)) wanted.push(repository);
    }
    return present(wanted);
  } catch (error) {
    return unreadableBecause(error, name);
  }
}

const getLifecyclePolicy = operation({
  name: "ecr:GetLifecyclePolicy",
  command: GetLifecyclePolicyCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: ({ lifecyclePolicyText: text }) => {
    if (typeof text === "string" && text !== "" && text.length <= longestLifecyclePolicy) return text;
    throw new IncompleteAnswerError(
      `AWS answered without lifecyclePolicyText, a text of at most ${longestLifecyclePolicy} characters`,
    );
  },
  isRepeatable: true,
});

/** Reads the text of a repository's lifecycle policy: null if it has none; `absent` if the repository does not exist. */
export function readLifecyclePolicy(client: ECRClient, name: string): Promise<Evidence<string | null>> {
  return ofRepository("ecr:GetLifecyclePolicy", () =>
    textOrNull(getLifecyclePolicy(client, { repositoryName: name }), "LifecyclePolicyNotFoundException"),
  );
}

const getRepositoryPolicy = operation({
  name: "ecr:GetRepositoryPolicy",
  command: GetRepositoryPolicyCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: ({ policyText }) => nameIn(policyText, "policyText"),
  isRepeatable: true,
});

/** Reads the text of a repository's policy: null if it has none; `absent` if the repository does not exist. */
export function readRepositoryPolicy(client: ECRClient, name: string): Promise<Evidence<string | null>> {
  return ofRepository("ecr:GetRepositoryPolicy", () =>
    textOrNull(getRepositoryPolicy(client, { repositoryName: name }), "RepositoryPolicyNotFoundException"),
  );
}

/** The media types of manifests that list images, which are images of the repository themselves. */
const lists: ReadonlySet<unknown> = new Set([
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.index.v1+json",
]);

const describeImages = operation({
  name: "ecr:DescribeImages",
  command: DescribeImagesCommand,
  send: (client: ECRClient, command) => client.send(command),
  read: ({ imageDetails, nextToken: token }) => ({
    items: listIn(imageDetails, "imageDetails").map(
      ({ imageDigest, imageManifestMediaType, imageSizeInBytes }) => ({
        digest: nameIn(imageDigest, "imageDetails[].imageDigest"),
        isList: lists.has(imageManifestMediaType),
        bytes: sizeIn(imageSizeInBytes),
      }),
    ),
    next: nextToken(token),
  }),
  isRepeatable: true,
});

function sizeIn(value: unknown): number {
  // ECR documents no image without a size, and requires none in its answer.
  if (value === undefined || value === null) return 0;
  if (typeof value === "number" && value >= 0) return value;
  throw new IncompleteAnswerError("AWS answered with imageDetails[].imageSizeInBytes, which is no size");
}

/** Adds up the sizes of the first thousand images of a repository; `absent` if it does not exist. */
export function measureRepository(
  client: ECRClient,
  repositoryName: string,
): Promise<Evidence<RepositorySize>> {
  const name = "ecr:DescribeImages";
  return ofRepository(name, async () => {
    let [listed, images, bytes, isWhole] = [0, 0, 0, true];
    const first = itemsOf({
      name,
      page: async (token) => {
        const page = await describeImages(client, {
          repositoryName,
          maxResults: pageSize,
          ...(token === undefined ? {} : { nextToken: token }),
        });
        listed += page.items.length;
        isWhole = page.next === null;
        return listed < pageSize ? page : { ...page, next: null };
      },
      mostPages,
      keyOf: ({ digest }) => digest,
      again: "first-counts",
    });
    for await (const image of first) {
      // The size of a list is that of its largest image (ECR API reference, ImageDetail, November 2026).
      if (image.isList) continue;
      images += 1;
      bytes += image.bytes;
    }
    return { images, bytes, isWhole };
  });
}

/** What a call about one repository answers; `absent` if the repository does not exist. */
async function ofRepository<Answer>(
  operationName: string,
  read: () => Promise<Answer>,
): Promise<Evidence<Answer>> {
  try {
    return present(await read());
  } catch (error) {
    return errorName(error) === "RepositoryNotFoundException"
      ? absent
      : unreadableBecause(error, operationName);
  }
}

/** A text, or null if AWS answers with the error that says that there is none. */
async function textOrNull(text: Promise<string>, saysNone: string): Promise<string | null> {
  try {
    return await text;
  } catch (error) {
    if (errorName(error) === saysNone) return null;
    throw error;
  }
}
