import {
  DescribeImagesCommand as DescribeImages,
  DescribeRepositoriesCommand as DescribeRepositories,
  ECRClient,
  GetLifecyclePolicyCommand as GetLifecyclePolicy,
  GetRepositoryPolicyCommand as GetRepositoryPolicy,
  type Repository,
} from "@aws-sdk/client-ecr";
import "aws-sdk-client-mock-vitest/extend";
import { beforeEach, describe, expect, test } from "vitest";
import {
  listRepositories,
  measureRepository,
  readLifecyclePolicy,
  readRepositoryPolicy,
} from "../../src/aws/cached-repositories.ts";
import { absent, present } from "../../src/facts/evidence.ts";
import { mockedClient } from "../support/mocked-client.ts";
import { detailOf, serviceError, troubles } from "./trouble.ts";

const client = new ECRClient({ region: "eu-west-1" });
const ecr = mockedClient(client);

beforeEach(() => {
  ecr.reset();
});

const name = "docker-hub/library/nginx";
const perfectRepository = {
  repositoryName: name,
  createdAt: new Date("2026-02-03T10:00:00.000Z"),
  imageTagMutability: "IMMUTABLE",
  encryptionConfiguration: { encryptionType: "KMS" },
  imageScanningConfiguration: { scanOnPush: true },
} satisfies Repository;

const everything = () => true;

/** Every call on repositories, as the reader makes it. */
const calls = [
  {
    operation: "ecr:DescribeRepositories",
    command: DescribeRepositories,
    read: () => listRepositories(client, everything),
  },
  {
    operation: "ecr:GetLifecyclePolicy",
    command: GetLifecyclePolicy,
    read: () => readLifecyclePolicy(client, name),
  },
  {
    operation: "ecr:GetRepositoryPolicy",
    command: GetRepositoryPolicy,
    read: () => readRepositoryPolicy(client, name),
  },
  { operation: "ecr:DescribeImages", command: DescribeImages, read: () => measureRepository(client, name) },
] as const;

describe.each(calls)("$operation", ({ operation, read }) => {
  test.each(troubles)("is unreadable after $title: $reason", async ({ error, reason }) => {
    ecr.rejects(error);
    expect(await read()).toEqual({
      state: "unreadable",
      reason,
      operation,
      detail: detailOf(error, operation),
    });
  });
});

describe.each(calls.slice(1))("$operation", ({ read }) => {
  test("is absent of a repository that was deleted since it was listed", async () => {
    ecr.rejects(serviceError("RepositoryNotFoundException", 400));
    expect(await read()).toEqual(absent);
  });
});

describe("listRepositories", () => {
  const named = (repositoryName: string) => ({ ...perfectRepository, repositoryName });

  test("reads every page, an empty one that carries a token among them, and drops what is not wanted", async () => {
    ecr
      .on(DescribeRepositories)
      .resolves({ repositories: [named("quay/a"), named("own/b")], nextToken: "page 2" })
      .on(DescribeRepositories, { nextToken: "page 2" })
      .resolves({ repositories: [], nextToken: "page 3" })
      .on(DescribeRepositories, { nextToken: "page 3" })
      .resolves({ repositories: [named("quay/c")] });
    const listed = await listRepositories(client, (one) => one.startsWith("quay/"));
    expect(listed).toMatchObject(present([{ name: "quay/a" }, { name: "quay/c" }]));
    expect(ecr).toHaveReceivedCommandTimes(DescribeRepositories, 3);
    expect(ecr).toHaveReceivedNthCommandWith(DescribeRepositories, 2, {
      maxResults: 1_000,
      nextToken: "page 2",
    });
  });

  test("reads nothing if a later page cannot be read", async () => {
    ecr
      .on(DescribeRepositories)
      .resolves({ repositories: [perfectRepository], nextToken: "page 2" })
      .on(DescribeRepositories, { nextToken: "page 2" })
      .rejects(serviceError("ThrottlingException", 400, "Rate exceeded"));
    expect(await listRepositories(client, everything)).toMatchObject({
      state: "unreadable",
      reason: "throttled",
    });
  });

  const read = {
    name,
    createdAt: "2026-02-03T10:00:00.000Z",
    imageTagMutability: "IMMUTABLE",
    encryptionType: "KMS",
    scanOnPush: true,
  };
  test.each<{ title: string; repository: Repository; expected: object }>([
    { title: "one with every field", repository: perfectRepository, expected: read },
    {
      title: "one with a name alone: what ECR does by default",
      repository: { repositoryName: name },
      expected: {
        name,
        createdAt: null,
        imageTagMutability: "MUTABLE",
        encryptionType: "AES256",
        scanOnPush: false,
      },
    },
  ])("maps $title", async ({ repository, expected }) => {
    ecr.on(DescribeRepositories).resolves({ repositories: [repository] });
    expect(await listRepositories(client, everything)).toStrictEqual(present([expected]));
  });

  test("refuses a repository without a name", async () => {
    ecr
      .on(DescribeRepositories)
      .resolves({ repositories: [{ ...perfectRepository, repositoryName: undefined }] });
    expect(await listRepositories(client, everything)).toMatchObject({ reason: "service-error" });
  });
});

