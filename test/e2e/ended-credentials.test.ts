import { describe, expect, it } from "vitest";
import type { CoverageGap } from "../../src/schemas/report.ts";
import type { Fault, Match, SessionEnd } from "../simulator/faults.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { allSeen, figuresOf, HUB, MEMBER, NOTIFIERS, smallWorld } from "./support/organization.ts";
import { setStage } from "./support/stage.ts";

const LIST = "DescribePullThroughCacheRules";
const VALIDATE = "ValidatePullThroughCacheRule";
const memberRole = `arn:aws:iam::${MEMBER}:role/pull-through-auditor`;

/** A hub whose role publishes to all notifiers and stores the state in S3, and a member with a rule that fails. */
function anOrganization(...faults: readonly Fault[]) {
  const validation = { isValid: false, failure: "unauthorized" } as const;
  const notifiers = {
    topics: [{ name: "pull-through-audit", publishers: [] }],
    eventBuses: [NOTIFIERS.AUDIT_EVENT_BUS],
    buckets: ["audits"],
    securityHub: true,
  };
  return world({
    hub: { region: "us-east-1", principal: "role" },
    faults: [...faults],
    accounts: [
      account(HUB, { regions: { "us-east-1": registry([rule("k8s", "k8s")], notifiers) } }),
      account(MEMBER, {
        regions: {
          "us-east-1": registry([rule("quay", "quay"), rule("docker-hub", "docker-hub", { validation })]),
        },
      }),
    ],
  });
}

const staging = {
  policy: { scope: { accounts: "organization", regions: "enabled" } },
  environment: {
    ...NOTIFIERS,
    AUDIT_SECURITY_HUB: "true",
    AUDIT_STORE: "s3://audits/nightly",
    // One call at a time: only one of them finds out that the session ended.
    AUDIT_CONCURRENCY: "1",
  },
} as const;

function endsAt(on: Match, how: SessionEnd, times: Pick<Fault, "times"> = { times: 1 }): Fault {
  return { on, effect: { kind: "end-session", how }, ...times };
}

const hubCalls: readonly Match[] = [
  { service: "sts", operation: "AssumeRole" },
  { service: "organizations", operation: "ListAccounts" },
  { service: "account", operation: "ListRegions", account: HUB },
  { service: "ecr", operation: LIST, account: HUB },
  { service: "ecr", operation: VALIDATE, account: HUB },
  { service: "sns", operation: "Publish" },
  { service: "events", operation: "PutEvents" },
  { service: "securityhub", operation: "BatchImportFindings" },
  { service: "s3", operation: "GetObject" },
  { service: "s3", operation: "PutObject" },
];

describe.each(["expired", "unknown", "revoked"] as const)(
  "the hub's session ends (%s) during an audit",
  (how) => {
    it.each(hubCalls)("at $service:$operation: new credentials are read, and nothing is lost", async (on) => {
      await using stage = await setStage(anOrganization(endsAt(on, how)), {
        ...staging,
        hasNewCredentials: true,
      });
      const report = await stage.deliverReport("always");
      expect(figuresOf(report)).toEqual(allSeen(2));
      expect(report.coverage.gaps).toEqual([]);
      const { published, events, securityHubFindings } = stage.simulator;
      expect([published.length, securityHubFindings.length]).toEqual([1, 1]);
      expect(events.filter(({ detailType }) => detailType === "Pull Through Cache Finding")).toHaveLength(1);
      const refused = stage.simulator.calls.filter(({ errorMessage = "" }) =>
        /token|deny/.test(errorMessage),
      );
      const names = refused.map(({ service, operation }) => `${service}:${operation}`);
      expect(names).toContain(`${on.service}:${on.operation}`);
    });
  },
);

