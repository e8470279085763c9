/** What S3 takes for a bucket's name, and what may follow it (Amazon S3 user guide, "Bucket naming rules", November 2026). */
const inS3 = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/|$)/;

/** What a scheme looks like; one letter before a colon is a drive of Windows. */
const withScheme = /^([a-z][a-z0-9+.-]+:\/|(s3|gs|az|abfs|file|https?):)/i;

/**
 * What is wrong with the address of a store or a file; `null` when it is a path, or a place in S3. An address with
 * another scheme would else be taken for a path, and a folder made of its name.
 *
 * @example
 * locationProblem("gs://bucket/prefix"); // "must be s3://bucket/prefix or a path: gs: is not known"
 */
export function locationProblem(location: string): string | null {
  if (!withScheme.test(location) || inS3.test(location)) return null;
  const [scheme = ""] = location.split(":");
  const why = scheme === "s3" ? "it names no bucket as s3:// does" : `${scheme}: is not known`;
  return `must be s3://bucket/prefix or a path: ${why}`;
}
