import { type StoredFiles, StoreError } from "../../audit/ports.ts";
import { refuseTooLarge } from "../../audit/state/store.ts";
import { errorName } from "../errors.ts";
import type { ClientDefaults } from "../http.ts";
import { s3FleetStorage } from "./fleet-storage.ts";
import { s3Failure } from "./storage.ts";

/**
 * The files of a store in S3 as bytes.
 *
 * @param location `s3://bucket/prefix`
 * @throws StoreError if it is not such a location
 */
export async function s3StoredFiles(location: string, defaults: ClientDefaults): Promise<StoredFiles> {
  const { name, locate, list, addressOf } = s3FleetStorage(location, defaults);
  const { getObject, S3Client } = await import("./client.ts");
  const client = new S3Client({ ...defaults, forcePathStyle: true, followRegionRedirects: true });
  return {
    name,
    locate,
    // S3 lists keys in the order of their bytes (Amazon S3 API reference, ListObjectsV2, November 2026).
    list,
    read: async (path) => {
      const { bucket, key } = addressOf(path);
      try {
        const { body, bytes } = await getObject(client, { Bucket: bucket, Key: key });
        try {
          refuseTooLarge(bytes, locate(path));
        } catch (error) {
          // An unread body would keep its connection busy.
          await body.transformToWebStream().cancel();
          throw error;
        }
        return await body.transformToByteArray();
      } catch (error) {
        if (error instanceof StoreError) throw error;
        if (errorName(error) === "NoSuchKey") return null;
        throw s3Failure("read", locate(path), error);
      }
    },
  };
}
