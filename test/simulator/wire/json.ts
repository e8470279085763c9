import { AwsError } from "../aws-error.ts";
import { type HttpAnswer, headerOf } from "./http.ts";
import type { Protocol } from "./protocol.ts";

/**
 * AWS JSON 1.1: every call is a POST to `/`, with its operation in `X-Amz-Target`.
 * Source: Smithy 2.0, "AWS JSON 1.1 protocol".
 */
export function jsonProtocol(targetPrefix: string): Protocol {
  return {
    operationOf: (request) => {
      const [prefix, operation] = (headerOf(request, "x-amz-target") ?? "").split(".", 2);
      return prefix === targetPrefix ? operation : undefined;
    },
    inputOf: (request) => parseJson(request.body),
    success: (_operation, output, requestId) => jsonAnswer(200, output, requestId),
    failure: (error, requestId) =>
      jsonAnswer(error.status, { __type: error.code, message: error.message }, requestId),
  };
}

/**
 * AWS REST JSON: the operation follows from method and path (`POST /listRegions`).
 * Source: Smithy 2.0, "AWS restJson1 protocol".
 */
export function restJsonProtocol(routes: Readonly<Record<string, string>>): Protocol {
  return {
    operationOf: (request) => routes[`${request.method} ${request.path}`],
    inputOf: (request) => parseJson(request.body),
    success: (_operation, output, requestId) => jsonAnswer(200, output, requestId),
    failure: (error, requestId) => {
      const { headers, ...answer } = jsonAnswer(error.status, { message: error.message }, requestId);
      return { ...answer, headers: { ...headers, "x-amzn-errortype": error.code } };
    },
  };
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError("SerializationException", "The request body is not valid JSON.");
  }
}

function jsonAnswer(status: number, body: unknown, requestId: string): HttpAnswer {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": requestId };
  return { status, headers, body: JSON.stringify(body) };
}
