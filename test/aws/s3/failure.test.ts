import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it, onTestFinished } from "vitest";
import { StoreError } from "../../../src/audit/ports.ts";
import { refusedCredentials } from "../../../src/aws/errors.ts";
import { clientDefaults } from "../../../src/aws/http.ts";
import { s3Store } from "../../../src/aws/s3/store.ts";
import { messageOf } from "../../../src/core/errors.ts";
import { aReport } from "../../support/report-builders.ts";
import { aState } from "../../support/state-builders.ts";
import { detailOf, sdkError, serviceError, troubles } from "../trouble.ts";
import { answerWith, defaults, open, STATE, setEnvironment, simulate, textAt } from "./stage.ts";

setEnvironment();

const report = `nightly/audits/2026/11/20/${aReport().auditId}/report.json`;

/** Every use of a store, what it does, and to what. */
const uses = [
  ["reading the state", () => open().readState(), "read", `s3://audits/${STATE}`],
  ["writing the state", () => open().writeState(aState(), null), "written", `s3://audits/${STATE}`],
  ["replacing the state", () => open().writeState(aState(), '"1"'), "written", `s3://audits/${STATE}`],
  ["keeping a report", () => open().keepReport(aReport(), []), "written", `s3://audits/${report}`],
] as const;

describe.each(uses)("%s fails with what, where and what to do", (_use, use, action, location) => {
  it.each([...troubles, { title: "no bucket", error: serviceError("NoSuchBucket", 404) }])(
    "$title",
    async ({ error }) => {
      const s3 = mockClient(S3Client);
      onTestFinished(() => s3.restore());
      s3.on(GetObjectCommand).rejects(error);
      s3.on(PutObjectCommand).rejects(error);
      const isRefusal = ["expired", "unknown"].includes(refusedCredentials(error) ?? "");
      const said = detailOf(error, action === "read" ? "s3:GetObject" : "s3:PutObject");
      const beginning = `${location} could not be ${action}: ${isRefusal ? said : `${messageOf(error)}. `}`;
      const failure: unknown = await use().catch((reason: unknown) => reason);
      expect(failure).toBeInstanceOf(StoreError);
      expect(failure).toMatchObject({
        cause: isRefusal ? { cause: error } : error,
        message: expect.stringContaining(beginning),
      });
      const advice = isRefusal ? /^$/ : /^(Create|Allow|Change|Give|Enable|This may be temporary)/;
      expect(String(failure).split(beginning)[1]).toMatch(advice);
    },
  );
});

describe("what to do", () => {
  it.each([
    ["NoSuchBucket", serviceError("NoSuchBucket", 404), "Create the bucket"],
    ["PermanentRedirect", serviceError("PermanentRedirect", 301), "The bucket is in another region"],
    ["AccessDenied", serviceError("AccessDenied", 403), "s3:ListBucket"],
    [
      "a denial by SCP",
      serviceError("AccessDenied", 403, "explicit deny in a service control policy"),
      "service control policy to let",
    ],
    ["no credentials", sdkError("CredentialsProviderError"), "valid credentials"],
    ["ExpiredToken", serviceError("ExpiredToken", 400), "renew them and audit again"],
    ["InvalidAccessKeyId", serviceError("InvalidAccessKeyId", 403), "renew them"],
    ["SignatureDoesNotMatch", serviceError("SignatureDoesNotMatch", 403), "valid credentials"],
    ["SlowDown", serviceError("SlowDown", 503), "audit again"],
    ["InternalError", serviceError("InternalError", 500), "audit again"],
    ["a timeout", sdkError("TimeoutError"), "audit again"],
  ])("about %s", async (_what, error, advice) => {
    const s3 = mockClient(S3Client);
    onTestFinished(() => s3.restore());
    s3.on(GetObjectCommand).rejects(error);
    await expect(open().readState()).rejects.toThrow(advice);
  });
});

describe("over HTTP, S3", () => {
  it.each([
    ["is down", { kind: "internal-failure", status: 503 }, "audit again"],
    ["hangs up", { kind: "reset-connection" }, "audit again"],
    ["does not answer", { kind: "hang" }, "audit again"],
    ["throttles", { kind: "throttle" }, "audit again"],
    ["takes the credentials for expired", { kind: "expire-credentials" }, "renew them"],
    ["denies", { kind: "deny", by: "missing-permission" }, "s3:ListBucket"],
  ] as const)("%s", async (_what, effect, advice) => {
    await simulate({ on: { service: "s3" }, effect });
    // What hangs is waited for; nothing else is to run into a time limit, however busy the machine is.
    const store = open(clientDefaults(10, effect.kind === "hang" ? 300 : 60_000));
    const expected = (action: string) =>
      new RegExp(`^s3://audits/nightly/.*could not be ${action}: .*${advice}`);
    await expect(store.readState()).rejects.toThrow(expected("read"));
    await expect(store.writeState(aState(), null)).rejects.toThrow(expected("written"));
    await expect(store.keepReport(aReport(), [])).rejects.toThrow(expected("written"));
  });

  it.each([
    ["s3://nowhere/nightly", "Create the bucket"],
    ["s3://far-away/nightly", "The bucket is in another region"],
  ])("has no bucket at %s", async (location, advice) => {
    await simulate();
    await expect(s3Store(location, defaults).readState()).rejects.toThrow(advice);
    await expect(s3Store(location, defaults).writeState(aState(), '"1"')).rejects.toThrow(advice);
  });

  it("holds a damaged state, which is left as it is", async () => {
    const simulator = await simulate();
    await open().writeState(aState(), null);
    const object = simulator.objects.get("audits")?.get(STATE);
    if (object === undefined) throw new Error("the state was written");
    simulator.objects
      .get("audits")
      ?.set(STATE, { ...object, bytes: object.bytes.subarray(0, 99), checksums: {} });
    await expect(open().readState()).rejects.toThrow(
      `s3://audits/${STATE} is damaged; it was left as it is.`,
    );
    expect(await open().writeState(aState(), null)).toBe(false);
    expect(textAt(simulator, STATE)).toHaveLength(99);
  });

  it("breaks off in the middle of the state", async () => {
    await answerWith((_request, response) => {
      response.writeHead(200, { etag: '"1"', "content-length": 1_000 }).write("{");
      setTimeout(() => response.destroy(), 20);
    });
    await expect(open().readState()).rejects.toThrow(`s3://audits/${STATE} could not be read: `);
  });

  it("sends no more of what is too large to be a state", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<boolean>();
    await answerWith((_request, response) => {
      response.once("close", () => resolve(response.writableFinished));
      response.writeHead(200, { etag: '"1"', "content-length": 128 * 1024 * 1024 + 1 }).write("{");
    });
    // So patient that only who lets go of the connection closes it.
    await expect(open(clientDefaults(1, 60_000)).readState()).rejects.toThrow(
      `s3://audits/${STATE}: 134217729 bytes are more than the 134217728 that a store reads`,
    );
    expect(await closed).toBe(false);
  });

  it("answers without what makes an object", async () => {
    await answerWith((_request, response) => response.writeHead(200, { "content-length": 2 }).end("{}"));
    await expect(open().readState()).rejects.toThrow("s3:GetObject: AWS answered without ETag");
  });
});
