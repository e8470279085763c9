import { expect, it } from "vitest";
import { DeliveryError } from "../../src/audit/deliver/deliver.ts";
import { renderText } from "../../src/formats/text/text.ts";
import { reportSchema } from "../../src/schemas/report.ts";
import type { Topic, World } from "../simulator/world.ts";
import { account, registry, rule, world } from "../simulator/world-builder.ts";
import { HUB, MEMBER, TOPIC } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const HOME = "us-east-1";
const ROUTE = `arn:aws:sns:${HOME}:${HUB}:team`;
const FOREIGN = `arn:aws:sns:${HOME}:${MEMBER}:team`;
const environment = { AUDIT_TOPIC_ARN: TOPIC, AUDIT_STORE: "s3://audits/nightly" };
const nobody = { confirmed: 0, pending: 1 };
const broken = { validation: { isValid: false, failure: "too many requests" } } as const;

/** The hub with a rule that fails, and these topics beside the usual one; the member with topics of its own. */
function anOrganization(
  digest: Partial<Topic>,
  more: readonly Topic[] = [],
  foreign: readonly Topic[] = [],
): World {
  const topics = [{ name: "pull-through-audit", publishers: [], ...digest }, ...more];
  return world({
    hub: { region: HOME },
    accounts: [
      account(HUB, {
        regions: { [HOME]: registry([rule("docker-hub", "quay", broken)], { topics, buckets: ["audits"] }) },
      }),
      account(MEMBER, { regions: { [HOME]: registry([], { topics: [...foreign] }) } }),
    ],
  });
}

function confirm({ simulator }: Stage): void {
  for (const topic of simulator.world.accounts[HUB]?.regions[HOME]?.topics ?? []) {
    topic.subscriptions = { confirmed: 1, pending: 0 };
  }
}

/** The report that the store has last. */
function storedReport({ simulator }: Stage): string {
  const reports = [...(simulator.objects.get("audits") ?? [])].filter(([key]) => key.endsWith("report.json"));
  return new TextDecoder().decode(reports.at(-1)?.[1].bytes);
}

const route = (topicArn: string) => ({
  notifications: { routes: [{ where: { prefixes: ["docker-hub"] }, topicArn }] },
});

it("a topic that nobody has confirmed gets nothing, and the baseline once somebody has", async () => {
  await using stage = await setStage(anOrganization({ subscriptions: nobody }), { environment });
  for (const _night of [1, 2]) {
    const delivered = stage.deliverReport();
    await expect(delivered).rejects.toThrow(DeliveryError);
    await expect(delivered).rejects.toThrow("nobody has confirmed a subscription of this topic");
    await expect(delivered).rejects.toMatchObject({ topicsUnheard: 1 });
  }
  expect(stage.simulator.published).toEqual([]);
  expect(JSON.parse(storedReport(stage))).toMatchObject({
    topics: [{ topicArn: TOPIC, heard: "nobody", confirmed: 0, pending: 1, note: null }],
  });
  confirm(stage);
  const report = await stage.deliverReport();
  expect(report.topics).toMatchObject([{ heard: "confirmed" }]);
  expect(stage.simulator.published.map(({ subject }) => subject)).toEqual([
    expect.stringContaining("1 high failing"),
  ]);
  await stage.deliverReport();
  expect(stage.simulator.published).toHaveLength(1);
});

it("the topic of a route is asked like any other", async () => {
  const team = { name: "team", publishers: [], subscriptions: nobody };
  await using stage = await setStage(anOrganization({}, [team]), { environment, policy: route(ROUTE) });
  await expect(stage.deliverReport()).rejects.toThrow(`SNS topic ${ROUTE}: nobody has confirmed`);
  confirm(stage);
  await stage.deliverReport();
  expect(stage.simulator.published.map(({ topicArn }) => topicArn)).toEqual([ROUTE]);
});

it("a topic of another account that may not be asked counts as heard, with a note", async () => {
  const foreign = { name: "team", publishers: [HUB], subscriptions: nobody };
  const staged = anOrganization({}, [], [foreign]);
  await using stage = await setStage(staged, { environment, policy: route(FOREIGN) });
  const report = await stage.deliverReport();
  expect(stage.simulator.published.map(({ topicArn }) => topicArn)).toEqual([FOREIGN]);
  expect(report.topics).toMatchObject([
    { topicArn: FOREIGN, heard: "not-known", note: expect.stringContaining("sns:GetTopicAttributes") },
  ]);
});

it("a topic of another account that may be asked is, and one that nobody hears is named in the report", async () => {
  const foreign = { name: "team", publishers: [HUB], readers: [HUB], subscriptions: nobody };
  const staged = anOrganization({}, [], [foreign]);
  await using stage = await setStage(staged, { environment, policy: route(FOREIGN) });
  await expect(stage.deliverReport()).rejects.toThrow("nobody has confirmed");
  const text = renderText(reportSchema.parse(JSON.parse(storedReport(stage))), { color: false, width: 120 });
  expect(text.replaceAll(/\s+/g, " ")).toContain(`nobody has confirmed a subscription: ${FOREIGN}.`);
});
