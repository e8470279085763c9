import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { StoreError } from "../../audit/ports.ts";
import { pathInside } from "../../audit/state/path-inside.ts";
import { JSON_TYPE, refuseTooLarge, type StorageLocation } from "../../audit/state/store.ts";
import { messageOf } from "../../core/errors.ts";
import type { UnreadableReason } from "../../facts/evidence.ts";
import { countIn, nameIn, structureIn } from "../answer.ts";
import { EndedCredentialsError, errorName, reasonOf } from "../errors.ts";
import type { ClientDefaults } from "../http.ts";
import { operation } from "../operation.ts";

/*
 * What the auditor uses of S3. A module of its own because the client is large: it is loaded when an audit
 * needs it, and a bundler takes no more of it along than what is named here.
 */

export { S3Client } from "@aws-sdk/client-s3";

/** Reads an object: its body, still to come, with its length in bytes and its entity tag. */
export const getObject = operation({
  name: "s3:GetObject",
  command: GetObjectCommand,
  send: (client: S3Client, command) => client.send(command),
  read: ({ Body, ContentLength, ETag }) => {
    try {
      return {
        body: structureIn(Body, "Body"),
        bytes: countIn(ContentLength, "ContentLength"),
        version: nameIn(ETag, "ETag"),
      };
    } catch (error) {
      // What is not read would hold its connection.
      if (Body instanceof Readable) Body.destroy();
      throw error;
    }
  },
  isRepeatable: true,
});

/** Writes an object, and answers its entity tag: only that says that it was written. */
export const putObject = operation({
  name: "s3:PutObject",
  command: PutObjectCommand,
  send: (client: S3Client, command) => client.send(command),
  read: ({ ETag }) => nameIn(ETag, "ETag"),
  isRepeatable: true,
});

const mayPass = "This may pass: audit again. If it does not, see to the network between the auditor and S3.";

const credentials = "Give the auditor valid credentials.";

const adviceByName: Readonly<Record<string, string>> = {
  CredentialsProviderError: credentials,
  SignatureDoesNotMatch: credentials,
  NoSuchBucket: "Create the bucket, or name another store.",
  PermanentRedirect: "The bucket is in another region: run the auditor there, or name another store.",
};

/** Without `s3:ListBucket`, S3 denies access to an object that does not exist (API reference, GetObject, November 2026). */
const adviceByReason: Partial<Record<UnreadableReason, string>> = {
  "access-denied":
    "Allow the auditor s3:GetObject and s3:PutObject on the store's objects, s3:ListBucket on its bucket (or S3 denies access to what does not exist yet), and the use of the bucket's KMS key if it has one.",
  "denied-by-scp": "Have the service control policy let the auditor read and write the store.",
  "region-disabled": "Enable the bucket's region in the account, or name a store in another region.",
};

/** The error that says what could not be done with an object, why, and what to do about it. */
export function s3Failure(action: "read" | "written", location: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const what = `${location} could not be ${action}: ${messageOf(error)}`;
  // This error contains its advice.
  if (error instanceof EndedCredentialsError) return new StoreError(what, { cause: error });
  const advice = adviceByName[errorName(error)] ?? adviceByReason[reasonOf(error)] ?? mayPass;
  return new StoreError(`${what}. ${advice}`, { cause: error });
}

/** A place in S3: a bucket and the beginning of the keys in it, without a slash at its end. */
export type S3Location = { readonly bucket: string; readonly prefix: string };

/**
 * Reads `s3://bucket/prefix`, taken as it is written: nothing in it is percent-decoded.
 *
 * @throws StoreError when that is no such location
 */
export function parseS3Location(location: string): S3Location {
  const { bucket, prefix } = /^s3:\/\/(?<bucket>[^/]+)\/*(?<prefix>.*?)\/*$/.exec(location)?.groups ?? {};
  if (bucket === undefined || prefix === undefined) {
    throw new StoreError(`${location} is not a place in S3. Name one as s3://bucket/prefix.`);
  }
  return { bucket, prefix };
}

/** The key of the object that a path leads to. @throws StoreError when the path leads out of the place */
export function keyAt({ prefix }: S3Location, path: string): string {
  const inside = pathInside(path);
  return prefix === "" ? inside : `${prefix}/${inside}`;
}

/** The files of a place in S3. Their versions are their entity tags. */
export function s3StorageLocation(storage: S3Location, defaults: ClientDefaults): StorageLocation {
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
    more: { ContentType: string; IfMatch?: string; IfNoneMatch?: "*" },
  ) => {
    const { client, putObject } = await s3();
    await putObject(client, { ...objectAt(path), Body: text, ...more });
  };

  return {
    name: prefix === "" ? `s3://${bucket}` : `s3://${bucket}/${prefix}`,
    locate,
    read,
    write: async (path, text, contentType) => {
      try {
        await put(path, text, { ContentType: contentType });
      } catch (error) {
        throw s3Failure("written", locate(path), error);
      }
    },
    replace: async (path, text, version) => {
      const condition = version === null ? { IfNoneMatch: "*" as const } : { IfMatch: version };
      try {
        await put(path, text, { ContentType: JSON_TYPE, ...condition });
        return true;
      } catch (error) {
        if (!isConflict(error, version)) throw s3Failure("written", locate(path), error);
        // Where the answer to a write is lost, the SDK writes again, and meets what it has written itself.
        return (await read(path))?.text === text;
      }
    },
  };
}

/** Loaded only when asked for: the S3 client is the largest of all, and not every auditor has a store in S3. */
async function openS3(defaults: ClientDefaults) {
  const { getObject, putObject, S3Client } = await import("./storage.ts");
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
    // What is not read would hold its connection.
    await body.transformToWebStream().cancel();
    throw error;
  }
  return { text: await body.transformToString("utf-8"), version };
}

/**
 * Whether S3 did not write because the object is not, or no longer, what the writer took it for: 412 when it differs,
 * 409 when another write was under way, 404 when it was deleted.
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
