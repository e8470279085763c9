import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clientDefaults } from "../../../src/aws/http.ts";
import { readPolicyObject } from "../../../src/aws/s3/policy-object.ts";
import { inputLimits } from "../../../src/core/input-limits.ts";
import { serve } from "../local-server.ts";

const defaults = clientDefaults(1, 60_000);

beforeEach(() => {
  vi.stubEnv("AWS_REGION", "eu-west-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_PROFILE", undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A fake S3 with one object, and the requested paths. */
async function s3With(path: string, text: string): Promise<readonly string[]> {
  const asked: string[] = [];
  const endpoint = await serve(({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://s3");
    asked.push(pathname);
    if (pathname === path) {
      response.writeHead(200, { etag: '"1"', "content-length": Buffer.byteLength(text) }).end(text);
    } else response.writeHead(404).end("<Error><Code>NoSuchKey</Code><Message>No such key</Message></Error>");
  });
  vi.stubEnv("AWS_ENDPOINT_URL_S3", endpoint);
  return asked;
}

describe("readPolicyObject", () => {
  test.each([
    ["s3://policies/ecr.json", "/policies/ecr.json"],
    ["s3://policies/audit/v1/ecr.json", "/policies/audit/v1/ecr.json"],
    ["s3://dotted.bucket/ecr.json", "/dotted.bucket/ecr.json"],
    ["s3://policies/our%20policy.json", "/policies/our%20policy.json"],
    ["s3://policies/our policy.json", "/policies/our%20policy.json"],
    ["s3://policies/richtlinie-für-ecr.json", "/policies/richtlinie-f%C3%BCr-ecr.json"],
  ])("reads %s at %s", async (location, path) => {
    const asked = await s3With(path, '{ "name": "für alle" }');
    expect(await readPolicyObject(location, defaults)).toBe('{ "name": "für alle" }');
    expect(asked).toEqual([path]);
  });

  test("says that there is no such object", async () => {
    await s3With("/policies/other.json", "{}");
    await expect(readPolicyObject("s3://policies/ecr.json", defaults)).rejects.toMatchObject({
      name: "NoSuchKey",
    });
  });

  test("refuses an object that is too large by its size, without reading it", async () => {
    const isClosed = Promise.withResolvers<void>();
    const endpoint = await serve((_request, response) => {
      // The body never comes: an auditor that waits for it does not end.
      response.writeHead(200, { etag: '"1"', "content-length": inputLimits.policyBytes + 1 });
      response.flushHeaders();
      response.on("close", () => isClosed.resolve());
    });
    vi.stubEnv("AWS_ENDPOINT_URL_S3", endpoint);
    await expect(readPolicyObject("s3://policies/ecr.json", defaults)).rejects.toThrow(
      "it has 1048577 bytes, and at most 1048576 are read",
    );
    await isClosed.promise;
  });

  test("refuses an answer without body", async () => {
    const s3 = mockClient(S3Client);
    s3.on(GetObjectCommand).resolves({});
    await expect(readPolicyObject("s3://policies/ecr.json", defaults)).rejects.toThrow(
      "s3:GetObject: AWS answered without Body",
    );
    s3.restore();
  });
});
