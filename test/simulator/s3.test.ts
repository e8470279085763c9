import { Agent } from "node:http";
import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import type { Fault } from "./faults.ts";
import { type Simulator, startSimulator } from "./server.ts";
import { decodeAwsChunked } from "./wire/aws-chunked.ts";
import { account, registry, world } from "./world-builder.ts";

const HUB = "111122223333";
const MEMBER = "444455556666";
const Bucket = "audits";

function worldWithBucket(faults: Fault[] = []) {
  return world({
    accounts: [
      account(HUB, {
        regions: { "eu-west-1": registry([], { buckets: [Bucket] }), "us-east-1": registry() },
      }),
      account(MEMBER, { regions: { "eu-west-1": registry([], { buckets: ["theirs"] }) } }),
    ],
    hub: { region: "eu-west-1" },
    faults,
  });
}

function clientFor(simulator: Simulator, region = "eu-west-1"): S3Client {
  return new S3Client({ ...connectionTo(simulator, { region }), forcePathStyle: true });
}

function put(simulator: Simulator, Key: string, Body: string | Readable, more = {}) {
  return clientFor(simulator).send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

async function textAt(simulator: Simulator, Key: string): Promise<string | undefined> {
  const { Body } = await clientFor(simulator).send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

describe("Object Lock", () => {
  const Key = "report.json";
  const tomorrow = new Date(Date.now() + 86_400_000);
  const locked = { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: tomorrow } as const;

  async function locking(mode: "COMPLIANCE" | "GOVERNANCE" = "COMPLIANCE") {
    const simulated = worldWithBucket();
    for (const { regions } of Object.values(simulated.accounts)) {
      for (const region of Object.values(regions)) region.lockedBuckets = region.buckets;
    }
    const simulator = await startSimulator(simulated);
    const { VersionId } = await put(simulator, Key, "first", { ...locked, ObjectLockMode: mode });
    const client = clientFor(simulator);
    const erase = (more = {}) => client.send(new DeleteObjectCommand({ Bucket, Key, VersionId, ...more }));
    return { simulator, client, VersionId, erase, [Symbol.asyncDispose]: () => simulator.close() };
  }

  it("keeps a version from being deleted, whatever is put or deleted after it", async () => {
    await using lock = await locking();
    const { simulator, client, VersionId, erase } = lock;
    await put(simulator, Key, "second");
    expect(await textAt(simulator, Key)).toBe("second");
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    await expect(textAt(simulator, Key)).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(erase()).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(erase({ BypassGovernanceRetention: true })).rejects.toMatchObject({ name: "AccessDenied" });
    const { Body, ObjectLockMode } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    expect([await Body?.transformToString(), ObjectLockMode]).toEqual(["first", "COMPLIANCE"]);
  });

  it("lets those who may bypass governance delete", async () => {
    await using lock = await locking("GOVERNANCE");
    await expect(lock.erase()).rejects.toMatchObject({ name: "AccessDenied" });
    await lock.erase({ BypassGovernanceRetention: true });
    await expect(textAt(lock.simulator, Key)).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  it("is refused in a bucket without it, and for a time that is over", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    await expect(put(simulator, Key, "x", locked)).rejects.toMatchObject({ name: "InvalidRequest" });
    await using lock = await locking();
    const over = { ...locked, ObjectLockRetainUntilDate: new Date(0) };
    await expect(put(lock.simulator, Key, "x", over)).rejects.toMatchObject({ name: "InvalidArgument" });
  });
});

describe("objects", () => {
  it("come back as they were put, with type, metadata and entity tag", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    const Key = "audits/2026/ä b+c.json";
    const { ETag } = await put(simulator, Key, '{"ü":1}', {
      ContentType: "application/json",
      Metadata: { audit: "a1" },
    });
    const client = clientFor(simulator);
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('{"ü":1}');
    expect(got).toMatchObject({ ETag, ContentType: "application/json", Metadata: { audit: "a1" } });
    expect(head).toMatchObject({ ETag, ContentLength: 8 });
    expect(simulator.objects.get(Bucket)?.get(Key)?.etag).toBe(ETag);
  });

  it("may be several megabytes large", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    const body = "0123456789abcdef".repeat(400_000);
    await put(simulator, "large", body);
    expect(await textAt(simulator, "large")).toBe(body);
  });

  it("may be sent as a stream with its checksum behind it", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    const body = Buffer.from("0123456789abcdef".repeat(20_000));
    await put(simulator, "streamed", Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]), {
      ContentLength: body.length,
    });
    expect(await textAt(simulator, "streamed")).toBe(body.toString());
  });

  it("may be addressed with the bucket in the host's name", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    // Not every machine resolves names below localhost. The client therefore gets its own lookup.
    const lookup: LookupFunction = (_name, _options, found) =>
      found(null, [{ address: "127.0.0.1", family: 4 }]);
    const client = new S3Client({
      ...connectionTo(simulator),
      endpoint: simulator.url.replace("127.0.0.1", "localhost"),
      requestHandler: { httpAgent: new Agent({ lookup }) },
    });
    await client.send(new PutObjectCommand({ Bucket, Key: "a/b", Body: "virtual" }));
    expect(await textAt(simulator, "a/b")).toBe("virtual");
  });

  it("are deleted, once or twice", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    await put(simulator, "a", "x");
    const deletion = new DeleteObjectCommand({ Bucket, Key: "a" });
    await clientFor(simulator).send(deletion);
    await clientFor(simulator).send(deletion);
    await expect(textAt(simulator, "a")).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});

