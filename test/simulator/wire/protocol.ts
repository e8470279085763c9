import type { AwsError } from "../aws-error.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";

/** Maps a service's calls to HTTP: parses requests and serializes answers. */
export interface Protocol {
  /** The operation of a request; `undefined` if it has none. */
  operationOf(request: HttpRequest): string | undefined;
  /** The unvalidated parameters of the request. @throws AwsError if the body cannot be parsed */
  inputOf(request: HttpRequest): unknown;
  /** The answer of a successful call. */
  success(operation: string, output: unknown, requestId: string): HttpAnswer;
  /** The answer of a refused call. */
  failure(error: AwsError, requestId: string): HttpAnswer;
}
