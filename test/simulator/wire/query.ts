import { AwsError } from "../aws-error.ts";
import type { HttpAnswer } from "./http.ts";
import type { Protocol } from "./protocol.ts";
import { type XmlElements, xmlDocument } from "./xml.ts";

/** A Query API: each request contains its version, each answer its namespace. */
export interface QueryApi {
  readonly version: string;
  readonly namespace: string;
}

/** Nests parameters according to their dotted names (`MessageAttributes.entry.1.Name`). */
export interface QueryParameters {
  [name: string]: string | QueryParameters;
}

/**
 * AWS Query: parameters are form fields, answers are XML.
 * Source: Smithy 2.0, "AWS query protocol".
 */
export function queryProtocol({ version, namespace }: QueryApi): Protocol {
  return {
    operationOf: (request) => {
      const form = new URLSearchParams(request.body.toString());
      return form.get("Version") === version ? (form.get("Action") ?? undefined) : undefined;
    },
    inputOf: (request) => parametersIn(new URLSearchParams(request.body.toString())),
    success: (operation, output, requestId) => {
      const result = isElements(output) ? output : {};
      const content = { [`${operation}Result`]: result, ResponseMetadata: { RequestId: requestId } };
      return xmlAnswer(200, xmlDocument(`${operation}Response`, namespace, content), requestId);
    },
    failure: (error, requestId) => {
      const type = error.status < 500 ? "Sender" : "Receiver";
      const content = {
        Error: { Type: type, Code: error.code, Message: error.message },
        RequestId: requestId,
      };
      return xmlAnswer(error.status, xmlDocument("ErrorResponse", namespace, content), requestId);
    },
  };
}

function parametersIn(form: URLSearchParams): QueryParameters {
  const parameters: QueryParameters = {};
  for (const [name, value] of form) {
    if (name !== "Action" && name !== "Version") place(parameters, name.split("."), value);
  }
  return parameters;
}

function place(parameters: QueryParameters, path: readonly string[], value: string): void {
  const [name = "", ...deeper] = path;
  if (deeper.length === 0) {
    parameters[name] = value;
    return;
  }
  const inner = parameters[name] ?? {};
  if (typeof inner === "string")
    throw new AwsError("MalformedInput", `${name} is both a value and a structure.`);
  parameters[name] = inner;
  place(inner, deeper, value);
}

function isElements(output: unknown): output is XmlElements {
  return typeof output === "object" && output !== null;
}

function xmlAnswer(status: number, body: string, requestId: string): HttpAnswer {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}
