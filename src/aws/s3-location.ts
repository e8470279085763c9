/** A place in S3. */
export type S3Location = { readonly bucket: string; readonly key: string };

/** Reads `s3://bucket/key`; a prefix may end in a slash. Keys are taken as they are, as the AWS CLI does. */
export function parseS3Location(location: string): S3Location {
  const [bucket = "", ...rest] = location.replace(/^s3:\/\//, "").split("/");
  return { bucket, key: rest.join("/") };
}
