import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { StoreError } from "../../../src/audit/ports.ts";
import { s3Store } from "../../../src/aws/s3/store.ts";
import { sha256Of } from "../../../src/core/ids.ts";
import { renderJson } from "../../../src/formats/json.ts";
import type { Fault } from "../../simulator/faults.ts";
import { addedKey, addRegistry } from "../../support/adding.ts";
import { aReport } from "../../support/report-builders.ts";
import { aState } from "../../support/state-builders.ts";
import { answerWith, defaults, keysIn, open, STATE, setEnvironment, simulate, textAt } from "./stage.ts";

setEnvironment();

describe("the state in S3", () => {
  it("is nothing at first, and then what was written", async () => {
    const simulator = await simulate();
    expect(await open().readState()).toBeNull();
    expect(await open().writeState(aState(), null)).toBe(true);
    const etag = simulator.objects.get("audits")?.get(STATE)?.etag;
    expect(await open().readState()).toEqual({ state: aState(), version: etag });
    expect(simulator.objects.get("audits")?.get(STATE)?.contentType).toBe("application/json");
    expect(keysIn(simulator)).toEqual([STATE]);
  });

  it("is replaced only where it is still the one that was read", async () => {
    await simulate();
    const store = open();
    await store.writeState(aState({ auditId: "first" }), null);
    const version = (await store.readState())?.version ?? null;
    expect(await store.writeState(aState({ auditId: "rival" }), null)).toBe(false);
    expect(await store.writeState(aState({ auditId: "second" }), version)).toBe(true);
    expect(await store.writeState(aState({ auditId: "third" }), version)).toBe(false);
    expect((await store.readState())?.state.auditId).toBe("second");
  });

  it("is not created again after it was deleted", async () => {
    const simulator = await simulate();
    await open().writeState(aState(), null);
    const version = (await open().readState())?.version ?? null;
    simulator.objects.get("audits")?.delete(STATE);
    expect(await open().writeState(aState(), version)).toBe(false);
    expect(keysIn(simulator)).toEqual([]);
  });

  it("loses nothing when many write at once", async () => {
    await simulate();
    const names = Array.from({ length: 8 }, (_, index) => addedKey(1, index));
    const conflicts = await Promise.all(names.map((name) => addRegistry(open(), name)));
    expect(Object.keys((await open().readState())?.state.registries ?? {}).toSorted()).toEqual(names);
    expect(conflicts.some((count) => count > 0)).toBe(true);
  });

  it("is not written where another write is under way", async () => {
    const simulator = await simulate({
      on: { operation: "PutObject" },
      effect: { kind: "refuse", code: "ConditionalRequestConflict", message: "Conflict", status: 409 },
      times: 1,
    });
    expect(await open().writeState(aState(), null)).toBe(false);
    expect(keysIn(simulator)).toEqual([]);
    expect(await open().writeState(aState(), null)).toBe(true);
  });

  it("is known to be written when the answer was lost and the second attempt met the first", async () => {
    let stored: string | null = null;
    const attempts: string[] = [];
    await answerWith(async (request, response) => {
      attempts.push(`${request.method} ${request.headers["if-none-match"] ?? ""}`);
      if (request.method === "GET") return response.setHeader("etag", '"1"').end(stored);
      if (stored !== null)
        return response.writeHead(412).end("<Error><Code>PreconditionFailed</Code></Error>");
      stored = await text(request);
      return request.socket.destroy();
    });
    expect(await open().writeState(aState(), null)).toBe(true);
    expect(attempts).toEqual(["PUT *", "PUT *", "GET "]);
  });

  it("is found in another region", async () => {
    const regions: (string | undefined)[] = [];
    await answerWith(({ headers }, response) => {
      regions.push(/\/([a-z0-9-]+)\/s3\/aws4_request/.exec(headers.authorization ?? "")?.[1]);
      if (regions.at(-1) === "eu-central-1")
        return response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
      return response
        .writeHead(301, { "x-amz-bucket-region": "eu-central-1" })
        .end("<Error><Code>PermanentRedirect</Code></Error>");
    });
    expect(await open().readState()).toBeNull();
    expect(regions).toEqual(["eu-west-1", "eu-central-1"]);
  });
});

describe("a location", () => {
  it.each([
    ["s3://audits", "s3://audits", "state.json"],
    ["s3://audits/", "s3://audits", "state.json"],
    ["s3://audits/nightly//", "s3://audits/nightly", "nightly/state.json"],
    ["s3://audits/a b/100%25/ü", "s3://audits/a b/100%25/ü", "a b/100%25/ü/state.json"],
  ])("%s is taken as it is written", async (location, name, key) => {
    const simulator = await simulate();
    const store = s3Store(location, defaults);
    expect(store.name).toBe(name);
    await store.writeState(aState(), null);
    expect(keysIn(simulator)).toEqual([key]);
  });

  it.each(["s3://", "s3:///nightly", "https://audits/nightly", "audits"])("%s is none", (location) => {
    expect(() => s3Store(location, defaults)).toThrow(StoreError);
    expect(() => s3Store(location, defaults)).toThrow(`${location} is not a location in S3`);
  });
});

