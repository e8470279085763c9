import type { AwsError } from "../aws-error.ts";
import type { HttpAnswer, HttpRequest } from "./http.ts";

/** How a service's calls are put into HTTP: requests are read, answers written. */
export interface Protocol {
  /** The operation that a request names; `undefined` when it names none. */
  operationOf(request: HttpRequest): string | undefined;
  /** The request's parameters, not yet checked. Throws an AwsError when the body can not be read. */
  inputOf(request: HttpRequest): unknown;
  /** The answer of a call that went well. */
  success(operation: string, output: unknown, requestId: string): HttpAnswer;
  /** The answer of a call that was refused. */
  failure(error: AwsError, requestId: string): HttpAnswer;
}
