/**
 * What the auditor uses of S3. A module of its own because the client is large: it is loaded when an audit
 * needs it, and a bundler takes no more of it along than what is named here.
 */
export { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
