import type { ClientDefaults } from "../http.ts";

/**
 * The text of a policy that stands in S3.
 *
 * @param location `s3://bucket/key`
 */
export async function readPolicyObject(location: string, defaults: ClientDefaults): Promise<string> {
  const { hostname: bucket, pathname } = new URL(location);
  // Loaded only when asked for: the S3 client is the largest of all, and most policies come with the package.
  const { getObject, S3Client } = await import("./client.ts");
  const client = new S3Client({ ...defaults, forcePathStyle: true });
  const { body } = await getObject(client, { Bucket: bucket, Key: decodeURIComponent(pathname.slice(1)) });
  return body.transformToString("utf-8");
}
