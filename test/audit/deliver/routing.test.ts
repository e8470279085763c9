import { describe, expect, it } from "vitest";
import { isWorthReporting, type Routing, shareOf, topicsOf } from "../../../src/audit/deliver/routing.ts";
import { aPolicy } from "../../support/builders.ts";
import { aFinding, aReport } from "../../support/report-builders.ts";

const TEAM = "arn:aws:sns:eu-west-1:111122223333:team";
const OTHER = "arn:aws:sns:eu-west-1:111122223333:other";
const MAIN = "arn:aws:sns:eu-west-1:111122223333:main";

type RouteInput = NonNullable<NonNullable<Parameters<typeof aPolicy>[0]>["notifications"]>;

function routingOf(notifications: RouteInput, defaultTopic: string | null = MAIN): Routing {
  return { notifications: aPolicy({ notifications }).notifications, defaultTopic };
}

const one = aFinding({
  id: "1",
  account: "111122223333",
  prefix: "docker-hub",
  check: "rule-validation",
  owner: { name: "team-payments", contact: null },
});
const two = aFinding({
  id: "2",
  account: "444455556666",
  prefix: null,
  check: "rule-quota",
  severity: "low",
});
const report = aReport({ findings: [one, two] });

function shares(routing: Routing) {
  return Object.fromEntries(
    topicsOf(routing).map((topic) => [topic, shareOf(topic, report, routing).findings.map(({ id }) => id)]),
  );
}

describe("an escalation", () => {
  it("adds what has been open for long to a second topic, and takes it from no other", () => {
    const escalate = { afterDays: 14, topicArn: OTHER };
    const routing = routingOf({ escalate });
    const aged = (openDays: number) =>
      aReport({
        findings: [
          { ...one, openDays },
          { ...two, openDays },
        ],
      });
    const idsFor = (topic: string, days: number) =>
      shareOf(topic, aged(days), routing).findings.map(({ id }) => id);
    expect(topicsOf(routing)).toEqual([MAIN, OTHER]);
    expect(idsFor(OTHER, 13)).toEqual([]);
    expect(idsFor(OTHER, 14)).toEqual(["1"]);
    expect(idsFor(MAIN, 14)).toEqual(["1", "2"]);
  });
});

describe("routes", () => {
  it("without any, everything goes to the default topic", () => {
    expect(shares(routingOf({}))).toEqual({ [MAIN]: ["1", "2"] });
  });

  it.each([
    ["account", { accounts: ["1111*"] }, ["1"]],
    ["region", { regions: ["us-*"] }, []],
    ["prefix", { prefixes: ["docker-*"] }, ["1"]],
    ["every prefix, registries as a whole included", { prefixes: ["*"] }, ["1", "2"]],
    ["check", { checks: ["rule-quota"] }, ["2"]],
    ["check and account", { checks: ["rule-quota"], accounts: ["111122223333"] }, []],
    ["owner", { owners: ["team-*"] }, ["1"]],
    ["every owner, which leaves those without one", { owners: ["*"] }, ["1"]],
    ["nothing in particular", {}, ["1", "2"]],
  ])("take findings by %s, and leave the rest to the default topic", (_name, where, taken) => {
    const rest = ["1", "2"].filter((id) => !taken.some((other) => other === id));
    expect(shares(routingOf({ routes: [{ where, topicArn: TEAM }] }))).toEqual({
      [MAIN]: rest,
      [TEAM]: taken,
    });
  });

  it("that both match a finding both get it", () => {
    const routes = [
      { where: { accounts: ["111122223333"] }, topicArn: TEAM },
      { where: { checks: ["rule-*"] }, topicArn: OTHER },
    ];
    expect(shares(routingOf({ routes }))).toEqual({ [MAIN]: [], [TEAM]: ["1"], [OTHER]: ["1", "2"] });
  });

  it("may lead to one topic, which has one share", () => {
    const routes = [
      { where: { accounts: ["111122223333"] }, topicArn: TEAM },
      { where: { accounts: ["444455556666"] }, topicArn: TEAM },
    ];
    expect(shares(routingOf({ routes }, null))).toEqual({ [TEAM]: ["1", "2"] });
  });

  it("leave out findings below the minimum severity", () => {
    expect(shares(routingOf({ minimumSeverity: "medium" }))).toEqual({ [MAIN]: ["1"] });
  });
});

describe("a topic", () => {
  const routing = routingOf({ routes: [{ where: {}, topicArn: TEAM }] });
  const news = aReport({ findings: [one] });
  const old = aReport({ findings: [aFinding({ transition: "unchanged", eventId: null })] });
  const dropped = { ...old, coverage: { ...old.coverage, dropped: true } };

  it.each([
    ["changes", "there is news", TEAM, news, true],
    ["changes", "there is none", TEAM, old, false],
    ["changes", "coverage dropped, for the default topic", MAIN, dropped, true],
    ["changes", "coverage dropped, for another", TEAM, dropped, false],
    ["always", "there is none", TEAM, old, true],
    ["never", "there is news", TEAM, news, false],
  ] as const)("is notified, as %s asks, when %s", (when, _name, topic, share, isNotified) => {
    expect(isWorthReporting(topic, share, when, routing)).toBe(isNotified);
  });
});
