import type { FleetStorage } from "../../audit/fleet/fleet-files.ts";
import type { ClientDefaults } from "../http.ts";
import { itemsOf } from "../pages.ts";
import { keyAt, parseS3Location, s3Failure, s3StorageLocation } from "./storage.ts";

/** A page holds up to 1,000 keys (Amazon S3 API reference, ListObjectsV2, November 2026): a million in all. */
const mostPages = 1_000;

/**
 * The location in S3 through which the functions of the fleet exchange files.
 *
 * @param location `s3://bucket/prefix`: the store
 * @throws StoreError if it is not such a location
 */
export function s3FleetStorage(location: string, defaults: ClientDefaults): FleetStorage {
  const root = parseS3Location(location);
  const { bucket } = root;
  return {
    ...s3StorageLocation(root, defaults),
    addressOf: (path) => ({ bucket, key: keyAt(root, path) }),
    list: (folder) => pathsUnder(`${folder}/`),
  };

  async function* pathsUnder(folder: string): AsyncGenerator<string> {
    const [{ S3Client }, { listObjects }] = await Promise.all([import("./client.ts"), import("./lister.ts")]);
    const client = new S3Client({ ...defaults, forcePathStyle: true, followRegionRedirects: true });
    const Prefix = keyAt(root, folder);
    const rootLength = Prefix.length - folder.length;
    const keys = itemsOf({
      name: "s3:ListObjectsV2",
      page: (token) =>
        listObjects(client, {
          Bucket: bucket,
          Prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      mostPages,
      keyOf: (key) => key,
      again: "same-or-error",
    });
    try {
      for await (const key of keys) yield key.slice(rootLength);
    } catch (error) {
      throw s3Failure("read", `s3://${bucket}/${Prefix}`, error);
    }
  }
}
