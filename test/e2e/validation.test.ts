import { describe, expect, it } from "vitest";
import type { Verdict } from "../simulator/world.ts";
import { type RuleParts, rule, type WorldParts } from "../simulator/world-builder.ts";
import { allSeen, answersOf, figuresOf, findingOn, MEMBER, smallWorld } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const VALIDATE = "ValidatePullThroughCacheRule";
const BASE = { upstreamRegistryUrl: "222233334444.dkr.ecr.us-east-1.amazonaws.com" };

const works: Verdict = { isValid: true };
const failsFor = (failure: string): Verdict => ({ isValid: false, failure });
const isGone: Verdict = { error: { code: "PullThroughCacheRuleNotFoundException", message: "It is gone." } };
const isDenied: Verdict = { error: { code: "AccessDeniedException", message: "is not authorized" } };

function dockerHub(validation: RuleParts["validation"]) {
  return smallWorld({
    rules: [rule("docker-hub", "docker-hub", validation === undefined ? {} : { validation })],
  });
}

describe("a validation", () => {
  it.each([
    { what: "that works is asked for once", says: [works], status: "PASS", calls: 1 },
    {
      what: "that fails once and then works passes",
      says: [failsFor("a hiccup"), works],
      status: "PASS",
      calls: 2,
    },
    {
      what: "that fails twice fails with the later failure, and is not asked for a third time",
      says: [failsFor("first"), failsFor("second"), works],
      status: "FAIL",
      kind: "validation-failed",
      data: { failure: "second", upstreamRegistryUrl: "registry-1.docker.io" },
      calls: 2,
    },
    {
      what: "of a rule that is deleted meanwhile does not apply",
      says: [isGone],
      status: "NOT_APPLICABLE",
      kind: "rule-deleted",
      calls: 1,
    },
    {
      what: "of a rule that is deleted after it failed does not apply",
      says: [failsFor("first"), isGone],
      status: "NOT_APPLICABLE",
      kind: "rule-deleted",
      calls: 2,
    },
  ] as const)("$what", async ({ says, calls, what: _what, ...finding }) => {
    await using stage = await setStage(dockerHub({ sequence: says }));
    const report = await stage.audit();
    expect(findingOn(report, "docker-hub")).toMatchObject(finding);
    expect(stage.callsOf(VALIDATE).filter(({ account }) => account === MEMBER)).toHaveLength(calls);
    expect(figuresOf(report)).toEqual(allSeen(3));
  });

  it("that failed and cannot be confirmed is unknown", async () => {
    await using stage = await setStage(dockerHub({ sequence: [failsFor("first"), isDenied] }));
    const report = await stage.audit();
    expect(findingOn(report, "docker-hub")).toMatchObject({ status: "UNKNOWN", kind: "evidence-unreadable" });
    expect(report.coverage.gaps).toMatchObject([{ reason: "access-denied", prefixes: ["docker-hub"] }]);
  });

  it("is confirmed only where it failed, as long after as was set", async () => {
    await using stage = await setStage(
      smallWorld({
        rules: [rule("broken", "docker-hub", { validation: failsFor("no") }), rule("quay", "quay")],
      }),
      { environment: { AUDIT_CONFIRM_AFTER_SECONDS: "0.1" } },
    );
    await stage.audit();
    const calls = stage.callsOf(VALIDATE).filter(({ account }) => account === MEMBER);
    const prefixes = calls.map(({ input }) => JSON.stringify(input)).sort();
    expect(prefixes).toEqual([
      '{"ecrRepositoryPrefix":"broken"}',
      '{"ecrRepositoryPrefix":"broken"}',
      '{"ecrRepositoryPrefix":"quay"}',
    ]);
    const [first, second] = calls.filter(({ input }) => JSON.stringify(input).includes("broken"));
    expect((second?.startedAt ?? 0) - (first?.endedAt ?? 0)).toBeGreaterThanOrEqual(95);
  });
});

describe("a secret", () => {
  it.each([
    ["that is gone", {}, "could not be found"],
    ["that the upstream rejects", { login: "rejected" as const }, "unauthorized"],
    ["of the wrong shape", { login: "wrong-shape" as const }, "accessToken"],
    ["being deleted", { deletedDate: "2026-11-01T00:00:00.000Z" }, "scheduled for deletion"],
    ["under a customer's key", { kmsKeyId: "alias/own" }, "Customer managed keys"],
  ])("%s fails its rule", async (which, parts, words) => {
    const world = dockerHub(undefined);
    const region = world.accounts[MEMBER]?.regions["us-east-1"];
    if (region === undefined) throw new Error("The member has a registry.");
    region.secrets = which === "that is gone" ? [] : region.secrets.map((one) => ({ ...one, ...parts }));
    await using stage = await setStage(world);
    const finding = findingOn(await stage.audit(), "docker-hub");
    expect(finding).toMatchObject({ status: "FAIL", data: { failure: expect.stringContaining(words) } });
    expect(finding.message).toContain(words);
  });
});

type Habits = NonNullable<WorldParts["validation"]>;

describe("a rule that AWS declines to validate", () => {
  it.each([
    [
      "without a credential",
      rule("quay", "quay"),
      { credentialless: "InvalidParameterException" },
      "NOT_APPLICABLE",
    ],
    [
      "without a credential",
      rule("quay", "quay"),
      { credentialless: "ValidationException" },
      "NOT_APPLICABLE",
    ],
    [
      "from ECR to ECR",
      rule("base", "ecr", { ...BASE, role: "ecr-pull" }),
      { ecrToEcr: "InvalidParameterException" },
      "UNKNOWN",
    ],
    ["from ECR to ECR", rule("base", "ecr", BASE), { ecrToEcr: "ValidationException" }, "UNKNOWN"],
    [
      "with a credential",
      rule("docker-hub", "docker-hub", {
        validation: { error: { code: "ValidationException", message: "no" } },
      }),
      {},
      "UNKNOWN",
    ],
  ] as const)("%s (%#)", async (_which, declined, validation: Habits, status) => {
    await using stage = await setStage(smallWorld({ rules: [declined], validation }));
    const report = await stage.audit();
    expect(findingOn(report, declined.ecrRepositoryPrefix)).toMatchObject({
      status,
      kind: "validation-declined",
    });
    expect(report.coverage.gaps).toEqual([]);
    expect(figuresOf(report)).toEqual(allSeen(3));
    expect(stage.callsOf(VALIDATE).filter(({ account }) => account === MEMBER)).toHaveLength(1);
    expect(answersOf(report, MEMBER, "allowed-upstream")).toEqual({ [declined.ecrRepositoryPrefix]: "PASS" });
  });
});
