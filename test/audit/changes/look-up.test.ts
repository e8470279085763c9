import { describe, expect, it } from "vitest";
import { type Changed, lookUpChanges } from "../../../src/audit/changes/look-up.ts";
import type { EvaluatedFinding } from "../../../src/audit/evaluate/collect-findings.ts";
import { type AuditRequest, wholeScope } from "../../../src/audit/plan/request.ts";
import type { TrailQuestion, TrailReader } from "../../../src/audit/ports.ts";
import type { PullThroughCacheRule } from "../../../src/ecr/rule.ts";
import { present, unreadable } from "../../../src/facts/evidence.ts";
import type { AuditState } from "../../../src/schemas/state.ts";
import { callRecord } from "../../functions/events.ts";
import { aClock, aRule, NOW } from "../../support/builders.ts";
import { aFinding } from "../../support/report-builders.ts";
import { aRecord, aState } from "../../support/state-builders.ts";

const here = { account: "111122223333", region: "eu-west-1" };
const key = "111122223333/eu-west-1";
const changedAt = "2026-11-20T01:00:00.000Z";
const lastNight = "2026-11-19T02:00:00.000Z";
const known = [aRule({ ecrRepositoryPrefix: "docker-hub" })];
const opened = { ...aFinding({ ...here, check: "registry-policy", prefix: null }), status: "FAIL" as const };

function changed(
  rules: readonly PullThroughCacheRule[],
  findings: readonly EvaluatedFinding[] = [],
): Changed {
  return {
    findings,
    auditScope: {
      wholeScope: true,
      narrowing: { accounts: null, regions: null, prefixes: null },
      inScope: () => true,
      checksLeftOut: new Set(),
      registries: new Map([[key, rules]]),
    },
    readAt: new Map([[key, NOW.toISOString()]]),
  };
}

function state(parts: Partial<AuditState> = {}): AuditState {
  return aState({
    findings: {},
    registries: { [key]: { changedAt: "2026-10-01T02:00:00.000Z", rules: known } },
    history: [aRecord({ startedAt: lastNight, wholeScope: true })],
    ...parts,
  });
}

function recordOf(eventName: string, requestParameters: unknown, parts: object = {}): string {
  const time = { eventTime: "2026-11-20T00:30:00Z" };
  return JSON.stringify({ ...callRecord(eventName, requestParameters), ...time, ...parts });
}

/** Looks up, in a trail of the pages of each call, and notes what is asked. */
async function asked(
  what: Changed,
  pages: Readonly<Record<string, readonly (readonly string[])[]>>,
  {
    earlier = state(),
    request = wholeScope("schedule"),
  }: { earlier?: AuditState | null; request?: AuditRequest } = {},
) {
  const questions: TrailQuestion[] = [];
  const trail: TrailReader = async (question) => {
    questions.push(question);
    const all = pages[question.eventName] ?? [[]];
    const index = Number(question.token ?? 0);
    return present({ records: all[index] ?? [], next: index + 1 < all.length ? String(index + 1) : null });
  };
  const found = await lookUpChanges(request, what, earlier, {
    sources: { openTrail: () => trail },
    clock: aClock(),
    hasTime: () => true,
  });
  return { questions, ids: found.changes.map(({ by }) => by?.eventId), failures: found.failures };
}

const create = "CreatePullThroughCacheRule";
const added = aRule({ ecrRepositoryPrefix: "quay", createdAt: changedAt, updatedAt: changedAt });
const ofQuay = { ecrRepositoryPrefix: "quay" };
const made = recordOf(create, ofQuay, { eventID: "it", eventTime: "2026-11-20T01:00:00Z" });

