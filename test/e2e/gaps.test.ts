import { describe, expect, it } from "vitest";
import type { CoverageGap } from "../../src/schemas/report.ts";
import { denyingPolicies } from "../simulator/denial.ts";
import type { Effect, Fault } from "../simulator/faults.ts";
import type { World } from "../simulator/world.ts";
import {
  allSeen,
  answersOf,
  BYSTANDER,
  figuresOf,
  HUB,
  MEMBER,
  NOTIFIERS,
  smallWorld,
} from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const LIST = "DescribePullThroughCacheRules";
const VALIDATE = "ValidatePullThroughCacheRule";
const MEMBER_ROLE = `arn:aws:iam::${MEMBER}:role/pull-through-auditor`;

const denied: Effect = { kind: "deny", by: "missing-permission" };
const deniedByScp: Effect = { kind: "deny", by: "service-control-policy" };
const badGateway: Effect = { kind: "internal-failure", status: 502 };

/** The trouble of one of the member's calls, for as long as the audit lasts. */
function at(operation: string, effect: Effect): World {
  return smallWorld({ faults: [{ on: { operation, account: MEMBER }, effect }] });
}

type Trouble = {
  readonly when: string;
  readonly world: World;
  readonly reason: CoverageGap["reason"];
  readonly detail: string;
  /** How often the call is made that is in trouble. */
  readonly attempts: number | "until patience ends";
};

/** Settings with which calls that are throttled for good are soon given up. */
const impatient = { AUDIT_REQUEST_TIMEOUT_SECONDS: "1" };

/** Whether calls were sent as often as is right, each of `calls`. */
function expectAttempts(sent: readonly unknown[], attempts: Trouble["attempts"], calls = 1): void {
  if (attempts === "until patience ends") expect(sent.length).toBeGreaterThan(calls);
  else expect(sent).toHaveLength(attempts * calls);
}

const stsNotActivated = {
  kind: "refuse",
  code: "RegionDisabledException",
  message: "STS is not activated in this region for account:444455556666.",
  status: 403,
} as const;

/** The reason for a call that a kind of policy denies; of AssumeRole, for the last two. */
const reasonByPolicy = {
  "service-control-policy": "denied-by-scp",
  "resource-control-policy": "denied-by-rcp",
  "vpc-endpoint-policy": "denied-by-vpc-endpoint-policy",
  "permissions-boundary": "denied-by-permissions-boundary",
  "session-policy": "denied-by-session-policy",
  "identity-policy": "access-denied",
  "resource-policy": "role-not-assumable",
  "trust-policy": "role-not-assumable",
} as const;

const assumeRole: readonly Trouble[] = [
  {
    when: "the role is not deployed",
    world: smallWorld({ member: { role: "none" } }),
    reason: "role-not-assumable",
    detail: `${MEMBER_ROLE} could not be assumed: AccessDenied`,
    attempts: 1,
  },
  {
    when: "assuming it is denied by an SCP",
    world: at("AssumeRole", deniedByScp),
    reason: "denied-by-scp",
    detail: "explicit deny in a service control policy",
    attempts: 1,
  },
  {
    when: "the STS endpoint of the hub's region is not activated in the account, nor is another one",
    world: at("AssumeRole", stsNotActivated),
    reason: "sts-not-activated",
    detail: "STS is not activated in this region",
    attempts: 2,
  },
  {
    when: "the account is not ready yet",
    world: at("AssumeRole", { ...stsNotActivated, code: "OptInRequired" }),
    reason: "account-not-ready",
    detail: "OptInRequired",
    attempts: 1,
  },
  ...denyingPolicies.map((by) => ({
    when: `assuming it is denied by a ${by}`,
    world: at("AssumeRole", { kind: "deny", by, how: "implicitly" }),
    reason: reasonByPolicy[by],
    detail: "allows the sts:AssumeRole action",
    attempts: 1,
  })),
  {
    when: "STS throttles for good",
    world: at("AssumeRole", { kind: "throttle" }),
    reason: "throttled",
    detail: "Rate exceeded",
    attempts: "until patience ends",
  },
  {
    when: "STS fails for good",
    world: at("AssumeRole", badGateway),
    reason: "service-error",
    detail: "internal error",
    attempts: 4,
  },
];

