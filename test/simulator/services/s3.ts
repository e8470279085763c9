import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { denied } from "../denial.ts";
import { S3_DIALECT } from "../dialect.ts";
import { pageOf } from "../pagination.ts";
import { type CallContext, operation, pageShapeOf, type Service } from "../service.ts";
import { type S3Answer, s3Protocol } from "../wire/s3-rest.ts";
import type { World } from "../world.ts";
import { text } from "./fields.ts";

/** A stored object. */
export interface StoredObject {
  readonly bytes: Buffer;
  /** Includes the double quotes, which are part of it. */
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** By algorithm, as the client computed them. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly lastModified: string;
  /** Only in buckets with Object Lock. */
  readonly versionId?: string;
  /** Until when this version cannot be deleted. */
  readonly lock?: ObjectLock;
}

/** The retention of one version. */
interface ObjectLock {
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  readonly retainUntil: string;
}

const bucket = text(3, 63);
const key = text(1, 1024);

const conditionalInput = z.strictObject({
  Bucket: bucket,
  Key: key,
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  VersionId: z.string().optional(),
  BypassGovernanceRetention: z.enum(["true", "false"]).optional(),
});

const putObjectInput = conditionalInput.extend({
  IfNoneMatch: z.literal("*").optional(),
  ContentType: z.string().default("application/octet-stream"),
  Body: z.instanceof(Buffer),
  Metadata: z.record(z.string(), z.string()),
  Checksums: z.record(z.string(), z.string()),
  ObjectLockMode: z.enum(["GOVERNANCE", "COMPLIANCE"]).optional(),
  ObjectLockRetainUntilDate: z.iso.datetime().optional(),
});

const listObjectsInput = z.strictObject({
  Bucket: bucket,
  Prefix: z.string().default(""),
  MaxKeys: z.coerce.number().int().min(0).max(1000).default(1000),
  ContinuationToken: z.string().optional(),
  StartAfter: z.string().default(""),
  Delimiter: z.undefined("this simulator does not support delimiters").optional(),
});

type ObjectInput = z.output<typeof conditionalInput>;
type PutObjectInput = z.output<typeof putObjectInput>;

/**
 * Simple Storage Service: objects with conditional writes, their listing, and the versions that Object Lock keeps.
 * Source: S3 API reference, and User Guide, "How to prevent object overwrites with conditional writes" and "Locking
 * objects with Object Lock".
 */
export const s3: Service = {
  name: "s3",
  protocol: s3Protocol,
  dialect: S3_DIALECT,
  isRegional: true,
  operations: {
    GetObject: operation(conditionalInput, getObject),
    HeadObject: operation(conditionalInput, headObject),
    PutObject: operation(putObjectInput, putObject),
    DeleteObject: operation(conditionalInput, deleteObject),
    ListObjectsV2: operation(listObjectsInput, listObjects),
  },
};

function getObject(input: ObjectInput, call: CallContext): S3Answer {
  const object = existing(input, call);
  return { headers: headersOf(object), body: object.bytes };
}

function headObject(input: ObjectInput, call: CallContext): S3Answer {
  return { headers: headersOf(existing(input, call)) };
}

function putObject(input: PutObjectInput, call: CallContext): S3Answer {
  const objects = objectsIn(input.Bucket, "s3:PutObject", call);
  refuseFailedCondition(input, objects.get(input.Key));
  refuseBadChecksum(input);
  const lock = lockOf(input, call);
  const etag = `"${createHash("md5").update(input.Body).digest("hex")}"`;
  const versions = versionsOf(input, call);
  const versionId = versions === undefined ? undefined : `v${versions.length + 1}`;
  const object: StoredObject = {
    bytes: input.Body,
    etag,
    contentType: input.ContentType,
    metadata: input.Metadata,
    checksums: input.Checksums,
    lastModified: call.now.toISOString(),
    ...(versionId === undefined ? {} : { versionId }),
    ...(lock === undefined ? {} : { lock }),
  };
  objects.set(input.Key, object);
  versions?.push(object);
  return { headers: { etag, ...versionHeader(object), ...checksumHeaders(input.Checksums) } };
}

