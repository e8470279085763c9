import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/schemas/report.ts";
import { connectionTo } from "../simulator/connection.ts";
import type { Fault } from "../simulator/faults.ts";
import type { World } from "../simulator/world.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { BUS, findingOn, HUB, MEMBER, NOTIFIERS, TOPIC } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const BUCKET = "audits";
const environment = { ...NOTIFIERS, AUDIT_STORE: `s3://${BUCKET}/nightly` };
const HOME = "us-east-1";

/** The hub with its notifiers and store, and a member with two rules that work. */
function anOrganization(): World {
  const notifiers = {
    topics: [{ name: "pull-through-audit", publishers: [] }],
    eventBuses: [BUS],
    buckets: [BUCKET],
  };
  return world({
    hub: { region: HOME },
    accounts: [
      account(HUB, { regions: { [HOME]: registry([], notifiers) } }),
      account(MEMBER, {
        regions: { [HOME]: registry([rule("docker-hub", "docker-hub"), rule("quay", "quay")]) },
      }),
    ],
  });
}

function regionOf({ simulator }: Stage) {
  const region = simulator.world.accounts[MEMBER]?.regions[HOME];
  if (region === undefined) throw new Error("the member has a registry");
  return region;
}

function setLogin(stage: Stage, login: "accepted" | "rejected"): void {
  for (const secret of regionOf(stage).secrets) secret.login = login;
}

/** What was delivered since the last call: e-mail subjects and events. */
function newsOf({ simulator }: Stage) {
  const digests = simulator.published.splice(0).map(({ subject }) => subject);
  const events = simulator.events.splice(0).map(({ detailType, detail }) => ({
    kind: detailType.replace("Pull Through Cache ", ""),
    transition: Object(detail)["transition"],
    change: Object(Object(detail)["drift"])["change"],
    eventId: String(Object(detail)["eventId"]),
  }));
  return { digests: digests.length, events };
}

function textIn({ simulator }: Stage, key: string): string {
  const object = simulator.objects.get(BUCKET)?.get(key);
  if (object === undefined) throw new Error(`${key} is not in the bucket`);
  return new TextDecoder().decode(object.bytes);
}

const done = {
  kind: "Audit Completed",
  transition: undefined,
  change: undefined,
  eventId: expect.any(String),
};
const about = (transition: string) => ({ ...done, kind: "Finding", transition });
const drifted = (change: string) => ({ ...done, kind: "Rule Drift", change });

describe("night after night", () => {
  it("one digest reports what opened, and one what was resolved", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    setLogin(stage, "rejected");
    await stage.deliverReport();
    expect(newsOf(stage)).toEqual({ digests: 1, events: [about("opened"), done] });
    await stage.deliverReport();
    expect(newsOf(stage)).toEqual({ digests: 0, events: [done] });
    setLogin(stage, "accepted");
    await stage.deliverReport();
    expect(newsOf(stage)).toEqual({ digests: 1, events: [about("resolved"), done] });
    await stage.deliverReport();
    expect(newsOf(stage)).toEqual({ digests: 0, events: [done] });
  });

  it("the first audit is a baseline, and only the first", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    const reports = [await stage.deliverReport(), await stage.deliverReport()];
    expect(reports.map(({ baseline }) => baseline)).toEqual([true, false]);
    expect(stage.simulator.events.map(({ detail }) => Object(detail)["baseline"])).toEqual([true, false]);
  });

  it("machines hear of rules that were added, removed and modified", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    await stage.deliverReport();
    const region = regionOf(stage);
    region.rules.push(rule("ecr-public", "ecr-public"));
    await stage.deliverReport();
    region.rules.pop();
    await stage.deliverReport();
    const [first] = region.rules;
    if (first !== undefined) first.upstreamRepositoryPrefix = "library";
    await stage.deliverReport();
    const changes = newsOf(stage).events.filter(({ kind }) => kind === "Rule Drift");
    expect(changes).toEqual([drifted("added"), drifted("removed"), drifted("modified")]);
  });

  it("the store holds the state, every report, and points at the last one", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    setLogin(stage, "rejected");
    const report = await stage.deliverReport();
    const day = report.startedAt.slice(0, 10).replaceAll("-", "/");
    const key = `nightly/audits/${day}/${report.auditId}/report.json`;
    expect(JSON.parse(textIn(stage, key))).toEqual(report);
    expect(JSON.parse(textIn(stage, "nightly/latest.json"))).toMatchObject({ auditId: report.auditId });
    expect(JSON.parse(textIn(stage, "nightly/state.json"))).toMatchObject({
      product: "pull-through-auditor",
      schemaVersion: 2,
      auditId: report.auditId,
    });
    const page = key.replace(/json$/, "html");
    expect(textIn(stage, page)).toContain(report.auditId);
    const mails = stage.simulator.published.map(({ messages }) => messages["email"]);
    expect(mails).toEqual([expect.stringContaining(`\n  aws s3 cp s3://audits/${page} .\n`)]);
  });
});

describe("reports that are locked", () => {
  it("cannot be deleted, and neither can the files beside them", async () => {
    const organization = anOrganization();
    const hub = organization.accounts[HUB]?.regions[HOME];
    if (hub !== undefined) hub.lockedBuckets = hub.buckets;
    const locked = { ...environment, AUDIT_STORE_LOCK: "COMPLIANCE 400" };
    await using stage = await setStage(organization, { environment: locked });
    await stage.deliverReport();
    await stage.deliverReport();
    const s3 = new S3Client({ ...connectionTo(stage.simulator, { region: HOME }), forcePathStyle: true });
    const deletable: string[] = [];
    for (const [Key, { versionId }] of [...(stage.simulator.objects.get(BUCKET) ?? [])]) {
      const version = { Bucket: BUCKET, Key, VersionId: versionId };
      const isDeleted = await s3.send(new DeleteObjectCommand(version)).then(
        () => true,
        () => false,
      );
      if (isDeleted) deletable.push(Key);
    }
    expect(deletable.toSorted()).toEqual(["nightly/latest.json", "nightly/state.json"]);
  });
});