describe("reports in S3", () => {
  const report = aReport();
  const folder = `nightly/audits/2026/11/20/${report.auditId}`;
  const files = [{ name: "report.html", contentType: "text/html", text: "<p>é" }];

  it("are stored by day and audit, next to the other rendered files", async () => {
    const simulator = await simulate();
    expect(await open().keepReport(report, files)).toEqual({
      location: `s3://audits/${folder}/report.json`,
      sha256: sha256Of(renderJson(report)),
      replaced: null,
    });
    expect(keysIn(simulator)).toEqual([
      `${folder}/report.html`,
      `${folder}/report.json`,
      "nightly/latest.json",
    ]);
    expect(textAt(simulator, `${folder}/report.json`)).toBe(renderJson(report));
    expect(textAt(simulator, `${folder}/report.html`)).toBe("<p>é");
    const types = [...(simulator.objects.get("audits")?.values() ?? [])].map(
      ({ contentType }) => contentType,
    );
    expect(types.toSorted()).toEqual(["application/json", "application/json", "text/html"]);
  });

  it("are referenced once all of them are stored", async () => {
    const slow: Fault = {
      on: { operation: "PutObject" },
      effect: { kind: "delay", milliseconds: 100 },
      times: 2,
    };
    const simulator = await simulate(slow);
    await open().keepReport(report, files);
    const writes = simulator.calls.filter(({ operation }) => operation === "PutObject");
    const [html, json, pointer, ...others] = writes.toSorted((a, b) => a.startedAt - b.startedAt);
    expect(others).toEqual([]);
    expect(pointer?.input).toMatchObject({ Key: "nightly/latest.json" });
    expect(pointer?.startedAt).toBeGreaterThan(
      Math.max(html?.endedAt ?? Infinity, json?.endedAt ?? Infinity),
    );
    expect(JSON.parse(textAt(simulator, "nightly/latest.json") ?? "")).toEqual({
      auditId: report.auditId,
      location: `s3://audits/${folder}/report.json`,
      finishedAt: report.finishedAt,
      status: report.status,
      sha256: sha256Of(renderJson(report)),
    });
  });

  it("are not pointed at when one of them could not be kept", async () => {
    const simulator = await simulate();
    await open().keepReport(report, files);
    simulator.world.faults.push({
      on: { operation: "PutObject" },
      effect: { kind: "deny", by: "missing-permission" },
      after: 1,
      times: 1,
    });
    await expect(open().keepReport({ ...report, auditId: "next" }, files)).rejects.toThrow(StoreError);
    expect(JSON.parse(textAt(simulator, "nightly/latest.json") ?? "")).toMatchObject({
      auditId: report.auditId,
    });
  });

  it("are read back by the audit's id, and as the latest", async () => {
    const simulator = await simulate();
    const named = aReport({ auditId: "20261120T020000Z-7f3a0001" });
    await open().keepReport(named, []);
    expect(await open().readReport(named.auditId)).toEqual(named);
    expect(await open().readReport("latest")).toEqual(named);
    expect(await open().readReport("20261120T020000Z-7f3a0002")).toBeNull();
    expect(new Set(simulator.calls.map(({ operation }) => operation))).toEqual(
      new Set(["PutObject", "GetObject"]),
    );
  });

  it("are locked with the files beside them if a lock is set, and what is overwritten is not", async () => {
    const simulator = await simulate();
    const store = s3Store("s3://audits/nightly", defaults, {
      mode: "GOVERNANCE",
      days: 400,
      now: () => new Date(),
    });
    await expect(store.keepReport(report, files)).rejects.toThrow("Turn on Object Lock for the bucket");
    for (const { regions } of Object.values(simulator.world.accounts)) {
      for (const region of Object.values(regions)) region.lockedBuckets = region.buckets;
    }
    await store.keepReport(report, files);
    await store.writeState(aState(), null);
    const locks = [...(simulator.objects.get("audits") ?? [])].map(([key, { lock }]) => {
      const days =
        lock === undefined ? null : Math.round((Date.parse(lock.retainUntil) - Date.now()) / 86_400_000);
      return [key.replace(/^.*\//, ""), lock?.mode, days];
    });
    expect(locks.toSorted()).toEqual([
      ["latest.json", undefined, null],
      ["report.html", "GOVERNANCE", 400],
      ["report.json", "GOVERNANCE", 400],
      ["state.json", undefined, null],
    ]);
  });

  it("replace the pointer of the audit before", async () => {
    const simulator = await simulate();
    await open().keepReport(report, []);
    await open().keepReport({ ...report, auditId: "next" }, []);
    expect(JSON.parse(textAt(simulator, "nightly/latest.json") ?? "")).toMatchObject({ auditId: "next" });
    expect(keysIn(simulator)).toHaveLength(3);
  });
});
