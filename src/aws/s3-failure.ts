import { StoreError } from "../audit/ports.ts";
import type { UnreadableReason } from "../model/evidence.ts";
import { errorName, messageOf, reasonOf } from "./errors.ts";

const mayPass = "This may pass: audit again. If it does not, see to the network between the auditor and S3.";

const credentials = "Give the auditor valid credentials.";

const adviceByName: Readonly<Record<string, string>> = {
  CredentialsProviderError: credentials,
  ExpiredToken: credentials,
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  NoSuchBucket: "Create the bucket, or name another store.",
  PermanentRedirect: "The bucket is in another region: run the auditor there, or name another store.",
};

/** Without `s3:ListBucket`, S3 denies access to an object that does not exist (API reference, GetObject, November 2026). */
const adviceByReason: Partial<Record<UnreadableReason, string>> = {
  "access-denied":
    "Allow the auditor s3:GetObject and s3:PutObject on the store's objects, s3:ListBucket on its bucket (or S3 denies access to what does not exist yet), and the use of the bucket's KMS key if it has one.",
  "denied-by-scp": "Have the service control policy let the auditor read and write the store.",
  "region-disabled":
    "Give the auditor valid credentials, and an account in which the bucket's region is enabled.",
};

/** The error that says what could not be done with an object, why, and what to do about it. */
export function s3Failure(action: "read" | "written", location: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const advice = adviceByName[errorName(error)] ?? adviceByReason[reasonOf(error)] ?? mayPass;
  return new StoreError(`${location} could not be ${action}: ${messageOf(error)}. ${advice}`, {
    cause: error,
  });
}
