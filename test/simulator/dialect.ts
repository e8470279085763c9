import { AwsError } from "./aws-error.ts";

/** The errors that every service has, each with its own code. */
export type CommonRefusal =
  | "missingAuthentication"
  | "unknownKey"
  | "expiredCredentials"
  | "denied"
  | "throttled"
  | "unknownOperation"
  | "invalidInput"
  | "unknownParameter"
  | "internalFailure";

/** A service's error code and HTTP status for each common error. */
export type Dialect = Readonly<Record<CommonRefusal, { readonly code: string; readonly status: number }>>;

/**
 * Errors of services that use AWS JSON.
 * Source: the services' API references, "Common errors"; throttling and access denied are not modelled in ECR.
 */
export const JSON_DIALECT: Dialect = {
  missingAuthentication: { code: "MissingAuthenticationTokenException", status: 400 },
  unknownKey: { code: "UnrecognizedClientException", status: 400 },
  expiredCredentials: { code: "ExpiredTokenException", status: 400 },
  denied: { code: "AccessDeniedException", status: 400 },
  throttled: { code: "ThrottlingException", status: 400 },
  unknownOperation: { code: "UnknownOperationException", status: 400 },
  invalidInput: { code: "ValidationException", status: 400 },
  unknownParameter: { code: "SerializationException", status: 400 },
  internalFailure: { code: "InternalFailure", status: 500 },
};

/** Errors of services that use REST JSON: as in {@link JSON_DIALECT}, with specific HTTP statuses. */
export const REST_JSON_DIALECT: Dialect = {
  ...JSON_DIALECT,
  missingAuthentication: { code: "MissingAuthenticationTokenException", status: 403 },
  unknownKey: { code: "UnrecognizedClientException", status: 403 },
  expiredCredentials: { code: "ExpiredTokenException", status: 403 },
  denied: { code: "AccessDeniedException", status: 403 },
  throttled: { code: "TooManyRequestsException", status: 429 },
  unknownOperation: { code: "UnknownOperationException", status: 404 },
};

/** Errors of services that use AWS Query. Source: STS API reference, "Common errors". */
export const QUERY_DIALECT: Dialect = {
  missingAuthentication: { code: "MissingAuthenticationToken", status: 403 },
  unknownKey: { code: "InvalidClientTokenId", status: 403 },
  expiredCredentials: { code: "ExpiredToken", status: 403 },
  denied: { code: "AccessDenied", status: 403 },
  throttled: { code: "Throttling", status: 400 },
  unknownOperation: { code: "InvalidAction", status: 400 },
  invalidInput: { code: "ValidationError", status: 400 },
  unknownParameter: { code: "ValidationError", status: 400 },
  internalFailure: { code: "InternalFailure", status: 500 },
};

/** Errors of S3. Source: S3 API reference, "Error responses". */
export const S3_DIALECT: Dialect = {
  missingAuthentication: { code: "AccessDenied", status: 403 },
  unknownKey: { code: "InvalidAccessKeyId", status: 403 },
  expiredCredentials: { code: "ExpiredToken", status: 400 },
  denied: { code: "AccessDenied", status: 403 },
  throttled: { code: "SlowDown", status: 503 },
  unknownOperation: { code: "NotImplemented", status: 501 },
  invalidInput: { code: "InvalidArgument", status: 400 },
  unknownParameter: { code: "InvalidArgument", status: 400 },
  internalFailure: { code: "InternalError", status: 500 },
};

/** A common error in a service's dialect. */
export function refusal(dialect: Dialect, kind: CommonRefusal, message: string): AwsError {
  const { code, status } = dialect[kind];
  return new AwsError(code, message, status);
}
