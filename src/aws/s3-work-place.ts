import type { WorkPlace } from "../audit/fleet/work-place.ts";
import type { ClientDefaults } from "./http.ts";
import { s3Failure } from "./s3-failure.ts";
import { keyAt, parseS3Location, s3Place } from "./s3-place.ts";

/**
 * The place in S3 where the fleet's functions hand each other their work.
 *
 * @param location `s3://bucket/prefix`: the store
 * @throws StoreError when that is no such location
 */
export function s3WorkPlace(location: string, defaults: ClientDefaults): WorkPlace {
  const root = parseS3Location(location);
  const { bucket } = root;
  return {
    ...s3Place(root, defaults),
    addressOf: (path) => ({ bucket, key: keyAt(root, path) }),
    list: (folder) => pathsUnder(`${folder}/`),
  };

  async function* pathsUnder(folder: string): AsyncGenerator<string> {
    const [{ S3Client }, { ListObjectsV2Command }] = await Promise.all([
      import("./s3-client.ts"),
      import("./s3-lister.ts"),
    ]);
    const client = new S3Client({ ...defaults, forcePathStyle: true, followRegionRedirects: true });
    const Prefix = keyAt(root, folder);
    const rootLength = Prefix.length - folder.length;
    let ContinuationToken: string | undefined;
    do {
      const page = await client
        .send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken }))
        .catch((error: unknown) => {
          throw s3Failure("read", `s3://${bucket}/${Prefix}`, error);
        });
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key.slice(rootLength);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }
}