function deleteObject(input: ObjectInput, call: CallContext): S3Answer {
  const objects = objectsIn(input.Bucket, "s3:DeleteObject", call);
  if (input.VersionId !== undefined) return deleteVersion(input, objects, call);
  if (input.IfMatch !== undefined) refuseFailedCondition(input, objects.get(input.Key));
  objects.delete(input.Key);
  return { status: 204 };
}

/** Deletes a version for ever. Without the id of one, a bucket with versions keeps what is deleted. */
function deleteVersion(input: ObjectInput, objects: Map<string, StoredObject>, call: CallContext): S3Answer {
  const versions = versionsOf(input, call) ?? [];
  const at = versions.findIndex(({ versionId }) => versionId === input.VersionId);
  const lock = versions[at]?.lock;
  const isBypassed = lock?.mode === "GOVERNANCE" && input.BypassGovernanceRetention === "true";
  if (lock !== undefined && !isBypassed && Date.parse(lock.retainUntil) > call.now.getTime()) {
    throw new AwsError("AccessDenied", "Access Denied because object protected by object lock.", 403);
  }
  const [deleted] = at < 0 ? [] : versions.splice(at, 1);
  const last = versions.at(-1);
  if (deleted !== undefined && objects.get(input.Key) === deleted) {
    if (last === undefined) objects.delete(input.Key);
    else objects.set(input.Key, last);
  }
  return { status: 204 };
}

function lockOf(input: PutObjectInput, { world, now }: CallContext): ObjectLock | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: retainUntil } = input;
  if (mode === undefined && retainUntil === undefined) return undefined;
  const refuse = (code: string, message: string) => new AwsError(code, message);
  if (mode === undefined || retainUntil === undefined) {
    const both = "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied";
    throw refuse("InvalidArgument", both);
  }
  if (!hasLock(input.Bucket, world))
    throw refuse("InvalidRequest", "Bucket is missing Object Lock Configuration");
  if (Object.keys(input.Checksums).length === 0) {
    throw refuse(
      "InvalidRequest",
      "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
    );
  }
  if (Date.parse(retainUntil) <= now.getTime()) {
    throw refuse("InvalidArgument", "The retain until date must be in the future!");
  }
  return { mode, retainUntil };
}

/** The versions of an object; undefined in a bucket without Object Lock. */
function versionsOf(
  { Bucket, Key }: ObjectInput,
  { world, memory }: CallContext,
): StoredObject[] | undefined {
  if (!hasLock(Bucket, world)) return undefined;
  const inBucket = memory.versions.get(Bucket) ?? new Map<string, StoredObject[]>();
  memory.versions.set(Bucket, inBucket);
  const versions = inBucket.get(Key) ?? [];
  inBucket.set(Key, versions);
  return versions;
}

function hasLock(bucketName: string, world: World): boolean {
  return Object.values(world.accounts).some(({ regions }) =>
    Object.values(regions).some(({ lockedBuckets }) => lockedBuckets?.includes(bucketName) === true),
  );
}

function versionHeader({ versionId }: StoredObject): Record<string, string> {
  return versionId === undefined ? {} : { "x-amz-version-id": versionId };
}