describe("looking up changes", () => {
  it("asks nothing if nothing changed, nothing is known, or only a part is audited", async () => {
    const part: AuditRequest = { ...wholeScope("event"), accounts: [here.account] };
    expect(await asked(changed(known), {})).toMatchObject({ questions: [] });
    expect(await asked(changed([...known, added]), {}, { earlier: null })).toMatchObject({ questions: [] });
    expect(await asked(changed([...known, added]), {}, { request: part })).toMatchObject({ questions: [] });
    const isNew = state({ registries: {} });
    expect(await asked(changed([added], [opened]), {}, { earlier: isNew })).toMatchObject({ questions: [] });
  });

  it("asks for the period since the last audit that read the registry", async () => {
    const { questions } = await asked(changed([...known, added]), {});
    expect(questions).toEqual(
      [create, "UpdatePullThroughCacheRule"].map((eventName) => ({
        eventName,
        since: new Date(lastNight),
        until: NOW,
        token: null,
      })),
    );
    const unread = state({
      registries: { [key]: { changedAt, rules: known, seenAt: "2026-11-12T02:00:00.000Z" } },
    });
    const later = await asked(changed([...known, added]), {}, { earlier: unread });
    expect(later.questions[0]?.since).toEqual(new Date("2026-11-12T02:00:00.000Z"));
    const longAgo = state({
      registries: { [key]: { changedAt, rules: known, seenAt: "2026-01-01T02:00:00.000Z" } },
    });
    const longest = await asked(changed([...known, added]), {}, { earlier: longAgo });
    expect(longest.questions[0]?.since).toEqual(new Date(NOW.getTime() - 90 * 86_400_000));
  });

  it.each<[string, readonly PullThroughCacheRule[], readonly string[]]>([
    ["added", [...known, added], [create, "UpdatePullThroughCacheRule"]],
    ["removed", [], ["DeletePullThroughCacheRule"]],
    ["modified", [aRule({ credentialArn: "arn:new" })], ["UpdatePullThroughCacheRule", create]],
  ])("asks for the calls by which a rule is %s", async (_change, rules, names) => {
    const { questions } = await asked(changed(rules), {});
    expect(questions.map(({ eventName }) => eventName)).toEqual(names);
  });

  it.each([
    ["registry-policy", ["PutRegistryPolicy", "DeleteRegistryPolicy"]],
    ["scan-coverage", ["PutRegistryScanningConfiguration"]],
    ["secret-health", ["PutSecretValue", "UpdateSecret", "DeleteSecret", "RestoreSecret"]],
    ["prefix-convention", []],
  ])("asks for the calls that can make %s fail", async (check, names) => {
    const { questions } = await asked(changed(known, [{ ...opened, check }]), {});
    expect(questions.map(({ eventName }) => eventName)).toEqual(names);
  });

  it("asks nothing about what was open before, passes or is unknown", async () => {
    const open = { finding: { ...opened }, open: true, toldAt: lastNight, quiet: false };
    const earlier = state({ findings: { [opened.id]: open } });
    expect((await asked(changed(known, [opened]), {}, { earlier })).questions).toEqual([]);
    for (const status of ["PASS", "UNKNOWN", "WAIVED", "NOT_APPLICABLE"] as const)
      expect((await asked(changed(known, [{ ...opened, status }]), {})).questions).toEqual([]);
  });

  it.each<[string, string]>([
    ["of another rule", recordOf(create, { ecrRepositoryPrefix: "qua" })],
    ["that failed", recordOf(create, ofQuay, { errorCode: "AccessDenied" })],
    ["in another region", recordOf(create, ofQuay, { awsRegion: "us-east-1" })],
    ["before the last audit", recordOf(create, ofQuay, { eventTime: "2026-11-18T00:00:00Z" })],
    ["after the audit read the registry", recordOf(create, ofQuay, { eventTime: "2026-11-21T00:00:00Z" })],
    ["long before the rule's last update", recordOf(create, ofQuay, { eventTime: "2026-11-20T00:30:00Z" })],
    ["of another name", recordOf("DeletePullThroughCacheRule", ofQuay)],
    ["of another service", recordOf(create, ofQuay, { eventSource: "ecs.amazonaws.com" })],
    ["by nobody", recordOf(create, ofQuay, { userIdentity: {} })],
    ["that is not JSON", "{"],
    ["that is nested too deeply", "[".repeat(100_000)],
  ])("passes over a call %s", async (_what, record) => {
    expect(await asked(changed([...known, added]), { [create]: [[record]] })).toMatchObject({ ids: [] });
    expect(await asked(changed([...known, added]), { [create]: [[record, made]] })).toMatchObject({
      ids: ["it"],
    });
  });

  it("reads on behind an empty page, ends with what it looks for, and after five pages", async () => {
    const other = recordOf(create, { ecrRepositoryPrefix: "another" });
    const ofCreate = (questions: readonly TrailQuestion[]) =>
      questions.filter(({ eventName }) => eventName === create).length;
    const behind = await asked(changed([...known, added]), { [create]: [[], [made], [other]] });
    expect(behind.ids).toEqual(["it"]);
    expect(ofCreate(behind.questions)).toBe(2);
    const endless = await asked(changed([...known, added]), { [create]: Array(9).fill([other]) });
    expect(endless.ids).toEqual([]);
    expect(ofCreate(endless.questions)).toBe(5);
  });

  it("takes the latest call on a rule, and one for each rule", async () => {
    const hub = aRule({ ecrRepositoryPrefix: "hub", createdAt: changedAt, updatedAt: changedAt });
    const ofHub = recordOf(
      create,
      { ecrRepositoryPrefix: "hub/" },
      { eventID: "hub", eventTime: "2026-11-20T01:00:00Z" },
    );
    const earlier = recordOf(create, ofQuay, { eventID: "earlier", eventTime: "2026-11-20T00:59:00Z" });
    const found = await asked(changed([...known, added, hub]), { [create]: [[made, ofHub, earlier]] });
    expect(found.ids).toEqual(["it", "hub"]);
  });

  it.each(["access-denied", "denied-by-scp", "throttled", "timeout", "deadline"] as const)(
    "says that it could not ask: %s",
    async (reason) => {
      let questions = 0;
      const refusing: TrailReader = async () => {
        questions += 1;
        return unreadable(reason, "cloudtrail:LookupEvents", "no");
      };
      const options = { sources: { openTrail: () => refusing }, clock: aClock(), hasTime: () => true };
      const what = changed([...known, added], [opened]);
      expect(await lookUpChanges(wholeScope("schedule"), what, state(), options)).toEqual({
        changes: [],
        failures: [{ ...here, reason, operation: "cloudtrail:LookupEvents", detail: "no" }],
      });
      expect(questions).toBe(1);
      const late = { ...options, hasTime: () => false };
      await lookUpChanges(wholeScope("schedule"), what, state(), late);
      expect(questions).toBe(1);
    },
  );
});
