import type { Region, Rule, World } from "../test/simulator/world.ts";
import { AUDIT_ROLE_NAME, rule } from "../test/simulator/world-builder.ts";
import { DEMO_ACCOUNTS } from "../test/simulator/worlds/demo/index.ts";

/** What a change of the organization may touch, at the time of its night. */
type Scene = {
  readonly world: World;
  readonly now: Date;
  /** A registry of Example Corp. */
  readonly registry: (account: keyof typeof DEMO_ACCOUNTS, region: string) => Region;
};

/** What happens before one night of the demo's period: in the organization, and to its audits. */
type Event = {
  /** The first night that sees it, from 1. */
  readonly night: number;
  readonly change: (scene: Scene) => void;
};

const topicIsLocked = {
  on: { service: "sns", operation: "Publish" },
  effect: { kind: "deny", by: "missing-permission" },
} as const satisfies World["faults"][number];

/**
 * What happens in Example Corp over 90 nights, in the order of nights. It has some of all that an auditor of a period
 * asks about: rules come and go, tokens are replaced, an account cannot be read for some nights, and an alert is owed.
 */
export const events: readonly Event[] = [
  { night: 3, change: (scene) => addRule(scene, "sandbox", "ap-southeast-2", rule("ROOT", "quay")) },
  { night: 5, change: (scene) => acceptLogin(scene.registry("webProd", "eu-west-1")) },
  { night: 7, change: ({ world }) => loseRole(world, DEMO_ACCOUNTS.paymentsDev) },
  { night: 9, change: (scene) => acceptLogin(scene.registry("paymentsProd", "us-east-1")) },
  { night: 11, change: ({ world }) => gainRole(world, DEMO_ACCOUNTS.paymentsDev) },
  { night: 14, change: (scene) => removeRule(scene, "sandbox", "ap-southeast-2", "ROOT") },
  { night: 17, change: (scene) => acceptLogin(scene.registry("paymentsProd", "eu-west-1")) },
  {
    night: 20,
    change: (scene) =>
      addRule(
        scene,
        "logisticsProd",
        "us-east-1",
        rule("logistics", "azure-container-registry", { upstreamRegistryUrl: "logistics.azurecr.io" }),
      ),
  },
  { night: 26, change: (scene) => restoreSecrets(scene.registry("paymentsProd", "us-east-1")) },
  { night: 33, change: (scene) => removeRule(scene, "paymentsDev", "us-east-1", "dh") },
  { night: 40, change: (scene) => closeRegistry(scene.registry("webProd", "us-east-1")) },
  { night: 44, change: (scene) => addRule(scene, "webProd", "us-east-1", rule("k8s", "k8s")) },
  { night: 44, change: ({ world }) => world.faults.push(topicIsLocked) },
  {
    night: 46,
    change: ({ world }) => {
      world.faults = world.faults.filter((fault) => fault !== topicIsLocked);
    },
  },
  { night: 52, change: ({ world }) => gainRole(world, DEMO_ACCOUNTS.acquiredGlobex) },
  { night: 57, change: (scene) => removeRule(scene, "webProd", "us-east-1", "k8s") },
  { night: 64, change: (scene) => removeRule(scene, "paymentsDev", "eu-west-1", "ROOT") },
  { night: 68, change: (scene) => renewSecrets(scene) },
  { night: 82, change: (scene) => removeRule(scene, "logisticsProd", "us-east-1", "logistics") },
];

/** The nights without an audit. */
export const missedNights: ReadonlySet<number> = new Set([37]);

/** The nights whose day an event starts a further audit, of one registry. */
export const narrowedAfter: ReadonlySet<number> = new Set([3, 20, 44]);

/** Lets everything of one night happen. */
export function changeOrganization(world: World, night: number, now: Date): void {
  const registry: Scene["registry"] = (account, region) => {
    const found = world.accounts[DEMO_ACCOUNTS[account]]?.regions[region];
    if (found === undefined) throw new Error(`The demo has no registry ${account} ${region}`);
    return found;
  };
  for (const event of events) if (event.night === night) event.change({ world, now, registry });
}

function addRule(
  scene: Scene,
  account: keyof typeof DEMO_ACCOUNTS,
  region: string,
  { ...added }: Rule,
): void {
  const at = before(scene.now, 5);
  const registry = scene.registry(account, region);
  registry.rules.push({ ...added, createdAt: at, updatedAt: at });
  if (added.credential !== undefined) {
    registry.secrets.push({ name: added.credential, createdDate: at, tags: {}, login: "accepted" });
  }
  recordCall(registry, "CreatePullThroughCacheRule", {
    account,
    region,
    prefix: added.ecrRepositoryPrefix,
    at,
  });
}

function removeRule(scene: Scene, account: keyof typeof DEMO_ACCOUNTS, region: string, prefix: string): void {
  const registry = scene.registry(account, region);
  registry.rules = registry.rules.filter(({ ecrRepositoryPrefix }) => ecrRepositoryPrefix !== prefix);
  recordCall(registry, "DeletePullThroughCacheRule", { account, region, prefix, at: before(scene.now, 7) });
}

type Call = {
  readonly account: keyof typeof DEMO_ACCOUNTS;
  readonly region: string;
  readonly prefix: string;
  readonly at: string;
};

/** Records a call as CloudTrail does. Source: CloudTrail user guide, "CloudTrail record contents", November 2026. */
function recordCall(registry: Region, eventName: string, { account, region, prefix, at }: Call): void {
  const accountId = DEMO_ACCOUNTS[account];
  const record = {
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: "AROAEXAMPLE:kim",
      arn: `arn:aws:sts::${accountId}:assumed-role/developer/kim`,
      accountId,
      sessionContext: {
        sessionIssuer: {
          type: "Role",
          principalId: "AROAEXAMPLE",
          arn: `arn:aws:iam::${accountId}:role/developer`,
          accountId,
          userName: "developer",
        },
        attributes: { creationDate: at, mfaAuthenticated: "false" },
      },
    },
    eventTime: at,
    eventSource: "ecr.amazonaws.com",
    eventName,
    awsRegion: region,
    sourceIPAddress: "203.0.113.7",
    userAgent: "aws-cli/2.31.0",
    requestParameters: { ecrRepositoryPrefix: prefix },
    responseElements: null,
    requestID: `request-${at}`,
    eventID: `event-${at}`,
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: "Management",
  };
  registry.trail = [...(registry.trail ?? []), record];
}

function before(now: Date, hours: number): string {
  return `${new Date(now.getTime() - hours * 3_600_000).toISOString().slice(0, 19)}Z`;
}

function acceptLogin({ secrets }: Region): void {
  for (const secret of secrets) secret.login = "accepted";
}

function restoreSecrets({ secrets }: Region): void {
  for (const secret of secrets) delete secret.deletedDate;
}

function renewSecrets({ world, now }: Scene): void {
  for (const { regions } of Object.values(world.accounts)) {
    for (const { secrets } of Object.values(regions)) {
      for (const secret of secrets)
        if (secret.deletedDate === undefined) secret.lastChangedDate = before(now, 9);
    }
  }
}

function closeRegistry(registry: Region): void {
  delete registry.registryPolicy;
}

function loseRole({ accounts }: World, id: string): void {
  delete accounts[id]?.role;
}

function gainRole({ accounts }: World, id: string): void {
  const account = accounts[id];
  if (account !== undefined) account.role = { name: AUDIT_ROLE_NAME, maxSessionSeconds: 43_200 };
}