describe("an audit of a part", () => {
  it("resolves nothing elsewhere", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    setLogin(stage, "rejected");
    await stage.deliverReport();
    newsOf(stage);
    const narrow = await stage.deliverReport("changes", { accounts: [HUB] });
    expect(narrow.findings.filter(({ status }) => status === "FAIL")).toEqual([]);
    await stage.deliverReport("changes", { accounts: [MEMBER], prefixes: ["quay"] });
    expect(newsOf(stage)).toEqual({ digests: 0, events: [done, done] });
    expect((await stage.deliverReport()).summary.transitions).toMatchObject({ opened: 0, resolved: 0 });
  });
});

describe("an account that can no longer be seen", () => {
  it("keeps its findings as stale, and the lost coverage is reported once", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    setLogin(stage, "rejected");
    await stage.deliverReport();
    newsOf(stage);
    const faults: Fault[] = stage.simulator.world.faults;
    faults.push({
      on: { service: "ecr", account: MEMBER },
      effect: { kind: "deny", by: "missing-permission" },
    });
    const report = await stage.deliverReport();
    expect(findingOn(report, "docker-hub")).toMatchObject({
      status: "FAIL",
      stale: true,
      transition: "unchanged",
    });
    expect(report).toMatchObject({ status: "non-compliant", coverage: { dropped: true, unreachable: 1 } });
    expect(newsOf(stage)).toEqual({ digests: 1, events: [done] });
    await stage.deliverReport();
    expect(newsOf(stage).digests).toBe(0);
  });
});

describe("what breaks on the way", () => {
  const down = (service: "sns" | "events" | "s3", operation?: string): Fault => ({
    on: { service, ...(operation === undefined ? {} : { operation }) },
    effect: { kind: "deny", by: "missing-permission" },
  });

  async function brokenOnce(fault: Fault, test: (stage: Stage, message: string) => Promise<void>) {
    await using stage = await setStage(anOrganization(), { environment });
    await stage.deliverReport();
    newsOf(stage);
    setLogin(stage, "rejected");
    const { faults } = stage.simulator.world;
    faults.push(fault);
    const message = await stage.deliverReport().then(
      () => "",
      (error: Error) => error.message,
    );
    faults.splice(faults.indexOf(fault), 1);
    await test(stage, message);
  }

  it("SNS down: the digest goes out with the next audit", () =>
    brokenOnce(down("sns"), async (stage, message) => {
      expect(message).toContain(`SNS topic ${TOPIC}`);
      expect(newsOf(stage)).toEqual({ digests: 0, events: [about("opened"), done] });
      await stage.deliverReport();
      expect(newsOf(stage)).toEqual({ digests: 1, events: [done] });
    }));

  it("EventBridge down: the events go out with the next audit, under the ids they had", () =>
    brokenOnce(down("events", "PutEvents"), async (stage, message) => {
      expect(message).toContain(`event bus ${BUS}`);
      expect(newsOf(stage)).toEqual({ digests: 1, events: [] });
      await stage.deliverReport();
      expect(newsOf(stage)).toEqual({ digests: 0, events: [about("opened"), done] });
    }));

  it("EventBridge half down: what was taken is at most repeated under its id", () =>
    brokenOnce(
      {
        on: { operation: "PutEvents" },
        effect: { kind: "fail-entries", indexes: [0], code: "InternalFailure" },
      },
      async (stage, message) => {
        expect(message).toContain("InternalFailure");
        const before = newsOf(stage).events;
        await stage.deliverReport();
        const ids = [...before, ...newsOf(stage).events].filter(({ kind }) => kind === "Finding");
        expect(new Set(ids.map(({ eventId }) => eventId)).size).toBe(1);
      },
    ));

  it("the store cannot be written: alerts are delivered, and delivered again with the same ids", () =>
    brokenOnce(down("s3", "PutObject"), async (stage, message) => {
      expect(message).toContain("s3://audits/nightly");
      const before = newsOf(stage);
      expect(before).toEqual({ digests: 1, events: [about("opened"), done] });
      await stage.deliverReport();
      const after = newsOf(stage);
      expect(after.events[0]).toEqual(before.events[0]);
    }));

  it("the store cannot be read: nothing is audited, and nothing is lost", () =>
    brokenOnce(down("s3", "GetObject"), async (stage, message) => {
      expect(message).toContain("s3://audits/nightly");
      expect(newsOf(stage)).toEqual({ digests: 0, events: [] });
      await stage.deliverReport();
      expect(newsOf(stage)).toEqual({ digests: 1, events: [about("opened"), done] });
    }));
});

describe("two audits at once", () => {
  it("lose no alert, and double none but under the same id", async () => {
    await using stage = await setStage(anOrganization(), { environment });
    await stage.deliverReport();
    newsOf(stage);
    setLogin(stage, "rejected");
    const [one, other]: Report[] = await Promise.all([stage.deliverReport(), stage.deliverReport()]);
    expect(one?.auditId).not.toBe(other?.auditId);
    const opened = newsOf(stage).events.filter(({ transition }) => transition === "opened");
    expect(opened.length).toBeGreaterThan(0);
    expect(new Set(opened.map(({ eventId }) => eventId)).size).toBe(1);
    await stage.deliverReport();
    expect(newsOf(stage)).toEqual({ digests: 0, events: [done] });
  });
});
