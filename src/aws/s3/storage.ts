import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { type Clock, StoreError } from "../../audit/ports.ts";
import { pathInside } from "../../audit/state/path-inside.ts";
import { JSON_TYPE, refuseTooLarge, type StorageLocation } from "../../audit/state/store.ts";
import { messageOf } from "../../core/errors.ts";
import type { UnreadableReason } from "../../facts/evidence.ts";
import { EndedCredentialsError, errorName, reasonOf } from "../errors.ts";
import type { ClientDefaults } from "../http.ts";

const mayPass =
  "This may be temporary: run the audit again. If it persists, check the network between the auditor and S3.";

const credentials = "Give the auditor valid credentials.";

const adviceByName: Readonly<Record<string, string>> = {
  CredentialsProviderError: credentials,
  SignatureDoesNotMatch: credentials,
  NoSuchBucket: "Create the bucket or choose another store.",
  PermanentRedirect: "The bucket is in another region: run the auditor there or choose another store.",
};

/** Without `s3:ListBucket`, S3 denies access to an object that does not exist (API reference, GetObject, November 2026). */
const adviceByReason: Partial<Record<UnreadableReason, string>> = {
  "access-denied":
    "Allow the auditor s3:GetObject and s3:PutObject on the store's objects, s3:ListBucket on its bucket (without it, S3 denies access to objects that do not exist yet), and use of the bucket's KMS key if it has one.",
  "denied-by-scp": "Change the service control policy to let the auditor read and write the store.",
  "region-disabled": "Enable the bucket's region in the account, or choose a store in another region.",
};

/** For objects that are to be locked. */
const lockAdvice: Readonly<Record<string, string>> = {
  InvalidRequest: "Turn on Object Lock for the bucket, or leave AUDIT_STORE_LOCK empty.",
  AccessDenied:
    "Allow the auditor s3:PutObject and s3:PutObjectRetention on the store's objects, and use of the bucket's KMS key if it has one.",
};

/** An error that says which action failed on which object, why, and what to do. */
export function s3Failure(
  action: "read" | "written",
  location: string,
  error: unknown,
  retention: { readonly ObjectLockMode?: string } = {},
): StoreError {
  if (error instanceof StoreError) return error;
  const what = `${location} could not be ${action}: ${messageOf(error)}`;
  // This error contains its advice.
  if (error instanceof EndedCredentialsError) return new StoreError(what, { cause: error });
  const usual = adviceByName[errorName(error)] ?? adviceByReason[reasonOf(error)] ?? mayPass;
  const ofLock = retention.ObjectLockMode === undefined ? undefined : lockAdvice[errorName(error)];
  return new StoreError(`${what}. ${ofLock ?? usual}`, { cause: error });
}

/**
 * How reports are locked. Nobody can delete a locked version before its time; overwriting adds a version. In governance
 * mode, whoever has `s3:BypassGovernanceRetention` can (Amazon S3 user guide, "Locking objects with Object Lock", November 2026).
 */
export type ReportLock = {
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  readonly days: number;
  readonly now: Clock["now"];
};

/** A location in S3: a bucket and a key prefix without a trailing slash. */
export type S3Location = { readonly bucket: string; readonly prefix: string };

/**
 * Parses `s3://bucket/prefix` without percent-decoding.
 *
 * @throws StoreError if it is not such a location
 */
export function parseS3Location(location: string): S3Location {
  const { bucket, prefix } = /^s3:\/\/(?<bucket>[^/]+)\/*(?<prefix>.*?)\/*$/.exec(location)?.groups ?? {};
  if (bucket === undefined || prefix === undefined) {
    throw new StoreError(`${location} is not a location in S3. Use s3://bucket/prefix.`);
  }
  return { bucket, prefix };
}

/** The key of the object at a path. @throws StoreError if the path leaves the location */
export function keyAt({ prefix }: S3Location, path: string): string {
  const inside = pathInside(path);
  return prefix === "" ? inside : `${prefix}/${inside}`;
}

/** The files of a location in S3. Their versions are entity tags. */
export function s3StorageLocation(
  storage: S3Location,
  defaults: ClientDefaults,
  lock: ReportLock | null = null,
): StorageLocation {
  const { bucket, prefix } = storage;
  const objectAt = (path: string) => ({ Bucket: bucket, Key: keyAt(storage, path) });
  const locate = (path: string) => `s3://${bucket}/${objectAt(path).Key}`;
  let opened: ReturnType<typeof openS3> | undefined;
  const s3 = () => {
    opened ??= openS3(defaults);
    return opened;
  };

  const read: StorageLocation["read"] = async (path) => {
    const { client, getObject } = await s3();
    try {
      return await contentOf(await getObject(client, objectAt(path)), locate(path));
    } catch (error) {
      if (errorName(error) === "NoSuchKey") return null;
      throw s3Failure("read", locate(path), error);
    }
  };

  const put = async (
    path: string,
    text: string,
    more: Omit<PutObjectCommandInput, "Bucket" | "Key" | "Body">,
  ) => {
    const { client, putObject } = await s3();
    await putObject(client, { ...objectAt(path), Body: text, ...more });
  };

  return {
    name: prefix === "" ? `s3://${bucket}` : `s3://${bucket}/${prefix}`,
    locate,
    read,
    write: async (path, text, contentType, kind) => {
      const retention = kind === undefined || lock === null ? {} : retentionOf(lock);
      try {
        await put(path, text, { ContentType: contentType, ...retention });
      } catch (error) {
        throw s3Failure("written", locate(path), error, retention);
      }
    },
    replace: async (path, text, version) => {
      const condition = version === null ? { IfNoneMatch: "*" as const } : { IfMatch: version };
      try {
        await put(path, text, { ContentType: JSON_TYPE, ...condition });
        return true;
      } catch (error) {
        if (!isConflict(error, version)) throw s3Failure("written", locate(path), error);
        // If the answer to a write is lost, the SDK retries and conflicts with its own first write.
        return (await read(path))?.text === text;
      }
    },
  };
}

/** S3 takes these with a checksum alone, which the SDK sends (API reference, PutObject, November 2026). */
function retentionOf({ mode, days, now }: ReportLock) {
  return { ObjectLockMode: mode, ObjectLockRetainUntilDate: new Date(now().getTime() + days * 86_400_000) };
}

/** Loaded on demand: the S3 client is the largest, and not every auditor has a store in S3. */
async function openS3(defaults: ClientDefaults) {
  const { getObject, putObject, S3Client } = await import("./client.ts");
  const client = new S3Client({ ...defaults, forcePathStyle: true, followRegionRedirects: true });
  return { client, getObject, putObject };
}

type FoundObject = Awaited<ReturnType<Awaited<ReturnType<typeof openS3>>["getObject"]>>;

async function contentOf(
  { body, version, bytes }: FoundObject,
  location: string,
): Promise<{ text: string; version: string }> {
  try {
    refuseTooLarge(bytes, location);
  } catch (error) {
    // An unread body would keep its connection busy.
    await body.transformToWebStream().cancel();
    throw error;
  }
  return { text: await body.transformToString("utf-8"), version };
}

/**
 * Whether S3 rejected a write because the object is not what the writer expected: 412 if it differs, 409 during another
 * write, 404 if it was deleted.
 *
 * Source: Amazon S3 API reference, PutObject, `If-Match` and `If-None-Match`, November 2026.
 */
function isConflict(error: unknown, version: string | null): boolean {
  const name = errorName(error);
  return (
    name === "PreconditionFailed" ||
    name === "ConditionalRequestConflict" ||
    (name === "NoSuchKey" && version !== null)
  );
}