const ofAnyCall: readonly (Omit<Trouble, "world"> & { readonly effect: Effect })[] = [
  {
    when: "access is denied",
    effect: denied,
    reason: "access-denied",
    detail: "is not authorized",
    attempts: 1,
  },
  {
    when: "an SCP denies it",
    effect: deniedByScp,
    reason: "denied-by-scp",
    detail: "explicit deny in a service control policy",
    attempts: 1,
  },
  ...denyingPolicies
    .filter((by) => by !== "trust-policy")
    .map((by) => ({
      when: `a ${by} denies it, with the policy's ARN`,
      effect: { kind: "deny", by, how: "implicitly", policyArn: "arn:aws:iam::1:policy/p" } as const,
      reason: by === "resource-policy" ? "access-denied" : reasonByPolicy[by],
      detail: "arn:aws:iam::1:policy/p",
      attempts: 1,
    })),
  {
    when: "the account is not ready yet",
    effect: { kind: "refuse", code: "SubscriptionRequiredException", message: "not yet", status: 400 },
    reason: "account-not-ready",
    detail: "SubscriptionRequiredException",
    attempts: 1,
  },
  {
    when: "the session has ended all the same",
    effect: { kind: "expire-credentials" },
    reason: "service-error",
    detail: `the session of ${MEMBER_ROLE} was revoked, and so was the session that replaced it`,
    attempts: 2,
  },
  {
    when: "the region takes no tokens of the account",
    effect: { kind: "reject-credentials" },
    reason: "region-disabled",
    detail: `AWS does not accept the session of ${MEMBER_ROLE}, nor the session that replaced it`,
    attempts: 2,
  },
  {
    when: "it is throttled for good",
    effect: { kind: "throttle" },
    reason: "throttled",
    detail: "Rate exceeded",
    attempts: "until patience ends",
  },
  {
    when: "ECR fails for good",
    effect: badGateway,
    reason: "service-error",
    detail: "internal error",
    attempts: 4,
  },
  {
    // The SDK's transport counts a cut connection as a timeout: no answer came, and AWS said nothing.
    when: "the connection is always cut",
    effect: { kind: "reset-connection" },
    reason: "timeout",
    detail: "ECONNRESET",
    attempts: 4,
  },
  {
    when: "ECR answers what nobody knows",
    effect: { kind: "refuse", code: "TeapotException", message: "I'm a teapot", status: 418 },
    reason: "service-error",
    detail: "TeapotException: I'm a teapot",
    attempts: 1,
  },
];

describe.each([
  { call: "the role's session", operation: "AssumeRole", iam: "sts:AssumeRole", troubles: assumeRole },
  {
    call: "the list of rules",
    operation: LIST,
    iam: `ecr:${LIST}`,
    troubles: ofAnyCall.map((trouble) => ({ ...trouble, world: at(LIST, trouble.effect) })),
  },
])("a registry is unreachable for want of $call", ({ operation, iam, troubles }) => {
  it.each(troubles)("when $when", async ({ world, reason, detail, attempts }) => {
    await using stage = await setStage(world, {
      environment: attempts === "until patience ends" ? impatient : {},
    });
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual({ planned: 3, audited: 2, partial: 0, unreachable: 1, excluded: 0 });
    expect(report.coverage.gaps).toEqual([
      {
        account: MEMBER,
        accountName: `account-${MEMBER}`,
        region: "us-east-1",
        state: "unreachable",
        reason,
        operation: iam,
        detail: expect.stringContaining(detail),
        prefixes: [],
      },
    ]);
    expect(report.status).toBe("incomplete");
    expect(answersOf(report, MEMBER)).toEqual({ "*": "UNKNOWN" });
    expect(answersOf(report, BYSTANDER)).toEqual({ "ecr-public": "PASS" });
    expect(report.summary.findings.FAIL).toBe(0);
    expectAttempts(
      stage.callsOf(operation).filter((call) => isAbout(call.input, call.account)),
      attempts,
    );
  });
});

/** Whether a call is the member's, or asks for the member's role. */
function isAbout(input: unknown, account: string): boolean {
  return account === MEMBER || JSON.stringify(input)?.includes(MEMBER_ROLE) === true;
}

