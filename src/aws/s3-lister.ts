/**
 * What lists a bucket. A module of its own, beside `s3-client.ts`: an audit that is carried out by one function never
 * lists, and its bundle goes without.
 */
export { ListObjectsV2Command } from "@aws-sdk/client-s3";