describe("the hub's credentials expire for good", () => {
  const expires = (on: Match): Fault => ({ on, effect: { kind: "expire-credentials" } });
  const sentence = (call: string): string =>
    `the auditor's own credentials have expired, and no newer ones were found; renew them and audit again (${call}: Expired`;

  it("before a role is assumed: the gap says so, and does not blame the role", async () => {
    await using stage = await setStage(anOrganization(expires({ operation: "AssumeRole" })), staging);
    const { coverage } = await stage.audit();
    expect(coverage.gaps).toMatchObject([
      { account: MEMBER, reason: "service-error", operation: "sts:AssumeRole" },
    ]);
    expect(detailOf(coverage.gaps)).toContain(
      `${memberRole} could not be assumed: ${sentence("sts:AssumeRole")}`,
    );
    expect(stage.callsOf("AssumeRole")).toHaveLength(2);
  });

  it.each([
    [{ service: "organizations", operation: "ListAccounts" }, "organizations:ListAccounts"],
    [{ service: "sns" }, "sns:Publish"],
    [{ service: "events", operation: "PutEvents" }, "events:PutEvents"],
    [{ service: "securityhub" }, "securityhub:BatchImportFindings"],
    [{ service: "s3", operation: "GetObject" }, "s3:GetObject"],
    [{ service: "s3", operation: "PutObject" }, "s3:PutObject"],
  ] as const)("at %o: the error says so once, and what to do", async (on, call) => {
    await using stage = await setStage(anOrganization(expires(on)), staging);
    const failure: unknown = await stage.deliverReport("always").catch((error: unknown) => error);
    expect(String(failure).split(sentence(call))).toHaveLength(2);
    expect(String(failure)).not.toMatch(/management account|s3:ListBucket/);
  });
});

describe.each(["expired", "unknown", "revoked"] as const)(
  "a member's session is ended (%s) during an audit",
  (how) => {
    it.each([LIST, VALIDATE])("at %s: the role is assumed again", async (operation) => {
      await using stage = await setStage(
        anOrganization(endsAt({ account: MEMBER, operation }, how)),
        staging,
      );
      const report = await stage.audit();
      expect(figuresOf(report)).toEqual(allSeen(2));
      expect(report.coverage.gaps).toEqual([]);
      expect(stage.callsOf("AssumeRole")).toHaveLength(2);
    });

    it("while many calls are under way: the role is assumed once more for all of them", async () => {
      const rules = Array.from({ length: 20 }, (_nothing, index) => rule(`quay-${index}`, "quay"));
      const faults = [endsAt({ account: MEMBER, operation: VALIDATE }, how)];
      const fleet = smallWorld({ rules, faults });
      await using stage = await setStage(fleet, { policy: { scope: { accounts: [MEMBER] } } });
      expect(figuresOf(await stage.audit())).toEqual(allSeen(1));
      expect(stage.callsOf("AssumeRole")).toHaveLength(2);
    });

    it("while calls wait for the only slot: the new session does not wait for them", async () => {
      const rules = Array.from({ length: 20 }, (_nothing, index) => rule(`quay-${index}`, "quay"));
      const regions = { "us-east-1": registry(rules), "eu-west-1": registry(rules) };
      const fleet = smallWorld({
        member: { regions },
        faults: [endsAt({ account: MEMBER, operation: LIST, region: "eu-west-1" }, how)],
      });
      await using stage = await setStage(fleet, {
        policy: { scope: { accounts: [MEMBER], regions: ["us-east-1", "eu-west-1"] } },
        environment: { AUDIT_CONCURRENCY: "1" },
      });
      expect(figuresOf(await stage.audit())).toEqual(allSeen(2));
      expect(stage.callsOf("AssumeRole")).toHaveLength(2);
    });
  },
);

describe("a member whose sessions are all revoked", () => {
  const gapsBy = async (how: SessionEnd) => {
    const on = { service: "ecr", account: MEMBER } as const;
    await using stage = await setStage(anOrganization(endsAt(on, how, {})), staging);
    const { coverage } = await stage.audit();
    expect(stage.callsOf("AssumeRole")).toHaveLength(2);
    return coverage.gaps;
  };
  const operation = `ecr:${LIST}`;

  it("has a sentence of its own", async () => {
    const gaps = await gapsBy("expired");
    expect(gaps).toMatchObject([{ account: MEMBER, reason: "service-error", operation }]);
    expect(detailOf(gaps)).toContain(
      `the session of ${memberRole} was revoked, and so was the session that replaced it; allow new sessions of the role and audit again (${operation}: ExpiredTokenException: `,
    );
  });

  it("has another one where a disabled region is refused in the same way", async () => {
    const gaps = await gapsBy("unknown");
    expect(gaps).toMatchObject([{ account: MEMBER, reason: "region-disabled", operation }]);
    expect(detailOf(gaps)).toContain(
      `AWS does not accept the session of ${memberRole}, nor the session that`,
    );
  });

  it("is a denial where a policy revokes them", async () => {
    const gaps = await gapsBy("revoked");
    expect(gaps).toMatchObject([{ account: MEMBER, reason: "access-denied", operation }]);
    expect(detailOf(gaps)).toContain("with an explicit deny in an identity-based policy");
  });
});

function detailOf(gaps: readonly CoverageGap[]): string {
  return gaps.map(({ detail }) => detail).join("\n");
}
