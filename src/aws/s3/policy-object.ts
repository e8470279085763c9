import { Readable } from "node:stream";
import { inputLimits } from "../../core/input-limits.ts";
import type { ClientDefaults } from "../http.ts";

/**
 * The text of a policy in S3.
 *
 * @param location `s3://bucket/key`
 * @throws Error when S3 refuses it, or when the object is larger than a policy may be; it is not read then
 */
export async function readPolicyObject(location: string, defaults: ClientDefaults): Promise<string> {
  const { hostname: bucket, pathname } = new URL(location);
  // Loaded on demand: the S3 client is the largest, and most policies are files of the package.
  const { getObject, S3Client } = await import("./client.ts");
  const client = new S3Client({ ...defaults, forcePathStyle: true });
  const { body, bytes } = await getObject(client, {
    Bucket: bucket,
    Key: decodeURIComponent(pathname.slice(1)),
  });
  if (bytes > inputLimits.policyBytes) {
    // A body that is not read would hold its connection.
    if (body instanceof Readable) body.destroy();
    throw new Error(`it has ${bytes} bytes, and at most ${inputLimits.policyBytes} are read`);
  }
  return body.transformToString("utf-8");
}