describe("conditional writes", () => {
  const failed = { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } };

  it("make a new object only where there is none", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    await put(simulator, "state", "first", { IfNoneMatch: "*" });
    await expect(put(simulator, "state", "second", { IfNoneMatch: "*" })).rejects.toMatchObject(failed);
    expect(await textAt(simulator, "state")).toBe("first");
  });

  it("replace only what was read", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    const { ETag } = await put(simulator, "state", "first");
    await put(simulator, "state", "second", { IfMatch: ETag });
    await expect(put(simulator, "state", "third", { IfMatch: ETag })).rejects.toMatchObject(failed);
    await expect(put(simulator, "other", "x", { IfMatch: ETag })).rejects.toMatchObject({
      name: "NoSuchKey",
    });
    expect(await textAt(simulator, "state")).toBe("second");
  });

  it("meet a conflict where the world has one", async () => {
    const conflict = {
      code: "ConditionalRequestConflict",
      message: "A conflicting operation occurred.",
      status: 409,
    };
    await using simulator = await startSimulator(
      worldWithBucket([
        { on: { operation: "PutObject" }, effect: { kind: "refuse", ...conflict }, times: 1 },
      ]),
    );
    await expect(put(simulator, "state", "x", { IfNoneMatch: "*" })).rejects.toMatchObject({
      name: "ConditionalRequestConflict",
      $metadata: { httpStatusCode: 409 },
    });
    await put(simulator, "state", "x", { IfNoneMatch: "*" });
    expect(await textAt(simulator, "state")).toBe("x");
  });
});

describe("listings", () => {
  it("go by prefix and in order, page after page, an empty one among them", async () => {
    await using simulator = await startSimulator(
      worldWithBucket([
        { on: { operation: "ListObjectsV2" }, effect: { kind: "empty-page" }, after: 1, times: 1 },
      ]),
    );
    for (const name of ["a/3", "b/1", "a/1", "a/2"]) await put(simulator, name, name);
    const pages: (string | undefined)[][] = [];
    const paginator = paginateListObjectsV2(
      { client: clientFor(simulator), pageSize: 2 },
      { Bucket, Prefix: "a/" },
    );
    for await (const { Contents = [] } of paginator) pages.push(Contents.map(({ Key }) => Key));
    expect(pages).toEqual([["a/1", "a/2"], [], ["a/3"]]);
  });
});

describe("S3 refuses", () => {
  it.each([
    ["a bucket that is not there", "NoSuchBucket", "nowhere", "eu-west-1"],
    ["another account's bucket", "AccessDenied", "theirs", "eu-west-1"],
    ["a bucket of another region", "PermanentRedirect", Bucket, "us-east-1"],
    ["a key that is not there", "NoSuchKey", Bucket, "eu-west-1"],
  ])("%s", async (_what, name, bucket, region) => {
    await using simulator = await startSimulator(worldWithBucket());
    await expect(
      clientFor(simulator, region).send(new GetObjectCommand({ Bucket: bucket, Key: "a" })),
    ).rejects.toMatchObject({ name });
  });

  it("a body that does not match its checksum", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    await expect(put(simulator, "a", "x", { ChecksumCRC32: "AAAAAA==" })).rejects.toMatchObject({
      name: "BadDigest",
    });
  });

  it("calls that look like those it knows", async () => {
    await using simulator = await startSimulator(worldWithBucket());
    await put(simulator, "a", "x");
    await expect(
      clientFor(simulator).send(new GetObjectTaggingCommand({ Bucket, Key: "a" })),
    ).rejects.toMatchObject({ name: "NotImplemented" });
  });
});

describe("decodeAwsChunked", () => {
  it("joins signed chunks and reads the trailers", () => {
    const encoded =
      "5;chunk-signature=ab\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n";
    expect(decodeAwsChunked(Buffer.from(encoded))).toEqual({
      body: Buffer.from("hello world"),
      trailers: { "x-amz-checksum-crc32": "DUoRhQ==" },
    });
  });

  it.each(["", "5\r\nhello\r\n", "hello"])("refuses a truncated body: %o", (encoded) => {
    expect(() => decodeAwsChunked(Buffer.from(encoded))).toThrow(RangeError);
  });
});