describe("the policies of a repository", () => {
  test("are the texts that ECR returns", async () => {
    ecr.on(GetLifecyclePolicy).resolves({ lifecyclePolicyText: '{"rules":[]}' });
    ecr.on(GetRepositoryPolicy).resolves({ policyText: '{"Statement":[]}' });
    expect(await readLifecyclePolicy(client, name)).toEqual(present('{"rules":[]}'));
    expect(await readRepositoryPolicy(client, name)).toEqual(present('{"Statement":[]}'));
  });

  test("are null where ECR says that there is none", async () => {
    ecr.on(GetLifecyclePolicy).rejects(serviceError("LifecyclePolicyNotFoundException", 400));
    ecr.on(GetRepositoryPolicy).rejects(serviceError("RepositoryPolicyNotFoundException", 400));
    expect(await readLifecyclePolicy(client, name)).toEqual(present(null));
    expect(await readRepositoryPolicy(client, name)).toEqual(present(null));
  });

  test("are not null where ECR says that the other is not there", async () => {
    ecr.on(GetLifecyclePolicy).rejects(serviceError("RepositoryPolicyNotFoundException", 400));
    ecr.on(GetRepositoryPolicy).rejects(serviceError("LifecyclePolicyNotFoundException", 400));
    expect(await readLifecyclePolicy(client, name)).toMatchObject({ state: "unreadable" });
    expect(await readRepositoryPolicy(client, name)).toMatchObject({ state: "unreadable" });
  });
});

describe("measureRepository", () => {
  const imageOf = (digest: string | number) => ({
    imageDigest: `sha256:${digest}`,
    imageSizeInBytes: 40_000_000,
    imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
  });

  test("adds up the images of all pages, each once, also behind an empty page with a token", async () => {
    ecr
      .on(DescribeImages)
      .resolvesOnce({
        imageDetails: [imageOf("a"), { ...imageOf("b"), imageSizeInBytes: 2 }],
        nextToken: "2",
      })
      .resolvesOnce({ imageDetails: [], nextToken: "3" })
      .resolvesOnce({ imageDetails: [imageOf("a"), imageOf("c")] });
    expect(await measureRepository(client, name)).toEqual(
      present({ images: 3, bytes: 80_000_002, isWhole: true }),
    );
    ecr.on(DescribeImages).resolves({ imageDetails: [] });
    expect(await measureRepository(client, name)).toEqual(present({ images: 0, bytes: 0, isWhole: true }));
  });

  test.each([
    { listed: 999, nextToken: "more", calls: 2, isWhole: true },
    { listed: 1_000, nextToken: "more", calls: 1, isWhole: false },
    { listed: 1_000, nextToken: undefined, calls: 1, isWhole: true },
  ])("asks for no more than a thousand images: $listed, then $nextToken", async (one) => {
    const { listed, nextToken, calls: made, isWhole } = one;
    const imageDetails = Array.from({ length: listed }, (_nothing, index) => imageOf(index));
    ecr
      .on(DescribeImages)
      .resolvesOnce({ imageDetails, ...(nextToken === undefined ? {} : { nextToken }) })
      .resolves({ imageDetails: [] });
    expect(await measureRepository(client, name)).toEqual(
      present({ images: listed, bytes: listed * 40_000_000, isWhole }),
    );
    expect(ecr).toHaveReceivedCommandTimes(DescribeImages, made);
  });

  test("is unreadable if its pages form a cycle", async () => {
    ecr.on(DescribeImages).resolves({ imageDetails: [imageOf("a")], nextToken: "again" });
    expect(await measureRepository(client, name)).toMatchObject({
      state: "unreadable",
      reason: "service-error",
    });
  });

  test.each([
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.index.v1+json",
  ])("counts no list of images twice: %s", async (imageManifestMediaType) => {
    ecr
      .on(DescribeImages)
      .resolves({ imageDetails: [imageOf("a"), { ...imageOf("b"), imageManifestMediaType }] });
    expect(await measureRepository(client, name)).toEqual(
      present({ images: 1, bytes: 40_000_000, isWhole: true }),
    );
  });
});