function listObjects(input: z.output<typeof listObjectsInput>, call: CallContext): S3Answer {
  const objects = objectsIn(input.Bucket, "s3:ListBucket", call);
  const page = pageOf({
    items: [...objects]
      .filter(([name]) => name.startsWith(input.Prefix) && name > input.StartAfter)
      .sort(byKey),
    list: `objects ${input.Bucket} ${input.Prefix} ${input.StartAfter}`,
    token: input.ContinuationToken,
    size: input.MaxKeys,
    shape: pageShapeOf(call),
  });
  if (page === undefined)
    throw new AwsError("InvalidArgument", "The continuation token provided is incorrect");
  const content = {
    Name: input.Bucket,
    Prefix: input.Prefix,
    MaxKeys: input.MaxKeys,
    KeyCount: page.items.length,
    IsTruncated: page.nextToken !== undefined,
    NextContinuationToken: page.nextToken,
    Contents: page.items.map(([Key, { bytes, etag, lastModified }]) => ({
      Key,
      LastModified: lastModified,
      ETag: etag,
      Size: bytes.length,
      StorageClass: "STANDARD",
    })),
  };
  return { body: { element: "ListBucketResult", content } };
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** The objects of a bucket. @throws AwsError if it does not exist or is in another account or region */
function objectsIn(name: string, action: string, { world, memory, caller, region }: CallContext) {
  const home = homeOf(name, world);
  if (home === undefined) throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
  if (home.accountId !== caller.accountId) {
    const resource = `arn:${world.partition}:s3:::${name}`;
    throw denied(S3_DIALECT, { caller, action, resource });
  }
  if (home.region !== region) {
    throw new AwsError("PermanentRedirect", `The bucket must be addressed in ${home.region}.`, 301);
  }
  const objects = memory.objects.get(name) ?? new Map<string, StoredObject>();
  memory.objects.set(name, objects);
  return objects;
}

function homeOf(name: string, world: World): { accountId: string; region: string } | undefined {
  for (const account of Object.values(world.accounts)) {
    for (const [region, { buckets }] of Object.entries(account.regions)) {
      if (buckets.includes(name)) return { accountId: account.id, region };
    }
  }
  return undefined;
}

function existing(input: ObjectInput, call: CallContext): StoredObject {
  const current = objectsIn(input.Bucket, "s3:GetObject", call).get(input.Key);
  const object =
    input.VersionId === undefined
      ? current
      : versionsOf(input, call)?.find(({ versionId }) => versionId === input.VersionId);
  if (object === undefined) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
  if (input.IfMatch !== undefined && input.IfMatch !== object.etag) throw preconditionFailed();
  if (input.IfNoneMatch === object.etag) throw new AwsError("NotModified", "Not Modified", 304);
  return object;
}

function refuseFailedCondition(
  { IfMatch, IfNoneMatch }: ObjectInput,
  current: StoredObject | undefined,
): void {
  if (IfNoneMatch !== undefined && current !== undefined) throw preconditionFailed();
  if (IfMatch === undefined) return;
  if (current === undefined) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404);
  if (IfMatch !== "*" && withoutQuotes(IfMatch) !== withoutQuotes(current.etag)) throw preconditionFailed();
}

function preconditionFailed(): AwsError {
  return new AwsError(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    412,
  );
}

/** Verifies CRC32, which SDKs send by default. Other checksums are stored without verification. */
function refuseBadChecksum({ Body, Checksums }: PutObjectInput): void {
  const claimed = Checksums["crc32"];
  if (claimed === undefined) return;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(Body));
  if (bytes.toString("base64") === claimed) return;
  throw new AwsError("BadDigest", "The CRC32 you specified did not match the calculated checksum.");
}

function headersOf(object: StoredObject) {
  const { bytes, etag, contentType, metadata, checksums, lastModified, lock } = object;
  return {
    etag,
    ...versionHeader(object),
    ...(lock === undefined
      ? {}
      : { "x-amz-object-lock-mode": lock.mode, "x-amz-object-lock-retain-until-date": lock.retainUntil }),
    "content-type": contentType,
    "content-length": bytes.length,
    "last-modified": new Date(lastModified).toUTCString(),
    ...checksumHeaders(checksums),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
}

function checksumHeaders(checksums: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checksums).map(([algorithm, value]) => [`x-amz-checksum-${algorithm}`, value]),
  );
}

function withoutQuotes(etag: string): string {
  return etag.replaceAll('"', "");
}
