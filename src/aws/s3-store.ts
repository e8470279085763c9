import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { type AuditStore, StoreError } from "../audit/ports.ts";
import { type FilePlace, JSON_TYPE, refuseTooLarge, storeIn } from "../audit/store.ts";
import { renderJson } from "../render/json.ts";
import { errorName } from "./errors.ts";
import type { ClientDefaults } from "./http.ts";
import { s3Failure } from "./s3-failure.ts";

/**
 * A store in S3. The state is written with compare-and-swap, by its entity tag.
 *
 * @param location `s3://bucket/prefix`, taken as it is written: nothing in it is percent-decoded
 * @throws StoreError when that is no such location
 */
export function s3Store(location: string, defaults: ClientDefaults): AuditStore {
  const { bucket, prefix } = /^s3:\/\/(?<bucket>[^/]+)\/*(?<prefix>.*?)\/*$/.exec(location)?.groups ?? {};
  if (bucket === undefined || prefix === undefined) {
    throw new StoreError(`${location} is not a place in S3. Name one as s3://bucket/prefix.`);
  }
  return storeIn(s3Place(bucket, prefix, defaults), renderJson);
}

function s3Place(bucket: string, prefix: string, defaults: ClientDefaults): FilePlace {
  const objectAt = (path: string) => ({ Bucket: bucket, Key: prefix === "" ? path : `${prefix}/${path}` });
  const locate = (path: string) => `s3://${bucket}/${objectAt(path).Key}`;
  let opened: ReturnType<typeof openS3> | undefined;
  const s3 = () => {
    opened ??= openS3(defaults);
    return opened;
  };

  const read: FilePlace["read"] = async (path) => {
    const { client, GetObjectCommand } = await s3();
    try {
      return await contentOf(await client.send(new GetObjectCommand(objectAt(path))), locate(path));
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
    const { client, PutObjectCommand } = await s3();
    await client.send(new PutObjectCommand({ ...objectAt(path), Body: text, ...more }));
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
  const { GetObjectCommand, PutObjectCommand, S3Client } = await import("./s3-client.ts");
  const client = new S3Client({ ...defaults, forcePathStyle: true, followRegionRedirects: true });
  return { client, GetObjectCommand, PutObjectCommand };
}

async function contentOf(
  { Body: body, ETag: version, ContentLength: bytes }: GetObjectCommandOutput,
  location: string,
): Promise<{ text: string; version: string }> {
  if (body === undefined || version === undefined || bytes === undefined) {
    throw new Error("S3 answered without a body, its length or its entity tag");
  }
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
