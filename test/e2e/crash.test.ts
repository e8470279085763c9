import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { World } from "../simulator/world.ts";
import { account, registry, rule, secret, world } from "../simulator/world-builder.ts";
import { auditInProcess, type Moment, type Step } from "./support/crash.ts";
import { BUS, HUB, MEMBER, NOTIFIERS } from "./support/organization.ts";
import { type Stage, setStage } from "./support/stage.ts";

const BUCKET = "audits";
const HOME = "us-east-1";
const failing = Array.from({ length: 11 }, (_nothing, index) => `team-${index}`);

/** The hub with its notifiers and store, and a member with a broken rule, and many that will break. */
function anOrganization(): World {
  const notifiers = {
    topics: [{ name: "pull-through-audit", publishers: [] }],
    eventBuses: [BUS],
    buckets: [BUCKET],
    securityHub: true,
  };
  const secrets = [secret("ecr-pullthroughcache/fixed", { login: "rejected" })];
  const rules = ["fixed", ...failing].map((prefix) => rule(prefix, "docker-hub"));
  return world({
    hub: { region: HOME },
    accounts: [
      account(HUB, { regions: { [HOME]: registry([], notifiers) } }),
      account(MEMBER, { regions: { [HOME]: registry(rules, { secrets }) } }),
    ],
  });
}

/** One rule is fixed, the others break, and one more is added. */
function turnTheTables({ simulator }: Stage): void {
  const region = simulator.world.accounts[MEMBER]?.regions[HOME];
  if (region === undefined) throw new Error("the member has a registry");
  for (const item of region.secrets) {
    item.login = item.name.endsWith("/fixed") ? "accepted" : "rejected";
  }
  region.rules.push(rule("quay", "quay"));
}

const alerts = ["added quay", "resolved fixed", ...failing.map((prefix) => `opened ${prefix}`)].toSorted();

/** The alerts of the events, each with its event ids, without the events of the audits themselves. */
function eventsIn({ simulator }: Stage): ReadonlyMap<string, ReadonlySet<string>> {
  const delivered = new Map<string, Set<string>>();
  for (const { detail } of simulator.events) {
    const { eventId, finding, drift, transition } = Object(detail);
    const about = finding ?? drift;
    if (about === undefined) continue;
    const alert = `${transition ?? drift.change} ${about.prefix}`;
    delivered.set(alert, (delivered.get(alert) ?? new Set()).add(String(eventId)));
  }
  return delivered;
}

/** The alerts of the digests' machine-readable parts, each with its digest ids. */
function digestsIn({ simulator }: Stage): ReadonlyMap<string, ReadonlySet<string>> {
  const delivered = new Map<string, Set<string>>();
  for (const { messages } of simulator.published) {
    const { findings, drift } = JSON.parse(Object(messages).default);
    for (const { eventId, transition, change, prefix } of [...findings, ...drift]) {
      if (eventId === null) continue;
      const alert = `${transition ?? change} ${prefix}`;
      delivered.set(alert, (delivered.get(alert) ?? new Set()).add(String(eventId)));
    }
  }
  return delivered;
}

/** The titles that Security Hub shows as open, by the rule they are about. */
function openInSecurityHub({ simulator }: Stage): readonly string[] {
  return simulator.securityHubFindings
    .filter(({ RecordState }) => RecordState === "ACTIVE")
    .map(({ ProductFields }) => String(Object(ProductFields).prefix))
    .toSorted();
}

const inFolder = "folder";
const delivered: readonly Step[] = [
  "events PutEvents",
  "events PutEvents 2",
  "sns Publish",
  "securityhub BatchImportFindings",
];
const stores = {
  S3: ["s3 report.json", "s3 report.html", "s3 policy.json", "s3 latest.json", ...delivered, "s3 state.json"],
  [inFolder]: [
    "folder report.json",
    "folder report.html",
    "folder policy.json",
    "folder latest.json",
    ...delivered,
    "folder state.json",
  ],
} as const satisfies Record<string, readonly Step[]>;

const moments = Object.entries(stores).flatMap(([store, steps]) =>
  steps.flatMap((step) => (["before", "after"] as const).map((when) => ({ store, when, step }))),
);

/** Audits once, changes the world, and returns the stage with the alerts that are then expected. */
async function withNews(store: string, test: (stage: Stage) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "pull-through-crash-"));
  try {
    const storage = store === inFolder ? folder : `s3://${BUCKET}/nightly`;
    await using stage = await setStage(anOrganization(), {
      environment: { ...NOTIFIERS, AUDIT_SECURITY_HUB: "true", AUDIT_STORE: storage },
    });
    await stage.deliverReport();
    stage.simulator.events.length = 0;
    stage.simulator.published.length = 0;
    turnTheTables(stage);
    await test(stage);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("an audit whose process is killed", () => {
  it.each(moments)("$when $step, with its store in $store, loses no alert", ({ store, ...moment }) =>
    withNews(store, async (stage) => {
      const { end } = await auditInProcess(stage.simulator.url, moment satisfies Moment);
      expect(end).toBe("SIGKILL");
      await stage.deliverReport();
      for (const heard of [eventsIn(stage), digestsIn(stage)]) {
        expect([...heard.keys()].toSorted()).toEqual(alerts);
        expect([...heard].filter(([, ids]) => ids.size !== 1)).toEqual([]);
      }
      expect(openInSecurityHub(stage)).toEqual(failing.toSorted());
      const { summary } = await stage.deliverReport();
      expect(summary.transitions).toEqual({ opened: 0, changed: 0, resolved: 0, reminded: 0 });
    }),
  );

  it("could be killed at no other step that leaves a trace", () =>
    withNews("S3", async (stage) => {
      const { end, steps } = await auditInProcess(stage.simulator.url, null);
      expect(end).toBe(0);
      expect(steps.toSorted()).toEqual(stores.S3.toSorted());
      expect([...eventsIn(stage).keys()].toSorted()).toEqual(alerts);
    }));
});
