import type { OutgoingHttpHeaders } from "node:http";
import { AwsError } from "../aws-error.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import { type HttpRequest, headerOf } from "./http.ts";
import type { Protocol } from "./protocol.ts";
import { type XmlElements, xmlDocument } from "./xml.ts";

/** The result of an S3 operation before it is serialized. */
export interface S3Answer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer | { readonly element: string; readonly content: XmlElements };
}

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const METADATA_PREFIX = "x-amz-meta-";
const CHECKSUM = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/;

/** `<bucket>.<the simulator's host>`: the address style of a client that does not force path style. */
const VIRTUAL_HOST = /^(?<bucket>.+)\.(?:localhost|127\.0\.0\.1)(?::\d+)?$/;

/** Objects by method, and the one call about a bucket. Source: S3 API reference, "Request syntax" of each. */
const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
};

/** S3's REST XML: the operation follows from method, path and query; parameters are headers and query fields. */
export const s3Protocol: Protocol = {
  operationOf: (request) => {
    const { key } = addressOf(request);
    if (key !== "") return isPlainObjectCall(request) ? OBJECT_OPERATIONS[request.method] : undefined;
    return request.method === "GET" && request.query.get("list-type") === "2" ? "ListObjectsV2" : undefined;
  },
  inputOf: (request) => {
    const { bucket, key } = addressOf(request);
    return key === ""
      ? { Bucket: bucket, ...listInput(request) }
      : { Bucket: bucket, Key: key, ...objectInput(request) };
  },
  success: (_operation, output, requestId) => {
    const { status = 200, headers = {}, body = Buffer.alloc(0) } = asS3Answer(output);
    const answerHeaders = { "x-amz-request-id": requestId, ...headers };
    if (Buffer.isBuffer(body)) return { status, headers: answerHeaders, body };
    const xml = xmlDocument(body.element, NAMESPACE, body.content);
    return { status, headers: { "content-type": "application/xml", ...answerHeaders }, body: xml };
  },
  failure: ({ code, message, status }, requestId) => ({
    status,
    headers: { "content-type": "application/xml", "x-amz-request-id": requestId },
    body: xmlDocument("Error", NAMESPACE, { Code: code, Message: message, RequestId: requestId }),
  }),
};

function addressOf({ path, headers }: HttpRequest): { bucket: string; key: string } {
  const bucketInHost = VIRTUAL_HOST.exec(headers.host ?? "")?.groups?.["bucket"];
  const decoded = decodeURIComponent(path).slice(1);
  if (bucketInHost !== undefined) return { bucket: bucketInHost, key: decoded };
  const slash = decoded.indexOf("/");
  if (slash < 0) return { bucket: decoded, key: "" };
  return { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1) };
}

/** A query other than the SDK's `x-id` and a version selects another operation, such as `?tagging`. */
function isPlainObjectCall({ query }: HttpRequest): boolean {
  return [...query.keys()].every((name) => name === "x-id" || name === "versionId");
}

function listInput({ query }: HttpRequest): Record<string, string | undefined> {
  return {
    Prefix: query.get("prefix") ?? undefined,
    MaxKeys: query.get("max-keys") ?? undefined,
    ContinuationToken: query.get("continuation-token") ?? undefined,
    Delimiter: query.get("delimiter") ?? undefined,
    StartAfter: query.get("start-after") ?? undefined,
  };
}

function objectInput(request: HttpRequest): Record<string, unknown> {
  const conditions = {
    IfMatch: headerOf(request, "if-match"),
    IfNoneMatch: headerOf(request, "if-none-match"),
    VersionId: request.query.get("versionId") ?? undefined,
    BypassGovernanceRetention: headerOf(request, "x-amz-bypass-governance-retention"),
  };
  if (request.method !== "PUT") return conditions;
  const { body, trailers } = bodyOf(request);
  const headers = { ...headersOf(request), ...trailers };
  return {
    ...conditions,
    ContentType: headerOf(request, "content-type"),
    Body: body,
    ObjectLockMode: headerOf(request, "x-amz-object-lock-mode"),
    ObjectLockRetainUntilDate: headerOf(request, "x-amz-object-lock-retain-until-date"),
    Metadata: renamed(headers, (name) =>
      name.startsWith(METADATA_PREFIX) ? name.slice(METADATA_PREFIX.length) : undefined,
    ),
    Checksums: renamed(headers, (name) => CHECKSUM.exec(name)?.[1]),
  };
}

function bodyOf(request: HttpRequest): { body: Buffer; trailers: Readonly<Record<string, string>> } {
  const isChunked =
    headerOf(request, "content-encoding")?.includes("aws-chunked") === true ||
    headerOf(request, "x-amz-content-sha256")?.startsWith("STREAMING-") === true;
  if (!isChunked) return { body: request.body, trailers: {} };
  try {
    return decodeAwsChunked(request.body);
  } catch {
    throw new AwsError("IncompleteBody", "The request body terminated unexpectedly.");
  }
}

function headersOf(request: HttpRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  );
}

function renamed(
  headers: Readonly<Record<string, string>>,
  nameFor: (header: string) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([header, value]) => {
      const name = nameFor(header);
      return name === undefined ? [] : [[name, value]];
    }),
  );
}

function asS3Answer(output: unknown): S3Answer {
  return typeof output === "object" && output !== null ? output : {};
}
