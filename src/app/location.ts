/** An S3 bucket name and an optional prefix (Amazon S3 user guide, "Bucket naming rules", November 2026). */
const inS3 = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/|$)/;

/** A URL scheme. A single letter before a colon is a Windows drive. */
const withScheme = /^([a-z][a-z0-9+.-]+:\/|(s3|gs|az|abfs|file|https?):)/i;

/**
 * Validates the location of a store or a file. Returns `null` for a path and for an S3 location. Without this check,
 * a location with another scheme would be taken for a path, and a folder of that name would be created.
 *
 * @example
 * locationProblem("gs://bucket/prefix"); // "must be s3://bucket/prefix or a path: gs: is not supported"
 */
export function locationProblem(location: string): string | null {
  if (/^s3\/\//i.test(location)) return "must be s3://bucket/prefix or a path: the colon after s3 is missing";
  if (!withScheme.test(location) || inS3.test(location)) return null;
  const [scheme = ""] = location.split(":");
  const why = scheme === "s3" ? "the bucket name is missing or not valid" : `${scheme}: is not supported`;
  return `must be s3://bucket/prefix or a path: ${why}`;
}

/** Validates the path of a file or folder that is written where no other location is supported. `null` if it is one. */
export function pathProblem(path: string): string | null {
  const [scheme = ""] = path.split(":");
  if (withScheme.test(path)) return `must be a path: ${scheme}: is not supported here`;
  return /^s3\/\//i.test(path) ? "must be a path: s3 is not supported here" : null;
}