describe("a registry is seen in part for want of validations", () => {
  it.each(ofAnyCall)("when $when", async ({ effect, reason, detail, attempts }) => {
    await using stage = await setStage(at(VALIDATE, effect), {
      environment: { ...NOTIFIERS, ...(attempts === "until patience ends" ? impatient : {}) },
    });
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual({ planned: 3, audited: 2, partial: 1, unreachable: 0, excluded: 0 });
    expect(report.coverage.gaps).toMatchObject([
      {
        account: MEMBER,
        region: "us-east-1",
        state: "partial",
        reason,
        operation: `ecr:${VALIDATE}`,
        detail: expect.stringContaining(detail),
        prefixes: ["docker-hub", "quay"],
      },
    ]);
    expect(report.status).toBe("incomplete");
    expect(answersOf(report, MEMBER)).toEqual({ "docker-hub": "UNKNOWN", quay: "UNKNOWN" });
    expect(answersOf(report, MEMBER, "allowed-upstream")).toEqual({ "docker-hub": "PASS", quay: "PASS" });
    expectAttempts(
      stage.callsOf(VALIDATE).filter((call) => call.account === MEMBER),
      attempts,
      2,
    );
  });

  it("and a digest is delivered, although nothing fails", async () => {
    await using stage = await setStage(at(VALIDATE, denied), { environment: NOTIFIERS });
    await stage.deliverReport();
    expect(stage.simulator.published).toHaveLength(1);
    expect(stage.simulator.published[0]?.messages["email"]).toContain(`ecr:${VALIDATE}`);
  });

  it("of one rule alone, when the others are answered", async () => {
    const onQuay: Fault = { on: { operation: VALIDATE, prefix: "quay" }, effect: denied };
    await using stage = await setStage(smallWorld({ faults: [onQuay] }));
    const report = await stage.audit();
    expect(answersOf(report, MEMBER)).toEqual({ "docker-hub": "PASS", quay: "UNKNOWN" });
    expect(report.coverage.gaps.map(({ prefixes }) => prefixes)).toEqual([["quay"]]);
  });
});

describe("a trouble that passes leaves no gap", () => {
  it.each([
    ["throttling", { kind: "throttle" }],
    ["a burst of 500", { kind: "internal-failure", status: 500 }],
    ["a burst of 503", { kind: "internal-failure", status: 503 }],
    ["connections that are cut", { kind: "reset-connection" }],
  ] as const)("%s", async (_trouble, effect) => {
    const everyCall = [LIST, VALIDATE, "AssumeRole", "ListAccounts", "GetCallerIdentity"];
    const faults = everyCall.map((operation) => ({ on: { operation }, effect, times: 3 }));
    await using stage = await setStage(smallWorld({ faults }));
    const report = await stage.audit();
    expect(figuresOf(report)).toEqual(allSeen(3));
    expect(report.status).toBe("compliant");
    const troubled = stage.simulator.calls.filter((call) => call.httpStatus !== 200);
    expect(troubled).toHaveLength(faults.length * 3);
  });

  it("throttling of a registry that answers only so many calls a second", async () => {
    await using stage = await setStage({
      ...smallWorld(),
      throttles: [{ on: { service: "ecr", account: HUB }, ratePerSecond: 500, burst: 1 }],
    });
    expect(figuresOf(await stage.audit())).toEqual(allSeen(3));
  });
});

describe("a call that is never answered", () => {
  /** What hangs is waited for four times; nothing else is to take so long four times, however busy the machine is. */
  const hasty = { AUDIT_REQUEST_TIMEOUT_SECONDS: "1" };

  it.each([
    [LIST, { audited: 2, partial: 0, unreachable: 1 }],
    [VALIDATE, { audited: 2, partial: 1, unreachable: 0 }],
  ])("times out, and the others are done: %s", async (operation, figures) => {
    await using stage = await setStage(at(operation, { kind: "hang" }), {
      environment: hasty,
    });
    const report = await stage.audit();
    expect(figuresOf(report)).toMatchObject(figures);
    expect(report.coverage.gaps).toMatchObject([
      {
        account: MEMBER,
        reason: "timeout",
        operation: `ecr:${operation}`,
        detail: expect.stringContaining("Timeout"),
      },
    ]);
    expect(answersOf(report, HUB)).toEqual({ k8s: "PASS" });
    expect(answersOf(report, BYSTANDER)).toEqual({ "ecr-public": "PASS" });
  });

  it("is asked again, and may be answered then", async () => {
    const once: Fault = { on: { operation: LIST, account: MEMBER }, effect: { kind: "hang" }, times: 1 };
    await using stage = await setStage(smallWorld({ faults: [once] }), {
      // Nothing else may take so long even once.
      environment: { AUDIT_REQUEST_TIMEOUT_SECONDS: "4" },
    });
    expect(figuresOf(await stage.audit())).toEqual(allSeen(3));
    expect(stage.callsOf(LIST)).toHaveLength(4);
  });

  it("of STS leaves the member's registry unseen", async () => {
    await using stage = await setStage(at("AssumeRole", { kind: "hang" }), {
      environment: hasty,
    });
    const report = await stage.audit();
    expect(report.coverage.gaps).toMatchObject([
      { account: MEMBER, state: "unreachable", reason: "timeout", operation: "sts:AssumeRole" },
    ]);
    expect(figuresOf(report)).toMatchObject({ audited: 2, unreachable: 1 });
  });
});
